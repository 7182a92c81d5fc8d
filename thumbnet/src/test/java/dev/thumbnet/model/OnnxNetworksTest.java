package dev.thumbnet.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.thumbnet.engine.Autograd;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.TensorScope;
import dev.thumbnet.engine.onnx.OnnxModel;
import dev.thumbnet.engine.plan.Plan;
import dev.thumbnet.testing.TestData;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Torchvision's networks, as PyTorch exports them, compute what they compute in ONNX Runtime. The
 * files are made by {@code src/test/python/onnx_networks.py} and are no part of the project.
 */
final class OnnxNetworksTest {
  private static final Device CPU = Device.cpu(2);

  /** Relative to the largest number of the result. */
  private static final double TOLERANCE = 1e-4;

  @AfterAll
  static void close() {
    CPU.close();
  }

  @TestFactory
  Stream<DynamicTest> agreesWithOnnxRuntime() throws IOException {
    Path folder = TestData.folder("onnx-networks");
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList().stream()
          .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> agrees(file)));
    }
  }

  private static void agrees(Path file) throws OrtException {
    OnnxModel model = OnnxModel.read(CPU, file);
    int[] dims = model.inputShape("input");
    try (OrtSession session = OrtEnvironment.getEnvironment().createSession(file.toString())) {
      for (int n : new int[] {1, 4}) {
        agrees(model, session, Shape.of(n, dims[1], dims[2], dims[3]));
      }
    }
  }

  private static void agrees(OnnxModel model, OrtSession session, Shape shape) throws OrtException {
    Plan plan = Plan.compile(model, CPU, shape);
    try (var _ = Autograd.noGrad();
        TensorScope _ = new TensorScope()) {
      Tensor x = Tensor.zeros(CPU, shape.toArray());
      x.fill(new Rng(7)::nextGaussian);
      float[] expected = expected(session, channelsSecond(x), shape);
      assertClose(expected, channelsSecond(model.forward(x)));
      assertClose(expected, channelsSecond(plan.run(x)));
    }
  }

  private static float[] expected(OrtSession session, float[] x, Shape shape) throws OrtException {
    long[] dims = {shape.dim(0), shape.dim(3), shape.dim(1), shape.dim(2)};
    try (OnnxTensor input =
            OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), FloatBuffer.wrap(x), dims);
        OrtSession.Result result = session.run(Map.of("input", input))) {
      FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] expected = new float[values.remaining()];
      values.get(expected);
      return expected;
    }
  }

  private static float[] channelsSecond(Tensor x) {
    float[] values = x.toArray();
    if (x.shape().rank() != 4) {
      return values;
    }
    int channels = x.dim(3);
    int pixels = x.dim(1) * x.dim(2);
    float[] planes = new float[values.length];
    for (int i = 0; i < planes.length; i++) {
      int pixel = i / channels;
      planes[(pixel / pixels * channels + i % channels) * pixels + pixel % pixels] = values[i];
    }
    return planes;
  }

  private static void assertClose(float[] expected, float[] actual) {
    assertThat(actual).hasSameSizeAs(expected);
    double largest = 0;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int i = 0; i < actual.length; i++) {
      assertThat((double) actual[i]).isCloseTo(expected[i], within(TOLERANCE * largest));
    }
  }
}
