package dev.thumbnet.engine.op;

import static dev.thumbnet.engine.testing.Golden.Case.Kind.IMAGE;
import static dev.thumbnet.engine.testing.Golden.Case.Kind.KERNEL;
import static dev.thumbnet.engine.testing.Golden.Case.Kind.MATRIX;
import static dev.thumbnet.engine.testing.Golden.Case.Kind.PLAIN;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.Padding;
import dev.thumbnet.engine.backend.problem.ResizeProblem.Filter;
import dev.thumbnet.engine.testing.Close;
import dev.thumbnet.engine.testing.Golden;
import dev.thumbnet.engine.testing.Golden.Case;
import dev.thumbnet.engine.testing.Golden.Case.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Operations and their gradients against PyTorch, on each device. PyTorch computed in double, so
 * the reference must agree to 1e-12 of the largest element. Floats may differ by the roundoff of
 * one operation times the number of terms in the longest sum, again of the largest element.
 */
final class PyTorchOpsTest {
  private static final Golden GOLDEN = Golden.read("ops.safetensors");
  private static final Golden GEOMETRY = Golden.read("geometry.safetensors");
  private static final List<Device> DEVICES = List.of(Device.reference(), Device.cpu());

  /** Roundings of a function beside its sums, and those inside a library function. */
  private static final int BASE = 8;

  /** Runs a case and compares what comes out. */
  private interface Check {
    void run(Case c, Device device);
  }

  private static Stream<DynamicTest> tests(String op, Check check) {
    return tests(GOLDEN, op, check);
  }

  private static Stream<DynamicTest> tests(Golden golden, String op, Check check) {
    return golden.cases(op).stream()
        .flatMap(
            c ->
                DEVICES.stream()
                    .map(
                        device ->
                            DynamicTest.dynamicTest(
                                c + " on " + device, () -> check.run(c, device))));
  }

  private static Tensor leaf(Case c, String name, Kind kind, Device device) {
    return c.tensor(name, kind, device).requiresGrad(true);
  }

  /** Compares a tensor relative to its largest element. */
  private static void compare(Case c, String name, Kind kind, Tensor actual, int terms) {
    double largest = Arrays.stream(c.values(name, kind)).map(Math::abs).max().orElse(0);
    compare(c, name, kind, actual, terms, largest);
  }

  private static void compare(
      Case c, String name, Kind kind, Tensor actual, int terms, double scale) {
    double roundoff = actual.device() == Device.reference() ? 1e-12 : (BASE + terms) * Close.FLOAT;
    Close.assertClose(
        c + ": " + name + " on " + actual.device(),
        c.values(name, kind),
        actual.toDoubleArray(),
        roundoff * scale,
        0);
  }

  /** Goes back from y; a loss has no dy. */
  private static void backward(Case c, Kind kind, Tensor y) {
    if (c.has("dy")) {
      y.backward(c.tensor("dy", kind, y.device()));
    } else {
      y.backward();
    }
  }

  /** An operation of images alone, with the number of terms in its longest sum. */
  private static Stream<DynamicTest> images(
      String op, int terms, BiFunction<Case, Tensor, Tensor> function) {
    return tests(
        op,
        (c, device) -> {
          Tensor x = leaf(c, "x", IMAGE, device);
          Tensor y = function.apply(c, x);
          compare(c, "y", IMAGE, y, terms);
          backward(c, IMAGE, y);
          compare(c, "dx", IMAGE, x.grad(), terms);
        });
  }

  @TestFactory
  Stream<DynamicTest> conv2d() {
    return Stream.of(GOLDEN, GEOMETRY)
        .flatMap(
            golden ->
                tests(
                    golden,
                    "conv2d",
                    (c, device) -> {
                      Conv2dOptions options = options(c);
                      convolution(c, device, (x, w, b) -> Ops.conv2d(x, w, b, options));
                    }));
  }

  @TestFactory
  Stream<DynamicTest> convTranspose2d() {
    return tests(
        GEOMETRY,
        "conv_transpose2d",
        (c, device) -> {
          Conv2dOptions options = options(c);
          int[] more = c.integers("output_padding");
          convolution(
              c, device, (x, w, b) -> Ops.convTranspose2d(x, w, b, options, more[0], more[1]));
        });
  }

  private static Conv2dOptions options(Case c) {
    int[] stride = c.integers("stride");
    int[] dilation = c.integers("dilation");
    int groups = (int) c.number("groups");
    return new Conv2dOptions(stride[0], stride[1], padding(c), dilation[0], dilation[1], groups);
  }

  /** Rows and columns, or all four sides. */
  private static Padding padding(Case c) {
    int[] pad = c.integers("padding");
    return pad.length == 2
        ? Padding.of(pad[0], pad[1])
        : new Padding(pad[0], pad[1], pad[2], pad[3]);
  }

  /** A convolution of x with a weight and perhaps a bias. */
  private interface Convolving {
    Tensor of(Tensor x, Tensor weight, Tensor bias);
  }

