package dev.thumbnet.engine.backend.reference;

import dev.thumbnet.engine.backend.problem.PoolAxis;
import dev.thumbnet.engine.backend.problem.PoolProblem;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Maximum and mean over sliding windows; what a window covers of the padding is left out. */
final class Pooling {
  private Pooling() {}

  /** Places in the picture, by rows and by columns, of the elements of one output's window. */
  private record Window(int[] rows, int[] columns) {
    static Window of(PoolProblem p, int oy, int ox) {
      return new Window(places(p.rows(), oy), places(p.columns(), ox));
    }

    private static int[] places(PoolAxis axis, int o) {
      return IntStream.range(0, axis.kernel())
          .map(t -> o * axis.stride() - axis.before() + t * axis.dilation())
          .filter(at -> at >= 0 && at < axis.in())
          .toArray();
    }

    /** By how many a sum is divided: beyond the padding nothing counts. */
    int size(PoolProblem p, boolean countPad, int oy, int ox) {
      return countPad
          ? Math.min(p.kh(), p.h() + p.pad().bottom() - oy * p.strideH() + p.pad().top())
              * Math.min(p.kw(), p.w() + p.pad().right() - ox * p.strideW() + p.pad().left())
          : rows.length * columns.length;
    }
  }

  static void max(PoolProblem p, double[] x, double[] y) {
    for (int n = 0; n < p.n(); n++) {
      for (int oy = 0; oy < p.outH(); oy++) {
        for (int ox = 0; ox < p.outW(); ox++) {
          for (int c = 0; c < p.c(); c++) {
            y[output(p, n, oy, ox, c)] = x[firstMaximum(p, x, n, Window.of(p, oy, ox), c)];
          }
        }
      }
    }
  }

  static void maxBackward(PoolProblem p, double[] x, double[] dy, double[] dx) {
    Arrays.fill(dx, 0, p.inputSize(), 0);
    for (int n = 0; n < p.n(); n++) {
      for (int oy = 0; oy < p.outH(); oy++) {
        for (int ox = 0; ox < p.outW(); ox++) {
          for (int c = 0; c < p.c(); c++) {
            dx[firstMaximum(p, x, n, Window.of(p, oy, ox), c)] += dy[output(p, n, oy, ox, c)];
          }
        }
      }
    }
  }

  /** Index into x of the first NaN of the window or, without one, of its first maximum. */
  private static int firstMaximum(PoolProblem p, double[] x, int n, Window window, int c) {
    int best = input(p, n, window.rows[0], window.columns[0], c);
    for (int iy : window.rows) {
      for (int ix : window.columns) {
        int at = input(p, n, iy, ix, c);
        if (x[at] > x[best] || Double.isNaN(x[at]) && !Double.isNaN(x[best])) {
          best = at;
        }
      }
    }
    return best;
  }

  static void average(PoolProblem p, boolean countPad, double[] x, double[] y) {
    for (int n = 0; n < p.n(); n++) {
      for (int oy = 0; oy < p.outH(); oy++) {
        for (int ox = 0; ox < p.outW(); ox++) {
          Window window = Window.of(p, oy, ox);
          int size = window.size(p, countPad, oy, ox);
          for (int c = 0; c < p.c(); c++) {
            double sum = 0;
            for (int iy : window.rows) {
              for (int ix : window.columns) {
                sum += x[input(p, n, iy, ix, c)];
              }
            }
            y[output(p, n, oy, ox, c)] = sum / size;
          }
        }
      }
    }
  }

  static void averageBackward(PoolProblem p, boolean countPad, double[] dy, double[] dx) {
    Arrays.fill(dx, 0, p.inputSize(), 0);
    for (int n = 0; n < p.n(); n++) {
      for (int oy = 0; oy < p.outH(); oy++) {
        for (int ox = 0; ox < p.outW(); ox++) {
          Window window = Window.of(p, oy, ox);
          int size = window.size(p, countPad, oy, ox);
          for (int c = 0; c < p.c(); c++) {
            for (int iy : window.rows) {
              for (int ix : window.columns) {
                dx[input(p, n, iy, ix, c)] += dy[output(p, n, oy, ox, c)] / size;
              }
            }
          }
        }
      }
    }
  }

  private static int input(PoolProblem p, int n, int y, int x, int c) {
    return ((n * p.h() + y) * p.w() + x) * p.c() + c;
  }

  private static int output(PoolProblem p, int n, int y, int x, int c) {
    return ((n * p.outH() + y) * p.outW() + x) * p.c() + c;
  }
}
