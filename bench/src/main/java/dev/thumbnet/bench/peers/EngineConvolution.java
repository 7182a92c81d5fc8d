package dev.thumbnet.bench.peers;

import dev.thumbnet.bench.Noise;
import dev.thumbnet.bench.harness.Contender;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.backend.Backend;
import dev.thumbnet.engine.backend.Storage;
import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.backend.problem.Unary;

/** A convolution as the engine's plans run it, with bias and ReLU. Returns y, (n, h, w, k). */
final class EngineConvolution implements Contender {
  private final Device device;
  private final Conv2dProblem p;
  private final Storage y;
  private final Runnable bound;

  EngineConvolution(Workload workload, int threads) {
    device = Device.cpu(threads);
    p = workload.convolution();
    Backend backend = device.backend();
    Storage x = storage(backend, inputs(p));
    Storage weight = storage(backend, weights(p));
    Storage bias = storage(backend, biases(p));
    y = backend.allocate(p.outputSize());
    bound = backend.prepare(p, weight, bias, Unary.RELU, WeightFormat.F32).bind(p.n(), x, null, y);
  }

  /** Returns x, (n, h, w, c). */
  static float[] inputs(Conv2dProblem p) {
    return Noise.values(p.inputSize(), 1);
  }

  /** Returns the weights, (kh, kw, c, k). */
  static float[] weights(Conv2dProblem p) {
    return Noise.values(p.weightSize(), 2);
  }

  /** Returns the biases, (k). */
  static float[] biases(Conv2dProblem p) {
    return Noise.values(p.k(), 3);
  }

  private static Storage storage(Backend backend, float[] values) {
    Storage storage = backend.allocate(values.length);
    backend.upload(values, 0, storage, 0, values.length);
    return storage;
  }

  @Override
  public String name() {
    return Figures.ENGINE;
  }

  @Override
  public void compute() {
    bound.run();
  }

  @Override
  public float[] run() {
    compute();
    float[] result = new float[p.outputSize()];
    device.backend().download(y, 0, result, 0, result.length);
    return result;
  }

  @Override
  public void close() {
    device.close();
  }
}
