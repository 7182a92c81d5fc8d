package dev.thumbnet.engine.op;

import static dev.thumbnet.engine.testing.Golden.Case.Kind.IMAGE;
import static dev.thumbnet.engine.testing.Golden.Case.Kind.PLAIN;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
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
 * Functions, operations along axes and normalisations, with their gradients, against PyTorch; the
 * tolerances are those of {@link PyTorchOpsTest}.
 */
final class PyTorchFunctionsTest {
  private static final Golden GOLDEN = Golden.read("functions.safetensors");
  private static final List<Device> DEVICES = List.of(Device.reference(), Device.cpu());

  /** Roundings of a function beside its sums, and those inside a library function. */
  private static final int BASE = 8;

  /** Compares a function of some inputs, each with its layout, and their gradients. */
  private static Stream<DynamicTest> tests(
      String op,
      int terms,
      Kind kind,
      List<String> names,
      BiFunction<Case, Tensor[], Tensor> function) {
    return GOLDEN.cases(op).stream()
        .flatMap(
            c ->
                DEVICES.stream()
                    .map(
                        device ->
                            DynamicTest.dynamicTest(
                                c + " on " + device,
                                () -> check(c, device, terms, kind, names, function))));
  }

  private static void check(
      Case c,
      Device device,
      int terms,
      Kind kind,
      List<String> names,
      BiFunction<Case, Tensor[], Tensor> function) {
    Tensor[] inputs =
        names.stream()
            .map(name -> c.tensor(name, kindOf(c, name, kind), device).requiresGrad(true))
            .toArray(Tensor[]::new);
    Tensor y = function.apply(c, inputs);
    compare(c, "y", kindOf(c, "y", kind), y, terms);
    y.backward(
        c.has("dy")
            ? c.tensor("dy", kindOf(c, "dy", kind), device)
            : Tensor.full(device, 1, y.shape().toArray()));
    for (int i = 0; i < inputs.length; i++) {
      String gradient = "d" + names.get(i);
      compare(c, gradient, kindOf(c, gradient, kind), inputs[i].grad(), terms);
    }
  }

  /** Weights are the same in both layouts. */
  private static Kind kindOf(Case c, String name, Kind kind) {
    return c.shape(name, PLAIN).length == 4 ? kind : PLAIN;
  }

  private static void compare(Case c, String name, Kind kind, Tensor actual, int terms) {
    double[] expected = c.values(name, kind);
    double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
    double roundoff = actual.device() == Device.reference() ? 1e-12 : (BASE + terms) * Close.FLOAT;
    Close.assertClose(
        c + ": " + name + " on " + actual.device(),
        expected,
        actual.toDoubleArray(),
        roundoff * largest,
        0);
  }

  private static Stream<DynamicTest> function(String op, UnaryOperator<Tensor> function) {
    return tests(op, 0, PLAIN, List.of("x"), (_, in) -> function.apply(in[0]));
  }

  private static Stream<DynamicTest> plain(
      String op, int terms, BiFunction<Case, Tensor, Tensor> function) {
    return tests(op, terms, PLAIN, List.of("x"), (c, in) -> function.apply(c, in[0]));
  }

  private static Stream<DynamicTest> pair(
      String op, int terms, BiFunction<Tensor, Tensor, Tensor> f) {
    return tests(op, terms, PLAIN, List.of("a", "b"), (_, in) -> f.apply(in[0], in[1]));
  }

  @TestFactory
  Stream<DynamicTest> functions() {
    return Stream.of(
            function("erf", Ops::erf),
            function("gelu", Ops::gelu),
            function("gelu_tanh", Ops::geluTanh),
            function("softplus", Ops::softplus),
            function("softsign", Ops::softsign),
            function("mish", Ops::mish),
            function("selu", Ops::selu),
            function("reciprocal", x -> Ops.reciprocal(Ops.add(x, 200))),
            plain("elu", 0, (c, x) -> Ops.elu(x, c.number("alpha"))),
            plain("celu", 0, (c, x) -> Ops.celu(x, c.number("alpha"))),
            plain("clip", 0, (c, x) -> Ops.clip(x, c.number("min"), c.number("max"))),
            plain("pow", 0, (c, x) -> Ops.pow(x, c.number("exponent"))))
        .flatMap(tests -> tests);
  }

  @TestFactory
  Stream<DynamicTest> prelu() {
    return tests("prelu", 32, IMAGE, List.of("x", "slope"), (_, in) -> Ops.prelu(in[0], in[1]));
  }

  @TestFactory
  Stream<DynamicTest> arrangements() {
    return Stream.of(
            plain("transpose", 0, (c, x) -> Ops.transpose(x, c.integers("axes"))),
            plain(
                "gather", 4, (c, x) -> Ops.gather(x, c.integers("axis")[0], c.integers("indices"))),
            plain("tile", 6, (c, x) -> Ops.tile(x, c.integers("repeats"))),
            plain(
                "pad",
                0,
                (c, x) -> Ops.pad(x, c.integers("before"), c.integers("after"), c.number("value"))),
            plain("pad_reflect", 9, (c, x) -> padded(c, x, PadMode.REFLECT)),
            plain("pad_replicate", 20, (c, x) -> padded(c, x, PadMode.EDGE)))
        .flatMap(tests -> tests);
  }

  private static Tensor padded(Case c, Tensor x, PadMode mode) {
    return Ops.pad(x, c.integers("before"), c.integers("after"), mode);
  }

  @TestFactory
  Stream<DynamicTest> alongAxes() {
    return Stream.of(
            plain("softmax_axis", 10, (c, x) -> Ops.softmax(x, c.integers("axis")[0])),
            plain("log_softmax_axis", 10, (c, x) -> Ops.logSoftmax(x, c.integers("axis")[0])),
            plain("amax", 0, (c, x) -> Ops.max(x, c.integers("axes"))),
            plain("amin", 0, (c, x) -> Ops.min(x, c.integers("axes"))),
            plain("norm", 120, (c, x) -> Ops.l2Norm(x, c.integers("axes"))))
        .flatMap(tests -> tests);
  }

  @TestFactory
  Stream<DynamicTest> pairs() {
    return Stream.of(
            pair("maximum", 6, Ops::max),
            pair("minimum", 6, Ops::min),
            pair("matmul", 20, Ops::matmul))
        .flatMap(tests -> tests);
  }

  @TestFactory
  Stream<DynamicTest> normalisations() {
    List<String> weighted = List.of("x", "weight", "bias");
    return Stream.of(
            tests(
                "layer_norm",
                72,
                PLAIN,
                weighted,
                (_, in) -> Ops.layerNorm(in[0], 1, in[1], in[2], 1e-5)),
            tests(
                "group_norm",
                72,
                IMAGE,
                weighted,
                (c, in) -> Ops.groupNorm(in[0], (int) c.number("groups"), in[1], in[2], 1e-5)),
            tests(
                "instance_norm",
                72,
                IMAGE,
                weighted,
                (_, in) -> Ops.instanceNorm(in[0], in[1], in[2], 1e-5)),
            tests(
                "local_response_norm",
                6,
                IMAGE,
                List.of("x"),
                (c, in) -> Ops.localResponseNorm(in[0], (int) c.number("size"), 0.2, 0.75, 1.5)))
        .flatMap(tests -> tests);
  }

  /** With one channel the orders of channels and squares are the same. */
  @TestFactory
  Stream<DynamicTest> spaceToDepth() {
    return tests("pixel_unshuffle", 0, IMAGE, List.of("x"), (_, in) -> Ops.spaceToDepth(in[0], 2));
  }
}
