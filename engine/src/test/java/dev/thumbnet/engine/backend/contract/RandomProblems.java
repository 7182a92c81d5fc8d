package dev.thumbnet.engine.backend.contract;

import dev.thumbnet.engine.backend.problem.AxisProblem;
import dev.thumbnet.engine.backend.problem.BatchNormProblem;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.backend.problem.GemmProblem;
import dev.thumbnet.engine.backend.problem.Padding;
import dev.thumbnet.engine.backend.problem.PoolProblem;
import dev.thumbnet.engine.backend.problem.ResizeProblem;
import dev.thumbnet.engine.backend.problem.ResizeProblem.Filter;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Random problems, small enough for the reference. */
public final class RandomProblems {
  private RandomProblems() {}

  private static Arbitrary<Integer> upTo(int max) {
    return Arbitraries.integers().between(1, max);
  }

  private static Arbitrary<Integer> channels() {
    return Arbitraries.oneOf(upTo(20), Arbitraries.of(31, 32, 33, 63, 64, 65, 96, 100));
  }

  /** Padding before and behind, often the same. */
  private static Arbitrary<int[]> padding(int most) {
    Arbitrary<Integer> one = Arbitraries.integers().between(0, most);
    return Arbitraries.oneOf(
        one.map(pad -> new int[] {pad, pad}), one.array(int[].class).ofSize(2));
  }

  /** One direction of a sliding window. */
  private record Slide(int in, int kernel, int stride, int before, int after, int dilation) {
    static Padding padding(Slide vertical, Slide horizontal) {
      return new Padding(vertical.before, horizontal.before, vertical.after, horizontal.after);
    }
  }

  private static Arbitrary<Slide> slide(int maxKernel, int maxDilation) {
    return Combinators.combine(
            Arbitraries.integers().between(0, 9),
            upTo(maxKernel),
            upTo(3),
            padding(maxKernel),
            upTo(maxDilation))
        .as(
            (extra, kernel, stride, pad, dilation) -> {
              int smallest = Math.max(1, dilation * (kernel - 1) + 1 - pad[0] - pad[1]);
              return new Slide(smallest + extra, kernel, stride, pad[0], pad[1], dilation);
            });
  }

  /** Convolutions of any kind. */
  public static final class Conv implements ArbitrarySupplier<Conv2dProblem> {
    @Override
    public Arbitrary<Conv2dProblem> get() {
      Arbitrary<Integer> groups =
          Arbitraries.frequencyOf(Tuple.of(4, Arbitraries.just(1)), Tuple.of(1, upTo(4)));
      return Combinators.combine(upTo(3), slide(4, 4), slide(4, 4), channels(), channels(), groups)
          .as(
              (n, v, h, c, k, g) ->
                  new Conv2dProblem(
                      n,
                      v.in,
                      h.in,
                      multiple(c, g),
                      multiple(k, g),
                      v.kernel,
                      h.kernel,
                      v.stride,
                      h.stride,
                      Slide.padding(v, h),
                      v.dilation,
                      h.dilation,
                      g));
    }

    private static int multiple(int size, int groups) {
      return Math.max(1, size / groups) * groups;
    }
  }

  /** 3x3 convolutions with stride 1, for which there are algorithms of their own. */
  public static final class Conv3x3 implements ArbitrarySupplier<Conv2dProblem> {
    @Override
    public Arbitrary<Conv2dProblem> get() {
      Arbitrary<int[]> pad = padding(2).filter(p -> p[0] + p[1] > 1);
      return Combinators.combine(upTo(3), upTo(14), upTo(14), channels(), channels(), pad, pad)
          .as(
              (n, h, w, c, k, v, u) ->
                  new Conv2dProblem(
                      n, h, w, c, k, 3, 3, 1, 1, new Padding(v[0], u[0], v[1], u[1]), 1, 1, 1));
    }
  }

  /** 3x3 kernels with stride 2. */
  public static final class Conv3x3Strided implements ArbitrarySupplier<Conv2dProblem> {
    @Override
    public Arbitrary<Conv2dProblem> get() {
      return new Conv3x3()
          .get()
          .map(
              p ->
                  new Conv2dProblem(
                      p.n(),
                      2 * p.h() + p.pad().top(),
                      2 * p.w() + p.pad().left(),
                      p.c(),
                      p.k(),
                      3,
                      3,
                      2,
                      2,
                      p.pad(),
                      1,
                      1,
                      1));
    }
  }

