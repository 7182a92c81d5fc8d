package dev.thumbnet.engine.backend.reference;

import static dev.thumbnet.engine.testing.Close.assertClose;

import dev.thumbnet.engine.backend.Storage;
import dev.thumbnet.engine.backend.problem.AdamStep;
import dev.thumbnet.engine.backend.problem.AxisProblem;
import dev.thumbnet.engine.backend.problem.SgdStep;
import dev.thumbnet.engine.backend.problem.Unary;
import dev.thumbnet.engine.testing.Host;
import dev.thumbnet.engine.testing.Numbers;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Elementwise functions, broadcasts, sums and optimisers against numbers worked out by hand. */
class ReferenceElementwiseTest {
  private final ReferenceBackend backend = new ReferenceBackend();
  private final Host host = new Host(backend);

  private static final double NAN = Double.NaN;
  private static final double INF = Double.POSITIVE_INFINITY;

  /** Runs a call that writes {@code expected.length} elements into a storage with one to spare. */
  private void check(String what, Consumer<Storage> call, double... expected) {
    Storage out = host.put(new double[expected.length + 1]);
    backend.fill(out, expected.length, NAN);
    call.accept(out);
    double[] all = new double[expected.length + 1];
    System.arraycopy(expected, 0, all, 0, expected.length);
    assertClose(what, all, host.get(out), 1e-15, 1e-15);
  }

  @Test
  void arithmetic() {
    Storage a = host.put(1, 2, -3);
    Storage b = host.put(10, -20, 0);
    check("linearCombination", o -> backend.linearCombination(3, 2, a, .5, b, o), 7, -6, -6);
    check("affine", o -> backend.affine(3, 2, a, 1, o), 3, 5, -5);
    check("multiply", o -> backend.multiply(3, a, b, o), 10, -40, 0);
    check("divide", o -> backend.divide(3, a, b, o), .1, -.1, -INF);
    check("addRelu", o -> backend.addRelu(3, a, b, o), 11, 0, 0);
    check("leakyRelu", o -> backend.leakyRelu(3, .1, a, o), 1, 2, -.3);
    check("elu", o -> backend.elu(3, 2, 3, .5, a, o), 2, 4, 3 * (Math.exp(-1.5) - 1));
    Storage dy = host.put(5, 6, 7);
    check("leakyReluBackward", o -> backend.leakyReluBackward(3, .1, a, dy, o), 5, 6, .7);
    check(
        "eluBackward",
        o -> backend.eluBackward(3, 2, 3, .5, a, dy, o),
        10,
        12,
        10.5 * Math.exp(-1.5));
    check("fewer elements", o -> backend.multiply(2, a, b, o), 10, -40);
  }

  @Test
  void nanIsNotLost() {
    Storage x = host.put(NAN, 1);
    check("relu", o -> backend.unary(Unary.RELU, 2, x, o), NAN, 1);
    check("addRelu", o -> backend.addRelu(2, x, x, o), NAN, 2);
    check("leakyRelu", o -> backend.leakyRelu(2, .1, x, o), NAN, 1);
  }

  @Test
  void unaryFunctionsOfKnownNumbers() {
    double[][] expected = {
      {0, 0, .25, 4},
      {1 / (1 + Math.E), .5, .562176500885798, .982013790037908},
      {-.761594155955765, 0, .244918662403709, .999329299739067},
      {1 / Math.E, 1, 1.28402541668774, 54.5981500331442},
      {NAN, -INF, -1.38629436111989, 1.38629436111989},
      {NAN, 0, .5, 2},
      {1, 0, .0625, 16},
      {1, 0, .25, 4},
      {0, 0, .25, 4},
      {1 / 3.0, .5, 6.5 / 12, 1},
      {-1 / 3.0, 0, 6.5 / 48, 4},
      {-1 / (1 + Math.E), 0, .562176500885798 / 4, 4 * .982013790037908},
      {-0.8427007929497149, 0.0, 0.2763263901682369, 0.9999999845827421},
      {-0.15865525393145707, 0.0, 0.14967658142073093, 3.9998733150326675},
      {-0.15880800939172324, 0.0, 0.149675350701685, 3.9999297540518075},
      {0.31326168751822286, 0.6931471805599453, 0.8259394198788436, 4.0181499279178094},
      {-0.5, 0.0, 0.2, 0.8},
      {-0.30340146137410895, 0.0, 0.1695724096638176, 3.9974128069762385},
      {-1, INF, 4, 0.25}
    };
    for (Unary f : Unary.values()) {
      Storage y = host.room(4);
      backend.unary(f, 4, host.put(-1, 0, .25, 4), y);
      assertClose(f.toString(), expected[f.ordinal()], host.get(y), 1e-14, 1e-14);
    }
  }

