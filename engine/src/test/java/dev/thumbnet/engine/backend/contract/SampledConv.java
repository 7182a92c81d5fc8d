package dev.thumbnet.engine.backend.contract;

import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.testing.Close;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Checks single outputs of a convolution too large for the reference: each one is summed up in
 * double straight from the definition. Takes the first, the last and random places.
 */
final class SampledConv {
  private final Conv2dProblem p;
  private final int samples;
  private final SplittableRandom random;

  SampledConv(Conv2dProblem p, int samples, long seed) {
    this.p = p;
    this.samples = samples;
    this.random = new SplittableRandom(seed);
  }

  /** A sum of products and the sum of their sizes. */
  private static final class Sum {
    double value;
    double size;

    void add(double a, double b) {
      value += a * b;
      size += Math.abs(a * b);
    }
  }

  private interface Output {
    Sum at(int index);
  }

  void checkForward(double[] x, double[] weight, double[] bias, double[] y) {
    check(
        "conv2d " + p,
        p.kh() * p.kw() * (p.c() / p.groups()),
        ConvTrials.winogradForward(p),
        y,
        index -> {
          Sum sum = new Sum();
          int j = index % p.k();
          int ox = index / p.k() % p.outW();
          int oy = index / p.k() / p.outW() % p.outH();
          int n = index / p.k() / p.outW() / p.outH();
          for (int r = 0; r < p.kh(); r++) {
            for (int s = 0; s < p.kw(); s++) {
              int iy = oy * p.strideH() - p.pad().top() + r * p.dilationH();
              int ix = ox * p.strideW() - p.pad().left() + s * p.dilationW();
              for (int i = 0; inside(iy, ix) && i < groupC(); i++) {
                sum.add(x[x(n, iy, ix, j / groupK() * groupC() + i)], weight[weight(r, s, i, j)]);
              }
            }
          }
          if (bias != null) {
            sum.add(bias[j], 1);
          }
          return sum;
        });
  }

  void checkBackwardData(double[] dy, double[] weight, double[] dx) {
    check(
        "conv2dBackwardData " + p,
        p.kh() * p.kw() * groupK(),
        ConvTrials.winogradBackward(p),
        dx,
        index -> {
          Sum sum = new Sum();
          int i = index % p.c();
          int ix = index / p.c() % p.w();
          int iy = index / p.c() / p.w() % p.h();
          int n = index / p.c() / p.w() / p.h();
          int group = i / groupC();
          for (int r = 0; r < p.kh(); r++) {
            for (int s = 0; s < p.kw(); s++) {
              // oy·stride = iy + pad − r·dilation, if that is an output
              int up = iy + p.pad().top() - r * p.dilationH();
              int left = ix + p.pad().left() - s * p.dilationW();
              if (up < 0 || left < 0 || up % p.strideH() != 0 || left % p.strideW() != 0) {
                continue;
              }
              int oy = up / p.strideH();
              int ox = left / p.strideW();
              for (int j = group * groupK();
                  oy < p.outH() && ox < p.outW() && j < (group + 1) * groupK();
                  j++) {
                sum.add(dy[y(n, oy, ox, j)], weight[weight(r, s, i % groupC(), j)]);
              }
            }
          }
          return sum;
        });
  }

  void checkBackwardWeights(double[] x, double[] dy, double[] dWeight) {
    check(
        "conv2dBackwardWeights " + p,
        p.n() * p.outH() * p.outW(),
        ConvTrials.winogradBackward(p),
        dWeight,
        index -> {
          Sum sum = new Sum();
          int j = index % p.k();
          int i = index / p.k() % groupC();
          int s = index / p.k() / groupC() % p.kw();
          int r = index / p.k() / groupC() / p.kw();
          int channel = j / groupK() * groupC() + i;
          for (int n = 0; n < p.n(); n++) {
            for (int oy = 0; oy < p.outH(); oy++) {
              for (int ox = 0; ox < p.outW(); ox++) {
                int iy = oy * p.strideH() - p.pad().top() + r * p.dilationH();
                int ix = ox * p.strideW() - p.pad().left() + s * p.dilationW();
                if (inside(iy, ix)) {
                  sum.add(x[x(n, iy, ix, channel)], dy[y(n, oy, ox, j)]);
                }
              }
            }
          }
          return sum;
        });
  }

  private void check(String what, int terms, boolean winograd, double[] actual, Output output) {
    double[] expected = new double[samples];
    double[] sizes = new double[samples];
    double[] taken = new double[samples];
    int[] places = new int[samples];
    for (int t = 0; t < samples; t++) {
      places[t] =
          switch (t) {
            case 0 -> 0;
            case 1 -> actual.length - 1;
            default -> random.nextInt(actual.length);
          };
      Sum sum = output.at(places[t]);
      expected[t] = sum.value;
      sizes[t] = sum.size;
      taken[t] = actual[places[t]];
    }
    try {
      Close.assertWithin(what, expected, taken, ConvTrials.tolerance(winograd, terms, sizes));
    } catch (AssertionError e) {
      throw new AssertionError(
          e.getMessage() + "\n  sample t is output places[t] = " + Arrays.toString(places), e);
    }
  }

  private int groupC() {
    return p.c() / p.groups();
  }

  private int groupK() {
    return p.k() / p.groups();
  }

  private boolean inside(int iy, int ix) {
    return iy >= 0 && iy < p.h() && ix >= 0 && ix < p.w();
  }

  private int x(int n, int iy, int ix, int i) {
    return ((n * p.h() + iy) * p.w() + ix) * p.c() + i;
  }

  private int y(int n, int oy, int ox, int j) {
    return ((n * p.outH() + oy) * p.outW() + ox) * p.k() + j;
  }

  private int weight(int r, int s, int i, int j) {
    return ((r * p.kw() + s) * groupC() + i) * p.k() + j;
  }
}