  /** Groups of one or a few channels, equal, or some of them to one or from one. */
  public static final class Grouped implements ArbitrarySupplier<Conv2dProblem> {
    @Override
    public Arbitrary<Conv2dProblem> get() {
      Arbitrary<int[]> group =
          Arbitraries.of(
              new int[] {1, 1},
              new int[] {1, 1},
              new int[] {2, 2},
              new int[] {4, 4},
              new int[] {8, 8},
              new int[] {3, 3},
              new int[] {1, 2},
              new int[] {1, 3},
              new int[] {4, 1},
              new int[] {2, 5});
      Arbitrary<Integer> groups = Arbitraries.integers().between(2, 40);
      return Combinators.combine(upTo(2), slide(5, 2), slide(5, 2), group, groups)
          .as(
              (n, v, h, ck, g) ->
                  new Conv2dProblem(
                      n,
                      v.in,
                      h.in,
                      ck[0] * g,
                      ck[1] * g,
                      v.kernel,
                      h.kernel,
                      v.stride,
                      h.stride,
                      Slide.padding(v, h),
                      v.dilation,
                      h.dilation,
                      g));
    }
  }

  /** Pooling windows of any kind; half of them have no dilation, as means need. */
  static final class Pool implements ArbitrarySupplier<PoolProblem> {
    @Override
    public Arbitrary<PoolProblem> get() {
      return Arbitraries.of(1, 3).flatMap(Pool::upToDilation);
    }

    private static Arbitrary<PoolProblem> upToDilation(int maxDilation) {
      Arbitrary<Slide> slide = slide(5, maxDilation).map(Pool::seeing);
      return Combinators.combine(upTo(3), slide, slide, channels(), Arbitraries.of(false, true))
          .as(
              (n, v, h, c, ceil) ->
                  new PoolProblem(
                      n,
                      v.in,
                      h.in,
                      c,
                      v.kernel,
                      h.kernel,
                      v.stride,
                      h.stride,
                      Slide.padding(v, h),
                      v.dilation,
                      h.dilation,
                      ceil));
    }

    /** Each window gets an element of the picture. */
    private static Slide seeing(Slide s) {
      int most = s.kernel - 1;
      int in = s.in + s.kernel * s.dilation;
      return new Slide(
          in, s.kernel, s.stride, Math.min(s.before, most), Math.min(s.after, most), s.dilation);
    }
  }

  /** Changes of size of any kind. */
  static final class Resize implements ArbitrarySupplier<ResizeProblem> {
    @Override
    public Arbitrary<ResizeProblem> get() {
      return Combinators.combine(
              upTo(2),
              upTo(20),
              upTo(20),
              channels(),
              upTo(20),
              upTo(20),
              Arbitraries.of(Filter.class))
          .as(ResizeProblem::new);
    }
  }

  /** Matrix products of any kind. */
  static final class Gemm implements ArbitrarySupplier<GemmProblem> {
    @Override
    public Arbitrary<GemmProblem> get() {
      Arbitrary<Boolean> trans = Arbitraries.of(false, true);
      return Combinators.combine(upTo(90), upTo(90), upTo(150), trans, trans).as(GemmProblem::new);
    }
  }

  /** Broadcasts and sums of any kind. */
  static final class Axis implements ArbitrarySupplier<AxisProblem> {
    @Override
    public Arbitrary<AxisProblem> get() {
      return Combinators.combine(upTo(5), upTo(90), upTo(70)).as(AxisProblem::new);
    }
  }

  /** Batch norms of any kind. */
  static final class BatchNorm implements ArbitrarySupplier<BatchNormProblem> {
    @Override
    public Arbitrary<BatchNormProblem> get() {
      return Combinators.combine(upTo(200), channels(), Arbitraries.of(false, true))
          .as((rows, channels, relu) -> new BatchNormProblem(rows, channels, 1e-5, relu));
    }
  }
}
