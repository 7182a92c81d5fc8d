package dev.thumbnet.engine.backend.reference;

import dev.thumbnet.engine.backend.problem.ResampleTaps;
import dev.thumbnet.engine.backend.problem.ResizeProblem;
import java.util.Arrays;

/** Resampling as a linear map: every output pixel is a weighted sum of a rectangle of inputs. */
final class Resizing {
  private Resizing() {}

  /** y[oy, ox] = Σ over a, b of rowWeight[oy, a] · columnWeight[ox, b] · x[top + a, left + b]. */
  static void forward(ResizeProblem p, double[] x, double[] y) {
    ResampleTaps rows = p.rows();
    ResampleTaps columns = p.columns();
    for (int n = 0; n < p.n(); n++) {
      for (int oy = 0; oy < p.outH(); oy++) {
        for (int ox = 0; ox < p.outW(); ox++) {
          for (int c = 0; c < p.c(); c++) {
            double sum = 0;
            for (int a = 0; a < rows.weight()[oy].length; a++) {
              for (int b = 0; b < columns.weight()[ox].length; b++) {
                sum +=
                    rows.weight()[oy][a]
                        * columns.weight()[ox][b]
                        * x[input(p, n, rows.first()[oy] + a, columns.first()[ox] + b, c)];
              }
            }
            y[output(p, n, oy, ox, c)] = sum;
          }
        }
      }
    }
  }

  /** The transposed map: each dy is handed out with the weights it was gathered with. */
  static void backward(ResizeProblem p, double[] dy, double[] dx) {
    Arrays.fill(dx, 0, p.inputSize(), 0);
    ResampleTaps rows = p.rows();
    ResampleTaps columns = p.columns();
    for (int n = 0; n < p.n(); n++) {
      for (int oy = 0; oy < p.outH(); oy++) {
        for (int ox = 0; ox < p.outW(); ox++) {
          for (int c = 0; c < p.c(); c++) {
            for (int a = 0; a < rows.weight()[oy].length; a++) {
              for (int b = 0; b < columns.weight()[ox].length; b++) {
                dx[input(p, n, rows.first()[oy] + a, columns.first()[ox] + b, c)] +=
                    rows.weight()[oy][a] * columns.weight()[ox][b] * dy[output(p, n, oy, ox, c)];
              }
            }
          }
        }
      }
    }
  }

  private static int input(ResizeProblem p, int n, int y, int x, int c) {
    return ((n * p.h() + y) * p.w() + x) * p.c() + c;
  }

  private static int output(ResizeProblem p, int n, int y, int x, int c) {
    return ((n * p.outH() + y) * p.outW() + x) * p.c() + c;
  }
}
