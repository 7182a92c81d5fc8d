package dev.thumbnet.engine.backend.cpu.winograd;

import static dev.thumbnet.engine.backend.cpu.runtime.CpuRoom.assertNothingBefore;
import static dev.thumbnet.engine.backend.cpu.runtime.CpuRoom.put;
import static dev.thumbnet.engine.backend.cpu.runtime.CpuRoom.room;
import static dev.thumbnet.engine.backend.cpu.runtime.CpuRoom.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.engine.backend.Backend;
import dev.thumbnet.engine.backend.ProblemList;
import dev.thumbnet.engine.backend.Storage;
import dev.thumbnet.engine.backend.contract.RandomProblems;
import dev.thumbnet.engine.backend.cpu.Convolutions;
import dev.thumbnet.engine.backend.cpu.kernel.Kernels;
import dev.thumbnet.engine.backend.cpu.kernel.WinogradMatrices;
import dev.thumbnet.engine.backend.cpu.kernel.WinogradWeightGradientKernels;
import dev.thumbnet.engine.backend.cpu.runtime.BufferPool;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.cpu.runtime.WorkerPool;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.backend.reference.ReferenceBackend;
import dev.thumbnet.engine.testing.Close;
import dev.thumbnet.engine.testing.Host;
import dev.thumbnet.engine.testing.Numbers;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Winograd's gradient for the weights with each tile, both sets of kernels and several numbers of
 * threads, on whatever it can do: also where it would not be chosen.
 */
class WinogradWeightGradientTest {
  /**
   * From N(0, 1), the error is at most this times the root of (pixels / 16 + 15), relative to the
   * largest result or, if that is larger, to the standard deviation of one to which all pixels
   * contribute. That holds for the problems named here, not for any random one: in a small tile all
   * the numbers may happen to be large.
   */
  private static final double ERROR_4X4 = 4e-7;

  private static final double ERROR_2X2 = 2.5e-7;

  /** How much each result may be off. */
  private interface Bound {
    double[] allowed(
        WinogradMatrices matrices, Conv2dProblem p, double[] x, double[] dy, double[] expected);
  }

  /** The problems of the shared list that it serves, made affordable. */
  static Stream<Conv2dProblem> shared() {
    return ProblemList.conv2d().stream()
        .filter(p -> WinogradConvolution.serves(p, 1))
        .map(WinogradWeightGradientTest::affordable)
        .distinct();
  }

  private static Conv2dProblem affordable(Conv2dProblem p) {
    int n = Math.min(p.n(), 2);
    int h = Math.min(p.h(), 9 + p.h() % 4);
    int w = Math.min(p.w(), 9 + p.w() % 4);
    int c = Math.min(p.c(), 80);
    int k = Math.min(p.k(), 96);
    return new Conv2dProblem(n, h, w, c, k, 3, 3, 1, 1, p.pad(), 1, 1, 1);
  }

  @ParameterizedTest
  @MethodSource("shared")
  void agreesWithTheReferenceOnTheSharedList(Conv2dProblem p) {
    check(p, 1, WinogradWeightGradientTest::figures);
  }

