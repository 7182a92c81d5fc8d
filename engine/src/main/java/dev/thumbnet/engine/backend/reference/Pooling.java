package dev.thumbnet.engine.backend.reference;

import dev.thumbnet.engine.backend.problem.PoolProblem;
import java.util.Arrays;

/** Maximum and mean over sliding windows; what a window covers of the padding is left out. */
final class Pooling {
  private Pooling() {}

  /** The part of one output's window that lies inside the picture. */
  private record Window(int fromY, int toY, int fromX, int toX) {
    static Window of(PoolProblem p, int oy, int ox) {
      int y = oy * p.strideH() - p.padH();
      int x = ox * p.strideW() - p.padW();
      return new Window(
          Math.max(y, 0), Math.min(y + p.kh(), p.h()), Math.max(x, 0), Math.min(x + p.kw(), p.w()));
    }

    int size() {
      return (toY - fromY) * (toX - fromX);
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
    int best = input(p, n, window.fromY, window.fromX, c);
    for (int iy = window.fromY; iy < window.toY; iy++) {
      for (int ix = window.fromX; ix < window.toX; ix++) {
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
          int size = countPad ? p.kh() * p.kw() : window.size();
          for (int c = 0; c < p.c(); c++) {
            double sum = 0;
            for (int iy = window.fromY; iy < window.toY; iy++) {
              for (int ix = window.fromX; ix < window.toX; ix++) {
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
          int size = countPad ? p.kh() * p.kw() : window.size();
          for (int c = 0; c < p.c(); c++) {
            for (int iy = window.fromY; iy < window.toY; iy++) {
              for (int ix = window.fromX; ix < window.toX; ix++) {
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
