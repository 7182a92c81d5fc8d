package dev.thumbnet.engine.backend.reference;

import static dev.thumbnet.engine.testing.Close.assertClose;

import dev.thumbnet.engine.backend.Storage;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.backend.problem.GemmProblem;
import dev.thumbnet.engine.testing.Host;
import dev.thumbnet.engine.testing.Numbers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Convolutions and products small enough to do by hand, and the adjoint identities. */
class ReferenceConvolutionTest {
  private final ReferenceBackend backend = new ReferenceBackend();
  private final Host host = new Host(backend);

  private static final double[] ONE_TO_NINE = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  private static final double[] TWO_BY_TWO = {1, 2, 3, 4};

  private void checkForward(
      String problem, double[] x, double[] weight, double[] bias, double... expected) {
    Conv2dProblem p = Conv2dProblem.parse(problem);
    Storage y = host.room(p.outputSize());
    backend.conv2d(p, host.put(x), host.put(weight), bias == null ? null : host.put(bias), y);
    assertClose(problem, expected, host.get(y), 0);
  }

  @Test
  void slidesTheKernelWithoutFlippingIt() {
    checkForward("n1 h3 w3 c1 k1 r2 s2", ONE_TO_NINE, TWO_BY_TWO, null, 37, 47, 67, 77);
  }

  @Test
  void padsWithZerosAndStrides() {
    checkForward("n1 h3 w3 c1 k1 r2 s2 st2 p1", ONE_TO_NINE, TWO_BY_TWO, null, 4, 18, 36, 77);
  }

  @Test
  void treatsTheTwoDirectionsApart() {
    // Output (1, 5): one row of the kernel's two sums of columns, padded by 2 left and right.
    checkForward(
        "n1 h3 w3 c1 k1 r2 s1 st2x1 p0x2",
        ONE_TO_NINE,
        new double[] {10, 1},
        null,
        0,
        0,
        14,
        25,
        36,
        0,
        0);
  }

  @Test
  void dilatesTheKernel() {
    checkForward("n1 h3 w3 c1 k1 r2 s2 d2", ONE_TO_NINE, TWO_BY_TWO, null, 64);
    checkForward("n1 h3 w3 c1 k1 r2 s2 d2x1", ONE_TO_NINE, TWO_BY_TWO, null, 58, 68);
  }

  @Test
  void addsTheBiasOfEachOutputChannel() {
    checkForward(
        "n2 h1 w1 c2 k3 r1 s1",
        new double[] {1, 10, 2, 20},
        new double[] {1, 2, 3, 4, 5, 6},
        new double[] {100, 200, 300},
        141,
        252,
        363,
        182,
        304,
        426);
  }

  @Test
  void keepsGroupsApart() {
    checkForward(
        "n1 h1 w1 c4 k4 r1 s1 g2",
        new double[] {1, 10, 100, 1000},
        new double[] {1, 2, 3, 4, 5, 6, 7, 8},
        null,
        51,
        62,
        7300,
        8400);
  }

  @Test
  void gradientsOfOneOutputAreTheOtherFactor() {
    Conv2dProblem p = Conv2dProblem.parse("n1 h2 w2 c1 k1 r2 s2");
    Storage dy = host.put(10);
    Storage dx = host.room(4);
    Storage dWeight = host.room(4);
    backend.conv2dBackwardData(p, dy, host.put(TWO_BY_TWO), dx);
    backend.conv2dBackwardWeights(p, host.put(5, 6, 7, 8), dy, dWeight);
    assertClose("dx", new double[] {10, 20, 30, 40}, host.get(dx), 0);
    assertClose("dWeight", new double[] {50, 60, 70, 80}, host.get(dWeight), 0);
  }

  /** ⟨conv(x, w), dy⟩ = ⟨x, dx⟩ = ⟨w, dw⟩: with the forward pass right, so are the gradients. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "n2 h5 w6 c3 k4 r3 s3 p1",
        "n1 h7 w5 c2 k3 r3 s2 st2x1 p1x0",
        "n1 h9 w8 c2 k2 r3 s3 st1x2 p2 d2x3",
        "n3 h4 w4 c6 k9 r3 s3 st2 p1 g3",
        "n1 h5 w5 c4 k4 r3 s3 p1 g4",
        "n1 h2 w2 c1 k5 r5 s5 p3",
        "n2 h6 w6 c3 k2 r1 s1 st3",
      })
  void gradientsAreAdjoint(String problem) {
    Conv2dProblem p = Conv2dProblem.parse(problem);
    double[] x = Numbers.normal(1, p.inputSize());
    double[] weight = Numbers.normal(2, p.weightSize());
    double[] dy = Numbers.normal(3, p.outputSize());
    Storage y = host.room(p.outputSize());
    Storage dx = host.room(p.inputSize());
    Storage dWeight = host.room(p.weightSize());
    backend.conv2d(p, host.put(x), host.put(weight), null, y);
    backend.conv2dBackwardData(p, host.put(dy), host.put(weight), dx);
    backend.conv2dBackwardWeights(p, host.put(x), host.put(dy), dWeight);
    double expected = Numbers.dot(host.get(y), dy);
    double allowed = 1e-14 * Numbers.absDot(host.get(y), dy) * p.c() * p.kh() * p.kw();
    assertClose(problem + " dx", expected, Numbers.dot(host.get(dx), x), allowed, 0);
    assertClose(problem + " dw", expected, Numbers.dot(host.get(dWeight), weight), allowed, 0);
  }

  @Test
  void multipliesMatricesStoredEitherWay() {
    double[] a = {1, 2, 3, 4, 5, 6}; // (2, 3)
    double[] aTransposed = {1, 4, 2, 5, 3, 6};
    double[] b = {1, 2, 3, 4, 5, 6}; // (3, 2)
    double[] bTransposed = {1, 3, 5, 2, 4, 6};
    double[] product = {22, 28, 49, 64};
    for (boolean transA : new boolean[] {false, true}) {
      for (boolean transB : new boolean[] {false, true}) {
        GemmProblem p = new GemmProblem(2, 2, 3, transA, transB);
        Storage c = host.room(4);
        backend.gemm(
            p, host.put(transA ? aTransposed : a), host.put(transB ? bTransposed : b), null, c);
        assertClose(p.toString(), product, host.get(c), 0);
      }
    }
    Storage c = host.room(4);
    backend.gemm(
        new GemmProblem(2, 2, 3, false, false), host.put(a), host.put(b), host.put(100, 1000), c);
    assertClose("bias", new double[] {122, 1028, 149, 1064}, host.get(c), 0);
  }
}
