package dev.thumbnet.engine.backend.cpu;

import static dev.thumbnet.engine.backend.cpu.runtime.CpuRoom.assertNothingBefore;
import static dev.thumbnet.engine.backend.cpu.runtime.CpuRoom.put;
import static dev.thumbnet.engine.backend.cpu.runtime.CpuRoom.room;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.engine.backend.Backend;
import dev.thumbnet.engine.backend.Storage;
import dev.thumbnet.engine.backend.contract.Problems;
import dev.thumbnet.engine.backend.contract.RandomProblems;
import dev.thumbnet.engine.backend.cpu.conv.ConvolutionAlgorithm;
import dev.thumbnet.engine.backend.cpu.conv.Direction;
import dev.thumbnet.engine.backend.cpu.gradient.WeightGradient;
import dev.thumbnet.engine.backend.cpu.kernel.Kernels;
import dev.thumbnet.engine.backend.cpu.runtime.BufferPool;
import dev.thumbnet.engine.backend.cpu.runtime.CpuRoom;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.cpu.runtime.WorkerPool;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.backend.problem.GemmProblem;
import dev.thumbnet.engine.backend.problem.Padding;
import dev.thumbnet.engine.backend.reference.ReferenceBackend;
import dev.thumbnet.engine.testing.Close;
import dev.thumbnet.engine.testing.Host;
import dev.thumbnet.engine.testing.Numbers;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every convolution algorithm that accepts a problem, with both sets of kernels, against the
 * reference. The contract of backends, in the package {@code contract}, only sees the one that is
 * chosen.
 */
class ConvolutionsTest {
  /** Roundings of the sum of absolute products that are allowed. */
  private static final double ROUNDINGS = 8;

  private static final List<Kernels> KERNELS = List.of(Kernels.vector(), Kernels.scalar());

  static Stream<Conv2dProblem> list() {
    return Problems.wanted(
        Conv2dProblem::parse,
        Stream.of(
                "n1 h1 w1 c1 k1 r1 s1 st1 p0",
                "n2 h9 w8 c16 k16 r3 s3 st1 p1",
                "n1 h11 w13 c5 k7 r3 s3 st1 p1",
                "n3 h7 w7 c64 k96 r3 s3 st1 p1",
                "n5 h4 w4 c48 k80 r3 s3 st1 p1",
                "n7 h2 w2 c32 k64 r3 s3 st1 p1",
                "n2 h1 w1 c32 k64 r3 s3 st1 p1",
                "n2 h14 w15 c32 k64 r3 s3 st2 p1",
                "n2 h8 w9 c32 k33 r1 s1 st2 p0",
                "n2 h20 w22 c3 k16 r7 s7 st2 p3",
                "n2 h17 w12 c3 k16 r5 s5 st2 p2",
                "n2 h13 w14 c16 k3 r5 s5 st1 p2",
                "n1 h9 w10 c24 k3 r3 s3 st1 p1",
                "n2 h33 w31 c16 k3 r5 s5 st2 p2",
                "n20 h12 w9 c7 k3 r3 s3 st1 p1",
                "n35 h8 w8 c2 k6 r3 s3 st1 p1",
                "n1 h29 w30 c9 k2 r4 s3 st3x2 p1x3 d1x2",
                "n1 h40 w41 c33 k3 r2 s2 st3 p0",
                "n1 h25 w26 c1 k5 r5 s5 st1 p4",
                "n2 h30 w300 c130 k3 r3 s3 st1 p1",
                "n1 h12 w10 c12 k20 r3 s3 st1 p2 d2",
                "n1 h12 w10 c4 k20 r3 s2 st3x2 p2x1 d2x1",
                "n1 h12 w13 c4 k6 r4 s3 st2x1 p3x2 d1x3",
                "n1 h6 w6 c8 k8 r3 s3 st1 p4",
                "n2 h7 w6 c37 k37 r3 s3 st2 p1 d1 g37",
                "n2 h7 w6 c12 k24 r3 s3 st1 p1 d1 g4",
                "n2 h7 w6 c6 k12 r3 s3 st1 p1 d1 g6",
                "n2 h17 w19 c40 k40 r3 s3 st1 p1 g40",
                "n2 h15 w12 c24 k24 r3 s3 st2 p1 g24",
                "n1 h14 w14 c20 k20 r5 s5 st1 p2 g20",
                "n1 h13 w16 c36 k36 r5 s5 st2 p2 g36",
                "n1 h12 w11 c9 k9 r3 s3 st1 p2 d2 g9",
                "n1 h9 w9 c18 k18 r7 s2 st3x1 p3x0 g18",
                "n1 h3 w2 c5 k5 r5 s5 st1 p2 g5",
                "n2 h9 w9 c7 k21 r3 s3 st2 p1 g7",
                "n1 h8 w9 c30 k30 r3 s3 st1 p1 g15",
                "n2 h14 w13 c48 k48 r3 s3 st1 p1 g12",
                "n1 h13 w13 c40 k40 r3 s3 st2 p1 g5",
                "n1 h9 w6 c64 k64 r3 s3 st1 p1 g4",
                "n2 h9 w10 c24 k12 r1 s1 st1 p0 g3",
                "n2 h5 w5 c16 k16 r1 s1 st2 p0 g16",
                "n1 h3 w3 c1030 k17 r1 s1 st1 p0",
                "n1 h40 w3 c1 k1 r3 s3 st1 p1",
                "n1 h5 w70 c6 k130 r1 s3 st1 p0x1",
                "n4 h30 w30 c4 k64 r3 s3 st1 p1")
            .map(Conv2dProblem::parse));
  }