  private static void convolution(Case c, Device device, Convolving convolving) {
    Tensor x = leaf(c, "x", IMAGE, device);
    Tensor weight = leaf(c, "weight", KERNEL, device);
    Tensor bias = c.has("bias") ? leaf(c, "bias", PLAIN, device) : null;
    Tensor y = convolving.of(x, weight, bias);
    int terms = weight.size() / Math.min(weight.dim(2), weight.dim(3));
    compare(c, "y", IMAGE, y, terms);
    backward(c, IMAGE, y);
    int pixels = Math.max(x.size() / x.dim(3), y.size() / y.dim(3));
    compare(c, "dx", IMAGE, x.grad(), terms);
    compare(c, "dweight", KERNEL, weight.grad(), pixels);
    if (bias != null) {
      compare(c, "dbias", PLAIN, bias.grad(), pixels);
    }
  }

  @TestFactory
  Stream<DynamicTest> linear() {
    return tests(
        "linear",
        (c, device) -> {
          Tensor x = leaf(c, "x", PLAIN, device);
          Tensor weight = leaf(c, "weight", MATRIX, device);
          Tensor bias = c.has("bias") ? leaf(c, "bias", PLAIN, device) : null;
          Tensor y = Ops.linear(x, weight, bias);
          compare(c, "y", PLAIN, y, weight.dim(0));
          backward(c, PLAIN, y);
          compare(c, "dx", PLAIN, x.grad(), weight.dim(1));
          compare(c, "dweight", MATRIX, weight.grad(), x.dim(0));
          if (bias != null) {
            compare(c, "dbias", PLAIN, bias.grad(), x.dim(0));
          }
        });
  }

  /**
   * Subtracting the mean cancels, so errors are relative to the largest x, scaled as y is, not to
   * y; and the gradient is a difference of terms as large as the scaled dy.
   */
  @TestFactory
  Stream<DynamicTest> batchNormTrain() {
    return tests(
        "batch_norm_train",
        (c, device) -> {
          Tensor x = leaf(c, "x", IMAGE, device);
          Tensor weight = leaf(c, "weight", PLAIN, device);
          Tensor bias = leaf(c, "bias", PLAIN, device);
          Tensor mean = c.tensor("running_mean", PLAIN, device);
          Tensor variance = c.tensor("running_var", PLAIN, device);
          double eps = c.number("eps");
          Tensor y = Ops.batchNormTrain(x, weight, bias, mean, variance, c.number("momentum"), eps);
          backward(c, IMAGE, y);

          int values = x.size() / x.dim(3);
          double slope = largest(weight) * largestInverseDeviation(x, eps);
          double spread = 1 + largest(x) * largestInverseDeviation(x, eps);
          double dy = largest(c.tensor("dy", IMAGE, device));
          compare(c, "y", IMAGE, y, values, largest(x) * slope + largest(bias));
          compare(c, "dx", IMAGE, x.grad(), values, dy * slope * spread);
          compare(c, "dweight", PLAIN, weight.grad(), values, values * dy * spread);
          compare(c, "dbias", PLAIN, bias.grad(), values, values * dy);
          compare(c, "new_running_mean", PLAIN, mean, values, largest(x));
          compare(c, "new_running_var", PLAIN, variance, values, largest(x) + largest(variance));
        });
  }

  private static double largest(Tensor t) {
    return Arrays.stream(t.toDoubleArray()).map(Math::abs).max().orElse(0);
  }

  private static double largestInverseDeviation(Tensor x, double eps) {
    double[] variances = Ops.variance(x.detach(), false, 0, 1, 2).toDoubleArray();
    return 1 / Math.sqrt(Arrays.stream(variances).min().orElse(0) + eps);
  }

  @TestFactory
  Stream<DynamicTest> batchNormEval() {
    return tests(
        "batch_norm_eval",
        (c, device) -> {
          Tensor x = leaf(c, "x", IMAGE, device);
          Tensor weight = leaf(c, "weight", PLAIN, device);
          Tensor bias = leaf(c, "bias", PLAIN, device);
          Tensor mean = c.tensor("running_mean", PLAIN, device);
          Tensor variance = c.tensor("running_var", PLAIN, device);
          Tensor y = Ops.batchNormEval(x, weight, bias, mean, variance, c.number("eps"));
          backward(c, IMAGE, y);
          int values = x.size() / x.dim(3);
          compare(c, "y", IMAGE, y, 0);
          compare(c, "dx", IMAGE, x.grad(), 0);
          compare(c, "dweight", PLAIN, weight.grad(), values);
          compare(c, "dbias", PLAIN, bias.grad(), values);
        });
  }

  @TestFactory
  Stream<DynamicTest> activations() {
    return Stream.of(
            images("relu", 0, (_, x) -> Ops.relu(x)),
            images("sigmoid", 0, (_, x) -> Ops.sigmoid(x)),
            images("tanh", 0, (_, x) -> Ops.tanh(x)),
            images("leaky_relu", 0, (c, x) -> Ops.leakyRelu(x, c.number("slope"))))
        .flatMap(tests -> tests);
  }

