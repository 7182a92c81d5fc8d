package dev.thumbnet.engine.backend.reference;

import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Convolution and its two gradients: the same seven loops over the same triples (x, weight, y),
 * which differ only in which of the three is written.
 *
 * <p>With o = (oy, ox) an output pixel and (r, s) a kernel element, the input pixel is iy =
 * oy·stride − pad + r·dilation, likewise ix; pixels outside the picture are zero and skipped.
 * Output channel j of a group sees the input channels i of that group only.
 */
final class Convolution {
  private Convolution() {}

  /** y[o, j] = bias[j] + Σ over r, s, i of x[iy, ix, i] · weight[r, s, i, j]. */
  static void forward(
      Conv2dProblem p, double[] x, double[] weight, double @Nullable [] bias, double[] y) {
    for (int at = 0; at < p.outputSize(); at++) {
      y[at] = bias == null ? 0 : bias[at % p.k()];
    }
    int groupC = p.c() / p.groups();
    int groupK = p.k() / p.groups();
    for (int n = 0; n < p.n(); n++) {
      for (int oy = 0; oy < p.outH(); oy++) {
        for (int ox = 0; ox < p.outW(); ox++) {
          int yAt = ((n * p.outH() + oy) * p.outW() + ox) * p.k();
          for (int r = 0; r < p.kh(); r++) {
            for (int s = 0; s < p.kw(); s++) {
              int iy = oy * p.strideH() - p.pad().top() + r * p.dilationH();
              int ix = ox * p.strideW() - p.pad().left() + s * p.dilationW();
              if (iy < 0 || iy >= p.h() || ix < 0 || ix >= p.w()) {
                continue;
              }
              int xAt = ((n * p.h() + iy) * p.w() + ix) * p.c();
              for (int i = 0; i < p.c(); i++) {
                int group = i / groupC;
                int wAt = ((r * p.kw() + s) * groupC + i % groupC) * p.k();
                for (int j = group * groupK; j < (group + 1) * groupK; j++) {
                  y[yAt + j] += x[xAt + i] * weight[wAt + j];
                }
              }
            }
          }
        }
      }
    }
  }

  /** dx[iy, ix, i] = Σ over all o, r, s that touch (iy, ix), and j, of dy[o, j] · weight. */
  static void backwardData(Conv2dProblem p, double[] dy, double[] weight, double[] dx) {
    Arrays.fill(dx, 0, p.inputSize(), 0);
    int groupC = p.c() / p.groups();
    int groupK = p.k() / p.groups();
    for (int n = 0; n < p.n(); n++) {
      for (int oy = 0; oy < p.outH(); oy++) {
        for (int ox = 0; ox < p.outW(); ox++) {
          int yAt = ((n * p.outH() + oy) * p.outW() + ox) * p.k();
          for (int r = 0; r < p.kh(); r++) {
            for (int s = 0; s < p.kw(); s++) {
              int iy = oy * p.strideH() - p.pad().top() + r * p.dilationH();
              int ix = ox * p.strideW() - p.pad().left() + s * p.dilationW();
              if (iy < 0 || iy >= p.h() || ix < 0 || ix >= p.w()) {
                continue;
              }
              int xAt = ((n * p.h() + iy) * p.w() + ix) * p.c();
              for (int i = 0; i < p.c(); i++) {
                int group = i / groupC;
                int wAt = ((r * p.kw() + s) * groupC + i % groupC) * p.k();
                for (int j = group * groupK; j < (group + 1) * groupK; j++) {
                  dx[xAt + i] += dy[yAt + j] * weight[wAt + j];
                }
              }
            }
          }
        }
      }
    }
  }

  /** dWeight[r, s, i, j] = Σ over all pictures and o of x[iy, ix, i] · dy[o, j]. */
  static void backwardWeights(Conv2dProblem p, double[] x, double[] dy, double[] dWeight) {
    Arrays.fill(dWeight, 0, p.weightSize(), 0);
    int groupC = p.c() / p.groups();
    int groupK = p.k() / p.groups();
    for (int n = 0; n < p.n(); n++) {
      for (int oy = 0; oy < p.outH(); oy++) {
        for (int ox = 0; ox < p.outW(); ox++) {
          int yAt = ((n * p.outH() + oy) * p.outW() + ox) * p.k();
          for (int r = 0; r < p.kh(); r++) {
            for (int s = 0; s < p.kw(); s++) {
              int iy = oy * p.strideH() - p.pad().top() + r * p.dilationH();
              int ix = ox * p.strideW() - p.pad().left() + s * p.dilationW();
              if (iy < 0 || iy >= p.h() || ix < 0 || ix >= p.w()) {
                continue;
              }
              int xAt = ((n * p.h() + iy) * p.w() + ix) * p.c();
              for (int i = 0; i < p.c(); i++) {
                int group = i / groupC;
                int wAt = ((r * p.kw() + s) * groupC + i % groupC) * p.k();
                for (int j = group * groupK; j < (group + 1) * groupK; j++) {
                  dWeight[wAt + j] += x[xAt + i] * dy[yAt + j];
                }
              }
            }
          }
        }
      }
    }
  }
}
