package dev.thumbnet.method.pruning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Equations y = Σ over c of x[c], one for each sampled output: y is what a filter of the next
 * convolution makes of all channels, without its bias, and x[c] what channel c contributes. Kept as
 * XᵀX, from which every least-squares fit of y by some of the channels follows; Xᵀy are its sums of
 * rows, for y is the sum of all x[c].
 *
 * <p>For one thread.
 */
final class Equations {
  /** A channel adds nothing if less of its squared length is new than by rounding. */
  private static final double NOTHING = 1e-10;

  private final int channels;
  private final double[][] gram;

  /** Starts without any. */
  Equations(int channels) {
    this.channels = channels;
    this.gram = new double[channels][channels];
  }

  /** Adds an equation; x is not kept. */
  void add(double[] x) {
    for (int i = 0; i < channels; i++) {
      if (x[i] != 0) {
        double[] row = gram[i];
        for (int j = 0; j <= i; j++) {
          row[j] += x[i] * x[j];
        }
      }
    }
  }

  /** Returns Σ x[i] · x[j] over the equations. */
  private double product(int i, int j) {
    return i < j ? gram[j][i] : gram[i][j];
  }

  /**
   * Chooses channels forward: always the one with which, and with those chosen before, the fit
   *
   * <pre>min over w of Σ (y − Σ over chosen c of w[c] · x[c])²</pre>
   *
   * is closest, all w fitted anew; of equals that with the lowest index. The scales are the w of
   * the last fit. Channels that add nothing to those chosen come last, with scale 0.
   *
   * <p>The parts of y and of all x[c] that the chosen ones leave are kept up to date by a step of
   * Gram and Schmidt on XᵀX for each choice, so n choices of C channels take n² · C operations.
   *
   * @param count how many to choose, at most all
   */
  Choice choose(int count) {
    return new Selection(count).run();
  }

  /** One selection: X restricted to the chosen channels is Q · R, R upper triangular. */
  private final class Selection {
    private final int count;
    private final List<Integer> chosen = new ArrayList<>();
    private final boolean[] taken = new boolean[channels];

    /** Components of Qᵀx[c] for all c, also of those that are not chosen yet. */
    private final List<double[]> r = new ArrayList<>();

    /** Qᵀy. */
    private final List<Double> z = new ArrayList<>();

    /** Squared length of what is new in x[c]. */
    private final double[] length = new double[channels];

    /** Product of what is new in x[c] with y. */
    private final double[] common = new double[channels];

    Selection(int count) {
      this.count = count;
      for (int c = 0; c < channels; c++) {
        length[c] = product(c, c);
        for (int j = 0; j < channels; j++) {
          common[c] += product(c, j);
        }
      }
    }

    Choice run() {
      while (chosen.size() < count) {
        int best = best();
        if (best < 0) {
          break;
        }
        take(best);
      }
      double[] scales = new double[channels];
      for (int i = chosen.size() - 1; i >= 0; i--) {
        double rest = z.get(i);
        for (int j = i + 1; j < chosen.size(); j++) {
          rest -= r.get(i)[chosen.get(j)] * scales[chosen.get(j)];
        }
        scales[chosen.get(i)] = rest / r.get(i)[chosen.get(i)];
      }
      for (int c = 0; c < channels && chosen.size() < count; c++) {
        if (!taken[c]) {
          chosen.add(c);
        }
      }
      List<Integer> sorted = chosen.stream().sorted().toList();
      return new Choice(sorted, sorted.stream().map(c -> scales[c]).toList());
    }

    /** Returns the channel that explains most of what is left of y; -1 if no more is new. */
    private int best() {
      int best = -1;
      double most = -1;
      for (int c = 0; c < channels; c++) {
        if (!taken[c] && length[c] > NOTHING * product(c, c)) {
          double explained = common[c] * common[c] / length[c];
          if (explained > most) {
            most = explained;
            best = c;
          }
        }
      }
      return best;
    }

    private void take(int next) {
      double root = Math.sqrt(length[next]);
      double ofY = common[next] / root;
      double[] row = new double[channels];
      Arrays.setAll(row, c -> product(c, next));
      for (double[] before : r) {
        double share = before[next];
        for (int c = 0; c < channels; c++) {
          row[c] -= share * before[c];
        }
      }
      for (int c = 0; c < channels; c++) {
        row[c] /= root;
        length[c] -= row[c] * row[c];
        common[c] -= row[c] * ofY;
      }
      taken[next] = true;
      chosen.add(next);
      r.add(row);
      z.add(ofY);
    }
  }
}