  @TestFactory
  Stream<DynamicTest> pools() {
    return Stream.of(
            tests("max_pool", PyTorchOpsTest::pool),
            tests("avg_pool", PyTorchOpsTest::pool),
            tests(GEOMETRY, "max_pool", PyTorchOpsTest::pool),
            tests(GEOMETRY, "avg_pool", PyTorchOpsTest::pool),
            images(
                "adaptive_avg_pool",
                49,
                (c, x) -> Ops.adaptiveAvgPool2d(x, c.integers("size")[0], c.integers("size")[1])))
        .flatMap(tests -> tests);
  }

  private static void pool(Case c, Device device) {
    int[] kernel = c.integers("kernel");
    int[] stride = c.integers("stride");
    int[] dilation =
        c.parameters().containsKey("dilation") ? c.integers("dilation") : new int[] {1, 1};
    PoolOptions options =
        new PoolOptions(
            kernel[0],
            kernel[1],
            stride[0],
            stride[1],
            padding(c),
            dilation[0],
            dilation[1],
            c.parameters().containsKey("ceil_mode") && c.number("ceil_mode") == 1);
    Tensor x = leaf(c, "x", IMAGE, device);
    Tensor y =
        c.name().startsWith("max")
            ? Ops.maxPool2d(x, options)
            : Ops.avgPool2d(x, options, c.number("count_include_pad") == 1);
    compare(c, "y", IMAGE, y, 0);
    backward(c, IMAGE, y);
    compare(c, "dx", IMAGE, x.grad(), 0);
  }

  @TestFactory
  Stream<DynamicTest> globalAvgPool() {
    return tests(
        "global_avg_pool",
        (c, device) -> {
          Tensor x = leaf(c, "x", IMAGE, device);
          Tensor y = Ops.globalAvgPool2d(x);
          compare(c, "y", PLAIN, y, x.dim(1) * x.dim(2));
          backward(c, PLAIN, y);
          compare(c, "dx", IMAGE, x.grad(), 0);
        });
  }

  @TestFactory
  Stream<DynamicTest> resizes() {
    return Stream.of(
            resize("nearest", Filter.NEAREST),
            resize("bilinear", Filter.BILINEAR),
            resize("bilinear_antialias", Filter.BILINEAR_ANTIALIAS),
            resize("bicubic_antialias", Filter.BICUBIC_ANTIALIAS))
        .flatMap(tests -> tests);
  }

  private static Stream<DynamicTest> resize(String op, Filter filter) {
    return images(
        op, 256, (c, x) -> Ops.resize(x, c.integers("size")[0], c.integers("size")[1], filter));
  }

  @TestFactory
  Stream<DynamicTest> softmaxes() {
    return Stream.concat(rows("softmax", Ops::softmax), rows("log_softmax", Ops::logSoftmax));
  }

  private static Stream<DynamicTest> rows(String op, UnaryOperator<Tensor> function) {
    return tests(
        op,
        (c, device) -> {
          Tensor x = leaf(c, "x", PLAIN, device);
          Tensor y = function.apply(x);
          // exp turns an absolute error of its argument into a relative one of its result.
          compare(c, "y", PLAIN, y, x.dim(1) + (int) Math.min(100, largest(x)));
          backward(c, PLAIN, y);
          double scale = 1 + largest(c.tensor("dy", PLAIN, device));
          compare(c, "dx", PLAIN, x.grad(), x.dim(1) + (int) Math.min(100, largest(x)), scale);
        });
  }

  @TestFactory
  Stream<DynamicTest> losses() {
    return Stream.of(
            loss(
                "cross_entropy",
                (c, x) -> Ops.crossEntropy(x, labels(c), c.number("label_smoothing"))),
            loss(
                "kl_div",
                (c, x) -> {
                  Tensor target = c.tensor("target", PLAIN, x.device());
                  return Ops.klDiv(Ops.logSoftmax(x), Ops.softmax(target));
                }),
            loss("mse_loss", (c, x) -> Ops.mse(x, c.tensor("target", PLAIN, x.device()))),
            loss("l1_loss", (c, x) -> Ops.l1(x, c.tensor("target", PLAIN, x.device()))))
        .flatMap(tests -> tests);
  }

  private static int[] labels(Case c) {
    return Arrays.stream(c.values("labels", PLAIN)).mapToInt(v -> (int) v).toArray();
  }

  /** A loss of one tensor; its error is relative to the largest number that goes in. */
  private static Stream<DynamicTest> loss(String op, BiFunction<Case, Tensor, Tensor> function) {
    return tests(
        op,
        (c, device) -> {
          Tensor x = leaf(c, "x", PLAIN, device);
          Tensor y = function.apply(c, x);
          compare(c, "y", PLAIN, y, x.size(), 1 + largest(x));
          y.backward();
          compare(c, "dx", PLAIN, x.grad(), x.size() + (int) largest(x));
        });
  }
}