  @ParameterizedTest
  @EnumSource(Unary.class)
  void unaryGradientIsAFiniteDifference(Unary f) {
    double[] x = {.3, 1.5, .01, 2};
    double[] dy = {1, -2, 3, .5};
    Storage y = host.room(4);
    backend.unary(f, 4, host.put(x), y);
    boolean usesX = f.gradientUsesX();
    Storage dx = host.room(4);
    backend.unaryBackward(f, 4, usesX ? host.put(x) : null, usesX ? null : y, host.put(dy), dx);
    double[] expected = new double[4];
    for (int i = 0; i < 4; i++) {
      double step = 1e-6 * x[i];
      Storage two = host.room(2);
      backend.unary(f, 2, host.put(x[i] - step, x[i] + step), two);
      expected[i] = dy[i] * (host.get(two)[1] - host.get(two)[0]) / (2 * step);
    }
    assertClose(f.toString(), expected, host.get(dx), 1e-7, 1e-7);
  }

  @Test
  void gradientsAtTheKinkAreZero() {
    Storage zero = host.put(0, -1);
    Storage dy = host.put(7, 7);
    check("relu", o -> backend.unaryBackward(Unary.RELU, 2, null, zero, dy, o), 0, 0);
    check("abs", o -> backend.unaryBackward(Unary.ABS, 2, zero, null, dy, o), 0, -7);
    check("leaky", o -> backend.leakyReluBackward(2, .5, zero, dy, o), 3.5, 3.5);
  }

  /** Below, at and above both ends of the ramp. */
  @Test
  void hardFunctionsAreFlatOutsideTheirRamp() {
    Storage x = host.put(-4, -3, -1.5, 0, 3, 6, 7);
    Storage ones = host.put(1, 1, 1, 1, 1, 1, 1);
    double sixth = 1 / 6.0;
    check("relu6", o -> backend.unary(Unary.RELU6, 7, x, o), 0, 0, 0, 0, 3, 6, 6);
    check("hard sigmoid", o -> backend.unary(Unary.HARD_SIGMOID, 7, x, o), 0, 0, .25, .5, 1, 1, 1);
    check("hard swish", o -> backend.unary(Unary.HARD_SWISH, 7, x, o), 0, 0, -.375, 0, 3, 6, 7);
    check(
        "gradient of relu6",
        o -> backend.unaryBackward(Unary.RELU6, 7, null, x, ones, o),
        0,
        0,
        0,
        0,
        1,
        0,
        0);
    check(
        "gradient of hard sigmoid",
        o -> backend.unaryBackward(Unary.HARD_SIGMOID, 7, x, null, ones, o),
        0,
        0,
        sixth,
        sixth,
        0,
        0,
        0);
    check(
        "gradient of hard swish",
        o -> backend.unaryBackward(Unary.HARD_SWISH, 7, x, null, ones, o),
        0,
        0,
        0,
        .5,
        1,
        1,
        1);
  }

  @Test
  void clampsEachChannel() {
    AxisProblem p = new AxisProblem(1, 3, 2);
    Storage x = host.put(-3, -3, 0.5, 2, Double.NaN, 1);
    Storage low = host.put(-1, -2);
    Storage high = host.put(1, 1);
    Storage dy = host.put(7, 7, 7, 7, 7, 7);
    check("clamp", o -> backend.clamp(p, x, low, high, o), -1, -2, .5, 1, Double.NaN, 1);
    check("clamp", o -> backend.clampBackward(p, x, low, high, dy, o), 0, 0, 7, 0, 0, 7);
  }

  @Test
  void broadcastsAndSums() {
    AxisProblem p = new AxisProblem(2, 3, 2);
    double[] numbers = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    Storage big = host.put(numbers);
    Storage small = host.put(10, 20, 30, 40);
    check(
        "broadcastAdd",
        o -> backend.broadcastAdd(p, big, -1, small, o),
        -9,
        -18,
        -7,
        -16,
        -5,
        -14,
        -23,
        -32,
        -21,
        -30,
        -19,
        -28);
    check(
        "broadcastMultiply",
        o -> backend.broadcastMultiply(p, big, small, o),
        10,
        40,
        30,
        80,
        50,
        120,
        210,
        320,
        270,
        400,
        330,
        480);
    check("broadcast", o -> backend.broadcast(p, .1, small, o), 1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 3, 4);
    check("sum", o -> backend.sum(p, 2, big, o), 18, 24, 54, 60);
    check("sumOfProducts", o -> backend.sumOfProducts(p, 1, big, big, o), 35, 56, 251, 308);
  }

