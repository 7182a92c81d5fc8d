package dev.thumbnet.loss;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.io.SafeTensors;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The four losses and their gradients against PyTorch, which computed in double;
 * src/test/python/golden_models.py explains the file.
 */
final class PyTorchLossTest {
  private static final SafeTensors GOLDEN = read();

  private static SafeTensors read() {
    try (InputStream stream =
        PyTorchLossTest.class.getResourceAsStream("/golden/losses.safetensors")) {
      return SafeTensors.of("losses.safetensors", stream.readAllBytes());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** One call of a loss on a device. */
  private record Case(String name, Device device) {
    double[] values(String tensor) {
      return GOLDEN.tensor(name + "." + tensor).doubles();
    }

    /** Returns a tensor; a picture is (n, c, h, w) in the file. */
    Tensor tensor(String tensor) {
      long[] shape = GOLDEN.tensor(name + "." + tensor).shape();
      double[] values = toEngine(values(tensor), shape);
      int[] dims = Arrays.stream(shape).mapToInt(d -> (int) d).toArray();
      return shape.length == 4
          ? Tensor.of(device, values, dims[0], dims[2], dims[3], dims[1])
          : Tensor.of(device, values, dims);
    }

    static double[] toEngine(double[] values, long[] shape) {
      if (shape.length != 4) {
        return values;
      }
      int channels = (int) shape[1];
      int plane = (int) (shape[2] * shape[3]);
      double[] result = new double[values.length];
      for (int i = 0; i < values.length; i++) {
        int picture = i / (channels * plane);
        int channel = i / plane % channels;
        result[(picture * plane + i % plane) * channels + channel] = values[i];
      }
      return result;
    }

    double temperature() {
      Matcher matcher = Pattern.compile("\"tau\": ([0-9.]+)").matcher(GOLDEN.metadata().get(name));
      assertThat(matcher.find()).isTrue();
      return Double.parseDouble(matcher.group(1));
    }

    int[] labels() {
      return Arrays.stream(GOLDEN.tensor(name + ".labels").longs())
          .mapToInt(v -> (int) v)
          .toArray();
    }

    /** Compares the loss of a leaf, and the gradient relative to its largest element. */
    void check(String leaf, BiFunction<Case, Tensor, Tensor> function) {
      double tolerance = device == Device.reference() ? 1e-10 : 1e-5;
      Tensor x = tensor(leaf).requiresGrad(true);
      Tensor loss = function.apply(this, x);
      loss.backward();
      double expected = values("loss")[0];
      assertThat(Math.abs(loss.item() - expected) / expected).isLessThan(tolerance);
      SafeTensors.Entry gradient = GOLDEN.tensor(name + ".d" + leaf);
      double[] wanted = toEngine(gradient.doubles(), gradient.shape());
      double[] got = x.grad().toDoubleArray();
      double largest = Arrays.stream(wanted).map(Math::abs).max().orElseThrow();
      for (int i = 0; i < wanted.length; i++) {
        assertThat(Math.abs(got[i] - wanted[i]) / largest)
            .as("gradient [%d]: %s instead of %s", i, got[i], wanted[i])
            .isLessThan(tolerance);
      }
    }
  }

  private static Stream<DynamicTest> tests(
      String loss, String leaf, BiFunction<Case, Tensor, Tensor> function) {
    return GOLDEN.metadata().keySet().stream()
        .filter(name -> name.startsWith(loss + "."))
        .flatMap(
            name ->
                Stream.of(Device.reference(), Device.cpu()).map(device -> new Case(name, device)))
        .map(c -> DynamicTest.dynamicTest(c.toString(), () -> c.check(leaf, function)));
  }

  @TestFactory
  Stream<DynamicTest> momentMatching() {
    return tests("mm", "z", (c, z) -> MomentMatching.of(c.tensor("x"), z));
  }

  @TestFactory
  Stream<DynamicTest> featureMapping() {
    return tests("fm", "u", (c, u) -> FeatureMapping.of(u, c.tensor("f"), c.values("var")[0]));
  }

  @TestFactory
  Stream<DynamicTest> distillation() {
    return tests("kd", "s", (c, s) -> new Distillation(c.temperature()).of(s, c.tensor("t")));
  }

  @TestFactory
  Stream<DynamicTest> classification() {
    return tests("cl", "s", (c, s) -> new CrossEntropy(0).of(s, c.labels()));
  }
}
