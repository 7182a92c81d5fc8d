package dev.thumbnet.engine.nn;

import dev.thumbnet.engine.Autograd;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.TensorScope;
import java.util.Iterator;
import java.util.List;

/**
 * Estimates the running statistics of batch normalisation anew, for weights or inputs that changed
 * without training: averaged weights, or pictures of another size.
 */
public final class BatchNormStatistics {
  private BatchNormStatistics() {}

  /**
   * Resets the statistics of every {@link BatchNorm2d} in a model that is not frozen and sets them
   * to the plain average over the batches. Other layers run in evaluation mode; afterwards every
   * module is in the mode it was in.
   *
   * @param model is run on each batch, without gradients
   * @param batches inputs; what the iterator allocates for one batch is released after it
   * @throws IllegalArgumentException if there are no batches
   */
  public static void reestimate(Module model, Iterable<Tensor> batches) {
    Iterator<Tensor> iterator = batches.iterator();
    if (!iterator.hasNext()) {
      throw new IllegalArgumentException("there are no batches to estimate statistics from");
    }
    List<Module> modules = model.modules();
    List<Boolean> modes = modules.stream().map(Module::training).toList();
    try {
      for (Module module : modules) {
        module.training(module instanceof BatchNorm2d && !module.frozen());
        if (module instanceof BatchNorm2d norm && !norm.frozen()) {
          norm.resetStatistics();
          norm.cumulative(true);
        }
      }
      run(model, iterator);
    } finally {
      for (int i = 0; i < modules.size(); i++) {
        modules.get(i).training(modes.get(i));
        if (modules.get(i) instanceof BatchNorm2d norm) {
          norm.cumulative(false);
        }
      }
    }
  }

  private static void run(Module model, Iterator<Tensor> batches) {
    try (var _ = Autograd.noGrad()) {
      while (batches.hasNext()) {
        try (var _ = new TensorScope()) {
          model.forward(batches.next());
        }
      }
    }
  }
}