  @Test
  void dropoutMaskIsAFunctionOfKeyAndIndex() {
    // The first number of SplitMix64 from seed 0 is 0xE220A8397B1DCDAF: 0.8833… of the range.
    double first = 0.88331080821364261;
    check("kept", o -> backend.dropoutMask(1, 0, first + 1e-15, o), 1 / (first + 1e-15));
    check("dropped", o -> backend.dropoutMask(1, 0, first - 1e-15, o), 0);
    check("all", o -> backend.dropoutMask(3, 42, 1, o), 1, 1, 1);
    Storage mask = host.room(100_000);
    backend.dropoutMask(100_000, 7, .75, mask);
    double kept = Numbers.dot(host.get(mask), host.get(mask)) * .75 * .75 / 100_000;
    assertClose("share", .75, kept, .006, 0); // four standard deviations
  }

  @Test
  void copiesRowsWithStrides() {
    Storage source = host.put(1, 2, 3, 4, 5, 6);
    Storage target = host.put(0, 0, 0, 0, 0, 0, 0, 0);
    backend.copyRows(2, 2, source, 1, 3, target, 2, 4);
    assertClose("rows", new double[] {0, 0, 2, 3, 0, 0, 5, 6}, host.get(target), 0);
  }

  @Test
  void sgdOfPyTorch() {
    Storage w = host.put(1, -2);
    Storage g = host.put(.5, 1);
    backend.sgd(new SgdStep(.1, 0, .2, false), 2, w, g, null);
    assertClose("plain", new double[] {.93, -2.06}, host.get(w), 1e-15);

    Storage velocity = host.put(0, 0);
    w = host.put(1, -2);
    backend.sgd(new SgdStep(.1, .9, 0, false), 2, w, g, velocity);
    assertClose("first", new double[] {.95, -2.1}, host.get(w), 1e-15);
    backend.sgd(new SgdStep(.1, .9, 0, false), 2, w, g, velocity);
    assertClose("velocity", new double[] {.95, 1.9}, host.get(velocity), 1e-15);
    assertClose("second", new double[] {.855, -2.29}, host.get(w), 1e-15);

    w = host.put(1, -2);
    backend.sgd(new SgdStep(.1, .9, 0, true), 2, w, g, host.put(0, 0));
    assertClose("nesterov", new double[] {.905, -2.19}, host.get(w), 1e-15);
  }

  @Test
  void adamOfPyTorch() {
    Storage w = host.put(1);
    Storage m = host.put(0);
    Storage v = host.put(0);
    // First step: m / (1 − β₁) is g and v / (1 − β₂) is g², so w moves by lr·g / (|g| + eps).
    backend.adam(new AdamStep(.1, .9, .99, .5, 0, false, 1), 1, w, host.put(.5), m, v);
    assertClose("first", new double[] {.95}, host.get(w), 1e-14);
    assertClose("m", new double[] {.05}, host.get(m), 1e-14);
    assertClose("v", new double[] {.0025}, host.get(v), 1e-14);
    // Second step with g = −1: m = −0.055, v = 0.012475.
    backend.adam(new AdamStep(.1, .9, .99, .5, 0, false, 2), 1, w, host.put(-1), m, v);
    double root = Math.sqrt(.012475 / (1 - .99 * .99));
    assertClose("second", new double[] {.95 + .1 * .055 / .19 / (root + .5)}, host.get(w), 1e-14);
  }

  @Test
  void adamDecaysTheGradientOrTheWeight() {
    Storage w = host.put(2);
    backend.adam(
        new AdamStep(.1, .9, .99, 0, .5, false, 1), 1, w, host.put(3), host.put(0), host.put(0));
    assertClose("Adam", new double[] {1.9}, host.get(w), 1e-14);
    w = host.put(2);
    backend.adam(
        new AdamStep(.1, .9, .99, 0, .5, true, 1), 1, w, host.put(3), host.put(0), host.put(0));
    assertClose("AdamW", new double[] {1.8}, host.get(w), 1e-14);
  }
}