  @ParameterizedTest
  @MethodSource("list")
  void allAlgorithmsAgreeWithTheReference(Conv2dProblem p) {
    check(p, 1);
  }

  @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
  void randomProblemsAgreeWithTheReference(@ForAll("problems") Conv2dProblem p, @ForAll long seed) {
    check(p, seed);
  }

  @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
  void randomGroupsAgreeWithTheReference(
      @ForAll(supplier = RandomProblems.Grouped.class) Conv2dProblem p, @ForAll long seed) {
    check(p, seed);
  }

  @Provide
  Arbitrary<Conv2dProblem> problems() {
    Arbitrary<int[]> size = numbers(2, 1, 12);
    Arbitrary<int[]> channels = numbers(2, 1, 40);
    Arbitrary<int[]> kernel = numbers(2, 1, 5);
    Arbitrary<int[]> stride = numbers(2, 1, 3);
    Arbitrary<int[]> pad = numbers(4, 0, 4);
    Arbitrary<int[]> dilation = numbers(2, 1, 2);
    Arbitrary<int[]> rest = Arbitraries.of(1, 2, 3, 5).array(int[].class).ofSize(2);
    return Combinators.combine(size, channels, kernel, stride, pad, dilation, rest)
        .as(
            (hw, ck, rs, st, p, d, ng) -> {
              int groups = Math.min(3, ng[1]);
              int needH = Math.max(hw[0], d[0] * (rs[0] - 1) + 1 - p[0] - p[2]);
              int needW = Math.max(hw[1], d[1] * (rs[1] - 1) + 1 - p[1] - p[3]);
              return new Conv2dProblem(
                  ng[0],
                  needH,
                  needW,
                  ck[0] * groups,
                  ck[1] * groups,
                  rs[0],
                  rs[1],
                  st[0],
                  st[1],
                  new Padding(p[0], p[1], p[2], p[3]),
                  d[0],
                  d[1],
                  groups);
            });
  }

  private static Arbitrary<int[]> numbers(int count, int min, int max) {
    return Arbitraries.integers().between(min, max).array(int[].class).ofSize(count);
  }