  /** Small ones, tasks that store at once, several chunks, and parts with sums of their own. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "n1 h1 w1 c1 k1 r3 s3 st1 p1",
        "n1 h3 w3 c16 k16 r3 s3 st1 p0",
        "n2 h8 w9 c3 k5 r3 s3 st1 p1",
        "n1 h5 w5 c64 k40 r3 s3 st1 p4",
        "n1 h6 w8 c40 k200 r3 s3 st1 p0x2",
        "n2 h7 w6 c141 k20 r3 s3 st1 p1",
        "n9 h7 w5 c20 k260 r3 s3 st1 p1",
        "n9 h26 w27 c33 k49 r3 s3 st1 p1",
        "n1 h40 w70 c17 k16 r3 s3 st1 p1",
        "n19 h29 w31 c5 k3 r3 s3 st1 p1",
        "n17 h31 w29 c18 k20 r3 s3 st1 p1"
      })
  void agreesWithTheReference(String line) {
    check(Conv2dProblem.parse(line), 2, WinogradWeightGradientTest::figures);
  }

  @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
  void agreesWithTheReferenceOnRandomProblems(
      @ForAll(supplier = RandomProblems.Conv3x3.class) Conv2dProblem p, @ForAll long seed) {
    check(p, seed, WinogradWeightGradientTest::roundings);
  }

  private static void check(Conv2dProblem p, long seed, Bound bound) {
    double[] x = Numbers.normal(seed, p.inputSize());
    double[] dy = Numbers.normal(seed + 1, p.outputSize());
    double[] expected;
    try (Backend reference = new ReferenceBackend()) {
      Host host = new Host(reference);
      Storage dWeight = host.room(p.weightSize());
      reference.conv2dBackwardWeights(p, host.put(x), host.put(dy), dWeight);
      expected = host.get(dWeight);
    }
    for (Kernels kernels : List.of(Kernels.vector(), Kernels.scalar())) {
      for (WinogradWeightGradientKernels transforms : kernels.winogradGradients()) {
        double[] allowed = bound.allowed(transforms.matrices(), p, x, dy, expected);
        check(p, kernels, transforms, x, dy, expected, allowed);
      }
    }
  }

  private static void check(
      Conv2dProblem p,
      Kernels kernels,
      WinogradWeightGradientKernels transforms,
      double[] x,
      double[] dy,
      double[] expected,
      double[] allowed) {
    double[] first = null;
    for (int threads = 1; threads <= 3; threads++) {
      try (WorkerPool workers = new WorkerPool(threads)) {
        BufferPool buffers = new BufferPool(1 << 24);
        WinogradWeightGradient winograd =
            new WinogradWeightGradient(transforms, kernels.tiles(), buffers, workers);
        String what = kernels.name() + " " + winograd.name() + " " + threads + " threads, " + p;
        CpuStorage dWeight = room(buffers, expected.length);
        winograd.run(p, put(buffers, x), put(buffers, dy), dWeight);
        first = first == null ? values(dWeight) : first;
        Close.assertSameBits(what, first, values(dWeight));
        Close.assertWithin(what, expected, values(dWeight), allowed);
        assertNothingBefore(what, dWeight);
      }
    }
  }

  private static double[] figures(
      WinogradMatrices matrices, Conv2dProblem p, double[] x, double[] dy, double[] expected) {
    double pixels = (double) p.n() * p.outH() * p.outW();
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    double unit = matrices.outputs() == 4 ? ERROR_4X4 : ERROR_2X2;
    double[] allowed = new double[expected.length];
    Arrays.fill(allowed, unit * Math.sqrt(pixels / 16 + 15) * Math.max(Math.sqrt(pixels), largest));
    return allowed;
  }

  private static double[] roundings(
      WinogradMatrices matrices, Conv2dProblem p, double[] x, double[] dy, double[] expected) {
    return WinogradSizes.roundings(new WinogradSizes(matrices).weightGradient(p, x, dy));
  }

  @Test
  void isChosenWhereItIsFaster() {
    assertThat(choice("n16 h56 w56 c64 k64 r3 s3 st1 p1", true)).isEqualTo("winograd-4x4");
    assertThat(choice("n32 h128 w128 c16 k16 r3 s3 st1 p1", true)).isEqualTo("winograd-4x4");
    assertThat(choice("n16 h4 w4 c512 k512 r3 s3 st1 p1", true)).isEqualTo("winograd-4x4");
    assertThat(choice("n8 h6 w6 c256 k256 r3 s3 st1 p1", true)).isEqualTo("winograd-2x2");
    assertThat(choice("n1 h7 w7 c512 k512 r3 s3 st1 p1", true)).isEqualTo("direct");
    assertThat(choice("n16 h2 w2 c512 k512 r3 s3 st1 p1", true)).isEqualTo("direct");
    assertThat(choice("n16 h56 w56 c64 k64 r3 s3 st2 p1", true)).isEqualTo("direct");
    assertThat(choice("n16 h56 w56 c64 k64 r3 s3 st1 p1", false)).isEqualTo("direct");
  }

  private static String choice(String line, boolean winograd) {
    try (WorkerPool workers = new WorkerPool(1)) {
      return new Convolutions(Kernels.scalar(), new BufferPool(0), workers, winograd)
          .accepting(Conv2dProblem.parse(line))
          .getFirst()
          .name();
    }
  }
}
