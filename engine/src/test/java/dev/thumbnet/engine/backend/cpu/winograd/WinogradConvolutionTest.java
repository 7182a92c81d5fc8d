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
import dev.thumbnet.engine.backend.cpu.conv.DirectConvolution;
import dev.thumbnet.engine.backend.cpu.conv.Direction;
import dev.thumbnet.engine.backend.cpu.kernel.Kernels;
import dev.thumbnet.engine.backend.cpu.kernel.WinogradKernels;
import dev.thumbnet.engine.backend.cpu.kernel.WinogradMatrices;
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
 * Winograd's convolution with each tile, both sets of kernels and several numbers of threads, on
 * whatever it can do: also where it would not be chosen.
 */
class WinogradConvolutionTest {
  /**
   * From N(0, 1), the error is at most this times the root of (input channels + 15), relative to
   * the largest result or, if that is larger, to the standard deviation of one with all its kernel
   * elements. That holds for the problems named here, not for any random one: in a small tile all
   * the numbers may happen to be large.
   */
  private static final double ERROR_4X4 = 5e-7;

  private static final double ERROR_2X2 = 2.5e-7;

  /** How much each result may be off. */
  private interface Bound {
    double[] allowed(
        WinogradMatrices matrices,
        Direction c,
        double[] x,
        double[] w,
        double[] bias,
        double[] expected);
  }

  /** The problems of the shared list that it serves, made affordable. */
  static Stream<Conv2dProblem> shared() {
    return ProblemList.conv2d().stream()
        .filter(p -> WinogradConvolution.serves(p, p.strideH()))
        .map(WinogradConvolutionTest::affordable)
        .distinct();
  }

  private static Conv2dProblem affordable(Conv2dProblem p) {
    int n = Math.min(p.n(), 2);
    int h = Math.min(p.h(), 9 + p.h() % 4);
    int w = Math.min(p.w(), 9 + p.w() % 4);
    int c = Math.min(p.c(), 96);
    int k = Math.min(p.k(), 80);
    int stride = p.strideH();
    return new Conv2dProblem(n, h, w, c, k, 3, 3, stride, stride, p.pad(), 1, 1, 1);
  }

