package dev.thumbnet.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.bench.harness.Differences;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.backend.Backend;
import dev.thumbnet.engine.backend.Storage;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.backend.problem.Unary;
import org.junit.jupiter.api.Test;

/** A prepared convolution gives what its own kernels give step by step, and has a floor. */
class EngineConvolutionTest {
  private final Workload workload = Workload.parse("convolution n2 h9 w9 c5 k7 r3 s3 st2 p1");

  @Test
  void hasBiasAndRelu() {
    Conv2dProblem p = workload.convolution();
    float[] expected = new float[p.outputSize()];
    try (Device device = Device.cpu(1)) {
      Backend backend = device.backend();
      Storage y = backend.allocate(expected.length);
      backend.conv2d(
          p,
          storage(backend, EngineConvolution.inputs(p)),
          storage(backend, EngineConvolution.weights(p)),
          storage(backend, EngineConvolution.biases(p)),
          y);
      backend.unary(Unary.RELU, expected.length, y, y);
      backend.download(y, 0, expected, 0, expected.length);
    }
    try (EngineConvolution engine = new EngineConvolution(workload, 1)) {
      assertThat(engine.run()).hasSameSizeAs(expected);
      assertThat(Differences.relative(expected, engine.run())).isLessThan(1e-5);
    }
  }

  @Test
  void floor() {
    assertThat(workload.floor(1)).isEqualTo(new Workload.Floor(2 * 25 * 7 * 9 * 5, 4 * 9 * 5 * 7));
  }

  private static Storage storage(Backend backend, float[] values) {
    Storage storage = backend.allocate(values.length);
    backend.upload(values, 0, storage, 0, values.length);
    return storage;
  }
}
