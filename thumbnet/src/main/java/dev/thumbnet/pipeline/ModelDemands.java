package dev.thumbnet.pipeline;

import dev.thumbnet.engine.Autograd;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.plan.Cost;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.DownscalerNet;
import dev.thumbnet.model.Reduction;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a model asks of the machine, found out from its networks on the meta device: whether they
 * take pictures of its size, and how much memory its weights and one picture need.
 *
 * @param metadata names file and values
 * @param shown how a picture is brought before it
 * @param downscaler null if it takes full pictures
 * @param classifier null if only thumbnails are made
 */
record ModelDemands(
    ModelMetadata metadata,
    Preprocessing shown,
    @Nullable DownscalerNet downscaler,
    @Nullable Classifier classifier) {
  /** Weights are in memory twice, while they are read and while they are compiled. */
  private static final int COPIES = 2;

  /** The picture in 8 bits, cut out, as floats, and once more as a plan's input. */
  private static final int PICTURE_COPIES = 3;

  /** The largest result, and what it is made of. */
  private static final int RESULTS = 2;

  /**
   * Checks them.
   *
   * @throws ModelException if a network does not take its input, or the heap cannot hold them
   */
  void check() {
    if (!Autograd.enabled()) {
      return; // nothing can be traced within noGrad(), nor compiled
    }
    int size = shown.size();
    long largest = 0;
    int side = size;
    if (downscaler != null) {
      Cost cost = cost(downscaler, size);
      Reduction reduction = downscaler.reduction();
      side = reduction.reduce(size);
      if (side < 1 || !cost.output().equals(Shape.of(1, side, side, 3))) {
        throw metadata.wrong("size", "a multiple of " + reduction.from());
      }
      largest = cost.largestActivation();
    }
    if (classifier != null) {
      largest = Math.max(largest, cost(classifier, side).largestActivation());
    }
    long pixels = 3L * size * size;
    long elements = COPIES * weights() + RESULTS * largest + PICTURE_COPIES * pixels;
    long heap = Runtime.getRuntime().maxMemory();
    if (Float.BYTES * elements > heap) {
      throw new ModelException(
          metadata.file()
              + ": its weights and one picture of \"size\" "
              + size
              + " take "
              + megabytes(Float.BYTES * elements)
              + " MB, but the heap of this JVM has at most "
              + megabytes(heap)
              + "; raise -Xmx");
    }
  }

  private Cost cost(Module network, int side) {
    try {
      network.eval();
      return Cost.of(network, Shape.of(1, side, side, 3));
    } catch (IllegalArgumentException e) {
      throw metadata.wrong("size", "one that its network takes (" + e.getMessage() + ")");
    }
  }

  private long weights() {
    ToLongFunction<Module> count =
        m -> m.state().tensors().values().stream().mapToLong(t -> t.size()).sum();
    return Stream.<@Nullable Module>of(downscaler, classifier)
        .mapToLong(m -> m == null ? 0 : count.applyAsLong(m))
        .sum();
  }

  private static long megabytes(long bytes) {
    return bytes / 1_000_000;
  }
}