  private static void check(Conv2dProblem p, long seed) {
    double[] x = Numbers.normal(seed, p.inputSize());
    double[] w = Numbers.normal(seed + 1, p.weightSize());
    double[] bias = Numbers.normal(seed + 2, p.k());
    double[] dy = Numbers.normal(seed + 3, p.outputSize());
    Expected forward =
        Expected.of(p.outputSize(), x, w, bias, (b, s) -> b.conv2d(p, s[0], s[1], s[2], s[3]));
    Expected data =
        Expected.of(
            p.inputSize(), dy, w, bias, (b, s) -> b.conv2dBackwardData(p, s[0], s[1], s[3]));
    Expected weights =
        Expected.of(
            p.weightSize(), x, dy, bias, (b, s) -> b.conv2dBackwardWeights(p, s[0], s[1], s[3]));
    for (Kernels kernels : KERNELS) {
      try (WorkerPool workers = new WorkerPool(2)) {
        BufferPool buffers = new BufferPool(0);
        Convolutions all = new Convolutions(kernels, buffers, workers, true);
        Direction c = Direction.forward(p);
        for (ConvolutionAlgorithm a : all.accepting(c)) {
          CpuStorage y = room(buffers, p.outputSize());
          a.run(c, put(buffers, x), put(buffers, w), put(buffers, bias), y);
          forward.of(a.name()).check(kernels.name() + " forward " + a.name() + " " + p, y);
        }
        Direction t = Direction.backwardData(p);
        for (ConvolutionAlgorithm a : all.accepting(t)) {
          CpuStorage dx = room(buffers, p.inputSize());
          a.run(t, put(buffers, dy), put(buffers, w), null, dx);
          data.of(a.name()).check(kernels.name() + " backward data " + a.name() + " " + p, dx);
        }
        for (WeightGradient a : all.accepting(p)) {
          CpuStorage dw = room(buffers, p.weightSize());
          a.run(p, put(buffers, x), put(buffers, dy), dw);
          weights
              .of(a.name())
              .check(kernels.name() + " backward weights " + a.name() + " " + p, dw);
        }
      }
    }
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void productsAgreeWithTheReference(
      @ForAll("products") GemmProblem p, @ForAll boolean withBias, @ForAll long seed) {
    double[] a = Numbers.normal(seed, p.m() * p.k());
    double[] b = Numbers.normal(seed + 1, p.k() * p.n());
    double[] bias = withBias ? Numbers.normal(seed + 2, p.n()) : new double[p.n()];
    Expected expected =
        Expected.of(p.m() * p.n(), a, b, bias, (r, s) -> r.gemm(p, s[0], s[1], s[2], s[3]));
    for (Kernels kernels : KERNELS) {
      try (WorkerPool workers = new WorkerPool(2)) {
        BufferPool buffers = new BufferPool(0);
        CpuStorage c = room(buffers, p.m() * p.n());
        new Convolutions(kernels, buffers, workers, true)
            .gemm(p, put(buffers, a), put(buffers, b), withBias ? put(buffers, bias) : null, c);
        expected.check(kernels.name() + " " + p, c);
      }
    }
  }

  /** A few rows meet a matrix of one or more stripes of columns, of odd and even sizes. */
  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  void productsOfFewRowsAgreeWithTheReference(
      @ForAll("productsOfFewRows") GemmProblem p, @ForAll boolean withBias, @ForAll long seed) {
    productsAgreeWithTheReference(p, withBias, seed);
  }

  @Provide
  Arbitrary<GemmProblem> productsOfFewRows() {
    Arbitrary<Integer> rows = Arbitraries.integers().between(1, 18);
    Arbitrary<Integer> columns =
        Arbitraries.oneOf(
            Arbitraries.integers().between(1, 70),
            Arbitraries.integers().between(250, 530),
            Arbitraries.of(1000, 1024, 1025, 4096, 4171));
    Arbitrary<Integer> length = Arbitraries.integers().between(1, 70);
    Arbitrary<Boolean> flag = Arbitraries.of(true, false);
    return Combinators.combine(rows, columns, length, flag, flag).as(GemmProblem::new);
  }

  @Provide
  Arbitrary<GemmProblem> products() {
    Arbitrary<Integer> extent =
        Arbitraries.oneOf(Arbitraries.integers().between(1, 20), Arbitraries.of(64, 100, 131, 200));
    Arbitrary<Boolean> flag = Arbitraries.of(true, false);
    return Combinators.combine(extent, extent, extent, flag, flag).as(GemmProblem::new);
  }

  @Test
  void bitsDoNotDependOnThreadsOrWarmth() {
    for (String line :
        List.of(
            "n4 h28 w28 c16 k16 r3 s3 st1 p1",
            "n4 h28 w28 c3 k64 r7 s7 st2 p3",
            "n4 h28 w28 c16 k3 r5 s5 st1 p2",
            "n40 h8 w10 c8 k8 r3 s3 st2 p1",
            "n4 h7 w7 c64 k128 r3 s3 st2 p1",
            "n2 h40 w40 c48 k48 r3 s3 st2 p1 g48",
            "n1 h60 w56 c64 k64 r3 s3 st1 p1 g16",
            "n5 h1 w1 c96 k1500 r1 s1 st1 p0")) {
      Conv2dProblem p = Conv2dProblem.parse(line);
      for (Kernels kernels : KERNELS) {
        double[] first = null;
        for (int threads : new int[] {1, 2, 5, 3}) {
          try (Backend backend = new CpuBackend(threads, kernels)) {
            for (int i = 0; i < 3; i++) {
              double[] bits = allThree(backend, p);
              first = first == null ? bits : first;
              Close.assertSameBits(kernels.name() + " " + threads + " threads: " + p, first, bits);
            }
          }
        }
      }
    }
  }

  private static double[] allThree(Backend backend, Conv2dProblem p) {
    Host host = new Host(backend);
    Storage x = host.put(Numbers.normal(1, p.inputSize()));
    Storage w = host.put(Numbers.normal(2, p.weightSize()));
    Storage dy = host.put(Numbers.normal(3, p.outputSize()));
    Storage y = host.room(p.outputSize());
    Storage dx = host.room(p.inputSize());
    Storage dw = host.room(p.weightSize());
    backend.conv2d(p, x, w, null, y);
    backend.conv2dBackwardData(p, dy, w, dx);
    backend.conv2dBackwardWeights(p, x, dy, dw);
    double[] a = host.get(y);
    double[] b = host.get(dx);
    double[] c = host.get(dw);
    double[] all = Arrays.copyOf(a, a.length + b.length + c.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    System.arraycopy(c, 0, all, a.length + b.length, c.length);
    return all;
  }

  @Test
  void describesItsChoice() {
    Convolutions convolutions =
        new Convolutions(Kernels.scalar(), new BufferPool(0), new WorkerPool(1), true);
    assertThat(convolutions.describe(Conv2dProblem.parse("n2 h32 w32 c3 k64 r7 s7 st2 p3")))
        .isEqualTo(
            "n2 h32 w32 c3 k64 r7 s7 st2 p3: forward direct, backward data planar,"
                + " backward weights few-channels");
  }

  /** What the reference says, and how much rounding may change. */
  private record Expected(double[] values, double[] allowed) {
    static Expected of(
        int size, double[] a, double[] b, double[] bias, BiConsumer<Backend, Storage[]> run) {
      double[] values = reference(size, a, b, bias, run);
      double[] allowed = reference(size, Numbers.abs(a), Numbers.abs(b), Numbers.abs(bias), run);
      for (int i = 0; i < size; i++) {
        allowed[i] *= ROUNDINGS * Close.FLOAT;
      }
      return new Expected(values, allowed);
    }

    private static double[] reference(
        int size, double[] a, double[] b, double[] bias, BiConsumer<Backend, Storage[]> run) {
      try (Backend reference = new ReferenceBackend()) {
        Host host = new Host(reference);
        Storage out = host.room(size);
        run.accept(reference, new Storage[] {host.put(a), host.put(b), host.put(bias), out});
        return host.get(out);
      }
    }

    /** With Winograd's algorithms the largest sum of a tile counts for all. */
    Expected of(String algorithm) {
      if (!algorithm.startsWith("winograd")) {
        return this;
      }
      double[] largest = new double[values.length];
      Arrays.fill(largest, Arrays.stream(allowed).max().orElseThrow());
      return new Expected(values, largest);
    }

    void check(String what, CpuStorage actual) {
      Close.assertWithin(what, values, CpuRoom.values(actual), allowed);
      assertNothingBefore(what, actual);
    }
  }
}