  @ParameterizedTest
  @MethodSource("shared")
  void agreesWithTheReferenceOnTheSharedList(Conv2dProblem p) {
    check(p, 1, WinogradConvolutionTest::figures);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "n1 h1 w1 c1 k1 r3 s3 st1 p1",
        "n1 h3 w3 c16 k16 r3 s3 st1 p0",
        "n2 h8 w9 c3 k5 r3 s3 st1 p1",
        "n1 h40 w70 c17 k16 r3 s3 st1 p1",
        "n1 h5 w5 c40 k64 r3 s3 st1 p4",
        "n3 h7 w7 c96 k17 r3 s3 st1 p1",
        "n17 h2 w2 c64 k40 r3 s3 st1 p1",
        "n1 h6 w8 c40 k300 r3 s3 st1 p0x2",
        "n5 h33 w35 c5 k3 r3 s3 st1 p1",
        "n70 h5 w4 c16 k16 r3 s3 st1 p1",
        "n3 h14 w11 c32 k64 r3 s3 st1 p1",
        "n2 h6 w13 c20 k128 r3 s3 st1 p1",
        "n1 h3 w5 c1 k1 r3 s3 st2 p0",
        "n2 h7 w9 c3 k5 r3 s3 st2 p1",
        "n1 h40 w71 c17 k16 r3 s3 st2 p1",
        "n1 h6 w5 c40 k64 r3 s3 st2 p4",
        "n3 h13 w14 c96 k17 r3 s3 st2 p1",
        "n17 h4 w4 c64 k40 r3 s3 st2 p1",
        "n1 h11 w16 c40 k300 r3 s3 st2 p0x2",
        "n5 h33 w130 c5 k3 r3 s3 st2 p1",
        "n3 h28 w22 c32 k64 r3 s3 st2 p1"
      })
  void agreesWithTheReference(String line) {
    check(Conv2dProblem.parse(line), 2, WinogradConvolutionTest::figures);
  }

  /** Enough channels for the tasks to transform their weights themselves, in several pieces. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "n1 h6 w5 c270 k257 r3 s3 st1 p1",
        "n9 h11 w12 c256 k512 r3 s3 st1 p1",
        "n5 h14 w14 c256 k512 r3 s3 st2 p1"
      })
  void deepLayersAgreeWithDirect(String line) {
    Conv2dProblem p = Conv2dProblem.parse(line);
    Direction c = Direction.forward(p);
    BufferPool buffers = new BufferPool(0);
    CpuStorage x = put(buffers, Numbers.normal(1, p.inputSize()));
    CpuStorage w = put(buffers, Numbers.normal(2, p.weightSize()));
    CpuStorage bias = put(buffers, Numbers.normal(3, p.k()));
    try (WorkerPool workers = new WorkerPool(2)) {
      Kernels kernels = Kernels.vector();
      CpuStorage direct = room(buffers, p.outputSize());
      new DirectConvolution(kernels, buffers, workers).run(c, x, w, bias, direct);
      for (WinogradKernels transforms : serving(p, kernels)) {
        WinogradConvolution winograd =
            new WinogradConvolution(transforms, kernels, buffers, workers);
        CpuStorage y = room(buffers, p.outputSize());
        winograd.run(c, x, w, bias, y);
        double[] expected = values(direct);
        double[] allowed = figures(transforms.matrices(), c, null, null, null, expected);
        compare(winograd.name(), expected, y, allowed);
      }
    }
  }

  private static List<WinogradKernels> serving(Conv2dProblem p, Kernels kernels) {
    return kernels.winograd().stream()
        .filter(transforms -> WinogradConvolution.serves(p, transforms.matrices().stride()))
        .toList();
  }

  @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
  void agreesWithTheReferenceOnRandomProblems(
      @ForAll(supplier = RandomProblems.Conv3x3.class) Conv2dProblem p, @ForAll long seed) {
    check(p, seed, WinogradConvolutionTest::roundings);
  }

  @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
  void agreesWithTheReferenceWithStride(
      @ForAll(supplier = RandomProblems.Conv3x3Strided.class) Conv2dProblem p, @ForAll long seed) {
    check(p, seed, WinogradConvolutionTest::roundings);
  }

  private static void check(Conv2dProblem p, long seed, Bound bound) {
    double[] x = Numbers.normal(seed, p.inputSize());
    double[] w = Numbers.normal(seed + 1, p.weightSize());
    double[] bias = Numbers.normal(seed + 2, p.k());
    double[] dy = Numbers.normal(seed + 3, p.outputSize());
    double[] y;
    double[] dx;
    try (Backend reference = new ReferenceBackend()) {
      Host host = new Host(reference);
      Storage out = host.room(p.outputSize());
      Storage back = host.room(p.inputSize());
      reference.conv2d(p, host.put(x), host.put(w), host.put(bias), out);
      reference.conv2dBackwardData(p, host.put(dy), host.put(w), back);
      y = host.get(out);
      dx = host.get(back);
    }
    for (Kernels kernels : List.of(Kernels.vector(), Kernels.scalar())) {
      for (WinogradKernels transforms : serving(p, kernels)) {
        check(Direction.forward(p), kernels, transforms, bound, x, w, bias, y);
        if (p.strideH() == 1) {
          check(Direction.backwardData(p), kernels, transforms, bound, dy, w, null, dx);
        }
      }
    }
  }

  private static void check(
      Direction c,
      Kernels kernels,
      WinogradKernels transforms,
      Bound bound,
      double[] x,
      double[] w,
      double[] bias,
      double[] expected) {
    double[] allowed = bound.allowed(transforms.matrices(), c, x, w, bias, expected);
    double[] first = null;
    for (int threads = 1; threads <= 3; threads++) {
      try (WorkerPool workers = new WorkerPool(threads)) {
        BufferPool buffers = new BufferPool(1 << 24);
        WinogradConvolution winograd =
            new WinogradConvolution(transforms, kernels, buffers, workers);
        String what = kernels.name() + " " + winograd.name() + " " + threads + " threads, " + c;
        CpuStorage y = room(buffers, expected.length);
        winograd.run(
            c, put(buffers, x), put(buffers, w), bias == null ? null : put(buffers, bias), y);
        first = first == null ? values(y) : first;
        Close.assertSameBits(what, first, values(y));
        compare(what, expected, y, allowed);
      }
    }
  }

  private static double[] figures(
      WinogradMatrices matrices,
      Direction c,
      double[] x,
      double[] w,
      double[] bias,
      double[] expected) {
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    double unit = matrices.outputs() == 4 ? ERROR_4X4 : ERROR_2X2;
    double[] allowed = new double[expected.length];
    Arrays.fill(allowed, unit * Math.sqrt(c.inC + 15) * Math.max(3 * Math.sqrt(c.inC), largest));
    return allowed;
  }

  private static double[] roundings(
      WinogradMatrices matrices,
      Direction c,
      double[] x,
      double[] w,
      double[] bias,
      double[] expected) {
    return WinogradSizes.roundings(new WinogradSizes(matrices).convolution(c, x, w, bias));
  }

  private static void compare(String what, double[] expected, CpuStorage y, double[] allowed) {
    Close.assertWithin(what, expected, values(y), allowed);
    assertNothingBefore(what, y);
  }

  @Test
  void isChosenWhereItIsFaster() {
    assertThat(choice("n16 h56 w56 c64 k64 r3 s3 st1 p1", true)).isEqualTo("winograd-4x4");
    assertThat(choice("n1 h7 w7 c512 k512 r3 s3 st1 p1", true)).isEqualTo("winograd-2x2");
    assertThat(choice("n16 h7 w7 c512 k512 r3 s3 st1 p1", true)).isEqualTo("winograd-4x4");
    assertThat(choice("n1 h4 w4 c512 k512 r3 s3 st1 p1", true)).isEqualTo("winograd-2x2");
    assertThat(choice("n1 h2 w2 c512 k512 r3 s3 st1 p1", true)).isEqualTo("direct");
    assertThat(choice("n16 h56 w56 c3 k64 r3 s3 st1 p1", true)).isEqualTo("direct");
    assertThat(choice("n16 h56 w56 c64 k128 r3 s3 st2 p1", true)).isEqualTo("winograd-4x4/2");
    assertThat(choice("n1 h14 w14 c256 k512 r3 s3 st2 p1", true)).isEqualTo("direct");
    assertThat(choice("n16 h56 w56 c32 k64 r3 s3 st2 p1", true)).isEqualTo("direct");
    assertThat(choice("n16 h56 w56 c64 k64 r3 s3 st1 p1", false)).isEqualTo("direct");
  }

  private static String choice(String line, boolean winograd) {
    try (WorkerPool workers = new WorkerPool(1)) {
      return new Convolutions(Kernels.scalar(), new BufferPool(0), workers, winograd)
          .accepting(Direction.forward(Conv2dProblem.parse(line)))
          .getFirst()
          .name();
    }
  }
}
