package dev.thumbnet.engine.backend.contract;

import dev.thumbnet.engine.backend.ProblemList;
import dev.thumbnet.engine.backend.problem.AxisProblem;
import dev.thumbnet.engine.backend.problem.BatchNormProblem;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.backend.problem.GemmProblem;
import dev.thumbnet.engine.backend.problem.PoolProblem;
import dev.thumbnet.engine.backend.problem.ResizeProblem;
import dev.thumbnet.engine.backend.problem.ResizeProblem.Filter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The problems that every backend is tested on: the shared list, made affordable, and more. The
 * property {@code problem} puts one problem in the place of a list of convolutions or of windows,
 * in its one-line form.
 */
public final class Problems {
  /** Extents beside multiples of any number of lanes and of any block. */
  static final int[] SIZES = {1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 63, 65, 100, 255, 257, 1021};

  /** Multiply-adds that the reference can do for each of hundreds of problems. */
  private static final long AFFORDABLE = 2_000_000;

  private Problems() {}

  /** Returns what the property {@code problem} asks for, or else the whole list. */
  public static <P> Stream<P> wanted(Function<String, P> parse, Stream<P> all) {
    String wish = System.getProperty("problem");
    return wish == null ? all : Stream.of(parse.apply(wish));
  }

  /** Returns the shared list as it is. */
  static Stream<Conv2dProblem> conv2d() {
    return wanted(Conv2dProblem::parse, ProblemList.conv2d().stream());
  }

  /** Returns the shared list with fewer rows, columns and, at last, channels. */
  static Stream<Conv2dProblem> smallConv2d() {
    return wanted(
        Conv2dProblem::parse,
        ProblemList.conv2d().stream().map(p -> shrink(p, AFFORDABLE)).distinct());
  }

  /** Halves rows down to three rows of output, then columns, then channels until it is enough. */
  static Conv2dProblem shrink(Conv2dProblem p, long macs) {
    Conv2dProblem q = p;
    while (q.macs() > macs) {
      int h = q.h();
      int w = q.w();
      int c = q.c();
      int k = q.k();
      if (q.outH() > 3) {
        h = h / 2 + h % 2;
      } else if (q.outW() > 7) {
        w = w / 2 + w % 2;
      } else if (c >= k && c % (2 * q.groups()) == 0) {
        c /= 2;
      } else if (k % (2 * q.groups()) == 0) {
        k /= 2;
      } else {
        return q;
      }
      q =
          new Conv2dProblem(
              q.n(),
              h,
              w,
              c,
              k,
              q.kh(),
              q.kw(),
              q.strideH(),
              q.strideW(),
              q.pad(),
              q.dilationH(),
              q.dilationW(),
              q.groups());
    }
    return q;
  }

  /** Returns the shared list of windows with at most 40 rows and columns. */
  static Stream<PoolProblem> smallPool() {
    return wanted(PoolProblem::parse, ProblemList.pool().stream().map(Problems::fold).distinct());
  }

  private static PoolProblem fold(PoolProblem p) {
    return new PoolProblem(
        p.n(),
        fold(p.h()),
        fold(p.w()),
        p.c(),
        p.kh(),
        p.kw(),
        p.strideH(),
        p.strideW(),
        p.pad(),
        p.dilationH(),
        p.dilationW(),
        p.ceil());
  }

  /** Keeps the rest modulo 16, and with it how windows and strides end at the border. */
  private static int fold(int extent) {
    return extent <= 40 ? extent : 16 + extent % 16;
  }

  static Stream<ResizeProblem> resize() {
    int[][] sizes = {
      {16, 16, 8, 8}, {16, 16, 4, 4}, {14, 14, 28, 28}, {7, 7, 28, 28}, {7, 5, 3, 4}, {3, 4, 7, 5},
      {1, 1, 7, 7}, {7, 7, 1, 1}, {5, 5, 5, 5}, {1, 9, 4, 2}, {17, 2, 13, 3}, {2, 2, 7, 7}
    };
    List<ResizeProblem> problems = new ArrayList<>();
    for (Filter filter : Filter.values()) {
      int c = 0;
      for (int[] s : sizes) {
        int channels = new int[] {3, 1, 64, 17, 5, 33}[c++ % 6];
        problems.add(new ResizeProblem(2, s[0], s[1], channels, s[2], s[3], filter));
      }
    }
    return problems.stream();
  }

  static Stream<AxisProblem> axis() {
    List<AxisProblem> problems = new ArrayList<>();
    for (int size : SIZES) {
      problems.add(new AxisProblem(1, size, 1));
      problems.add(new AxisProblem(1, 50, size));
      problems.add(new AxisProblem(1, size, 33));
      problems.add(new AxisProblem(3, size, 1));
      problems.add(new AxisProblem(2, 5, size));
      problems.add(new AxisProblem(size, 3, 1));
    }
    problems.add(new AxisProblem(1, 100_003, 1));
    problems.add(new AxisProblem(1, 12_544, 16));
    problems.add(new AxisProblem(1, 20_001, 3));
    problems.add(new AxisProblem(4, 49, 512));
    problems.add(new AxisProblem(64, 1, 10));
    return problems.stream();
  }

  static Stream<GemmProblem> gemm() {
    List<GemmProblem> problems = new ArrayList<>();
    int[][] sizes = {
      {1, 1, 1}, {1, 10, 512}, {1, 1000, 512}, {16, 100, 512}, {64, 10, 64}, {1, 257, 1021},
      {255, 33, 17}, {33, 255, 1}, {2, 1021, 15}, {1021, 2, 16}, {100, 100, 100}, {65, 63, 257},
      {7, 5, 3000}, {3, 1, 4096}, {6, 64, 576}, {49, 128, 256}, {17, 31, 2}, {13, 513, 129},
      {2, 4100, 19}, {7, 1030, 33}, {16, 259, 61}, {17, 259, 61}
    };
    for (int[] s : sizes) {
      for (int trans = 0; trans < 4; trans++) {
        problems.add(new GemmProblem(s[0], s[1], s[2], trans / 2 == 1, trans % 2 == 1));
      }
    }
    return problems.stream();
  }

  static Stream<BatchNormProblem> batchNorm() {
    List<BatchNormProblem> problems = new ArrayList<>();
    boolean relu = false;
    for (int channels : SIZES) {
      relu = !relu;
      problems.add(new BatchNormProblem(50, channels, 1e-5, relu));
      problems.add(new BatchNormProblem(3, channels, 1e-5, !relu));
    }
    problems.add(new BatchNormProblem(1, 5, 1e-5, false));
    problems.add(new BatchNormProblem(12_544, 16, 1e-5, true));
    problems.add(new BatchNormProblem(100_003, 1, 1e-3, false));
    problems.add(new BatchNormProblem(4_099, 65, 1e-5, true));
    return problems.stream();
  }
}
