package dev.thumbnet.bench.gpu;

import dev.thumbnet.bench.Noise;
import dev.thumbnet.bench.harness.Effort;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.Backend;
import dev.thumbnet.engine.backend.Storage;
import dev.thumbnet.engine.backend.problem.BatchNormProblem;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.op.trace.Action;
import dev.thumbnet.engine.op.trace.Trace;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.Models;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The convolutions and normalisations of a network one by one, forward and backward as in training:
 * each shape once. Operands have the type that convolutions write.
 */
final class GpuLayers {
  /** Channels of what operands are made from. */
  private static final int SEED_CHANNELS = 8;

  private final Backend backend;
  private final Effort effort;
  private final BiConsumer<String, Double> result;

  /**
   * @param result takes the name of each layer and direction, and its milliseconds
   */
  private GpuLayers(Device device, Effort effort, BiConsumer<String, Double> result) {
    this.backend = device.backend();
    this.effort = effort;
    this.result = result;
  }

  /** Measures all; returns the number of parameters of the network. */
  static long measure(
      Device device, GpuCase what, Effort effort, BiConsumer<String, Double> result) {
    Module module = Models.classifier(Architecture.of(what.network(), 1000), device, new Rng(1));
    module.eval();
    Set<Conv2dProblem> convolutions = new LinkedHashSet<>();
    Set<Shape> normalised = new LinkedHashSet<>();
    Shape pictures = Shape.of(what.batch(), what.size(), what.size(), 3);
    for (Trace.Step step :
        Trace.of(module::forward, Tensor.placeholder(device, pictures)).steps()) {
      if (step.action() instanceof Action.Conv2d(Conv2dProblem problem)) {
        convolutions.add(problem);
      } else if (step.action() instanceof Action.BatchNorm) {
        normalised.add(step.result().shape());
      }
    }
    GpuLayers layers = new GpuLayers(device, effort, result);
    convolutions.forEach(layers::convolution);
    normalised.forEach(layers::normalisation);
    return module.parameterCount();
  }

  private void convolution(Conv2dProblem p) {
    Storage x = map(p.n(), p.h(), p.w(), p.c());
    Storage dy = map(p.n(), p.outH(), p.outW(), p.k());
    Storage weight = Noise.storage(backend, p.weightSize());
    Storage y = backend.allocate(p.outputSize());
    Storage dx = backend.allocate(p.inputSize());
    Storage dWeight = backend.allocate(p.weightSize());
    time(p + " forward", y, () -> backend.conv2d(p, x, weight, null, y));
    if (p.c() > 3) { // pictures need no gradient
      time(p + " data", dx, () -> backend.conv2dBackwardData(p, dy, weight, dx));
    }
    time(p + " weights", dWeight, () -> backend.conv2dBackwardWeights(p, x, dy, dWeight));
    release(x, dy, weight, y, dx, dWeight);
  }

  private void normalisation(Shape shape) {
    int channels = shape.dim(3);
    BatchNormProblem p = new BatchNormProblem(shape.size() / channels, channels, 1e-5, true);
    Storage x = map(shape.dim(0), shape.dim(1), shape.dim(2), channels);
    Storage dy = map(shape.dim(0), shape.dim(1), shape.dim(2), channels);
    Storage gamma = Noise.storage(backend, channels);
    Storage beta = Noise.storage(backend, channels);
    Storage mean = backend.allocate(channels);
    Storage variance = backend.allocate(channels);
    Storage y = backend.allocate(p.size());
    Storage dx = backend.allocate(p.size());
    Storage dGamma = backend.allocate(channels);
    Storage dBeta = backend.allocate(channels);
    String name =
        String.format("norm n%d h%d w%d c%d", shape.dim(0), shape.dim(1), shape.dim(2), channels);
    time(name + " forward", y, () -> backend.batchNormTrain(p, x, gamma, beta, mean, variance, y));
    time(
        name + " backward",
        dx,
        () ->
            backend.batchNormBackward(p, true, x, y, dy, gamma, mean, variance, dx, dGamma, dBeta));
    release(x, dy, gamma, beta, mean, variance, y, dx, dGamma, dBeta);
  }

  /** Returns a map (n, h, w, channels) that a convolution has written. */
  private Storage map(int n, int h, int w, int channels) {
    Conv2dProblem p = Conv2dProblem.of(n, h, w, SEED_CHANNELS, channels, 1, 1, 0);
    Storage x = Noise.storage(backend, p.inputSize());
    Storage weight = Noise.storage(backend, p.weightSize());
    Storage map = backend.allocate(p.outputSize());
    backend.conv2d(p, x, weight, null, map);
    release(x, weight);
    return map;
  }

  private void release(Storage... storages) {
    for (Storage storage : storages) {
      backend.release(storage);
    }
  }

  private void time(String name, Storage written, Runnable layer) {
    float[] one = new float[1];
    Runnable await = () -> backend.download(written, 0, one, 0, 1);
    result.accept(name, new Stopwatch(layer, await, effort).layer());
  }
}
