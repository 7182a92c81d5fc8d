package dev.thumbnet.measure;

import dev.thumbnet.data.DataSet;
import dev.thumbnet.data.image.ResampleFilter;
import dev.thumbnet.data.image.Resampler;
import dev.thumbnet.data.image.RgbImage;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * What a data set gives away without a network: accuracies, in percent, that a result must beat to
 * mean anything.
 */
public final class Baselines {
  private static final int SIDE = 8;
  private static final int NEIGHBOURS = 5;

  /** Of larger sets, this many pictures at equal distances are taken. */
  private static final int MOST_TRAIN = 10_000;

  private static final int MOST_VAL = 2_000;

  private Baselines() {}

  /** Accuracy of guessing. */
  public static double chance(DataSet val) {
    return 100.0 / val.classes().size();
  }

  /** Accuracy of always naming the class that is most frequent in training. */
  public static double majority(DataSet train, DataSet val) {
    int[] counts = new int[train.classes().size()];
    for (int i = 0; i < train.size(); i++) {
      counts[train.label(i)]++;
    }
    int best = 0;
    for (int c = 1; c < counts.length; c++) {
      best = counts[c] > counts[best] ? c : best;
    }
    int hits = 0;
    for (int i = 0; i < val.size(); i++) {
      hits += val.label(i) == best ? 1 : 0;
    }
    return 100.0 * hits / val.size();
  }

  /**
   * Accuracy of the vote of the five nearest training pictures, all shrunk to 8x8 pixels. Among
   * classes with equally many votes the one of the nearest picture wins.
   *
   * @param train pictures to look among
   * @param val pictures to name
   * @param stop asked now and then whether to give up, by a {@link CancellationException}
   */
  public static double nearestNeighbours(DataSet train, DataSet val, BooleanSupplier stop) {
    Tiny known = new Tiny(train, MOST_TRAIN, stop);
    Tiny asked = new Tiny(val, MOST_VAL, stop);
    int hits = 0;
    for (int i = 0; i < asked.labels.length; i++) {
      hits += known.vote(asked.pixels[i], train.classes().size()) == asked.labels[i] ? 1 : 0;
    }
    return 100.0 * hits / asked.labels.length;
  }

  /** Shrunk pictures and their classes. */
  private static final class Tiny {
    private final float[][] pixels;
    private final int[] labels;

    Tiny(DataSet set, int most, BooleanSupplier stop) {
      int count = Math.min(set.size(), most);
      pixels = new float[count][];
      labels = new int[count];
      for (int i = 0; i < count; i++) {
        if (stop.getAsBoolean()) {
          throw new CancellationException("stopped while looking at the pictures");
        }
        int index = (int) ((long) i * set.size() / count);
        pixels[i] = set.get(index, Tiny::shrink);
        labels[i] = set.label(index);
      }
    }

    private static float[] shrink(RgbImage image) {
      byte[] data = Resampler.resize(image, SIDE, SIDE, ResampleFilter.BICUBIC).data();
      float[] values = new float[data.length];
      for (int i = 0; i < data.length; i++) {
        values[i] = data[i] & 0xFF;
      }
      return values;
    }

    int vote(float[] asked, int classes) {
      double[] nearest = new double[NEIGHBOURS];
      int[] voters = new int[NEIGHBOURS];
      Arrays.fill(nearest, Double.MAX_VALUE);
      Arrays.fill(voters, -1);
      for (int i = 0; i < labels.length; i++) {
        double distance = distance(asked, pixels[i]);
        for (int k = NEIGHBOURS - 1; k >= 0 && distance < nearest[k]; k--) {
          if (k < NEIGHBOURS - 1) {
            nearest[k + 1] = nearest[k];
            voters[k + 1] = voters[k];
          }
          nearest[k] = distance;
          voters[k] = labels[i];
        }
      }
      return mostVotes(voters, classes);
    }

    private static int mostVotes(int[] voters, int classes) {
      int[] votes = new int[classes];
      for (int voter : voters) {
        if (voter >= 0) {
          votes[voter]++;
        }
      }
      int best = voters[0];
      for (int voter : voters) {
        if (voter >= 0 && votes[voter] > votes[best]) {
          best = voter;
        }
      }
      return best;
    }

    private static double distance(float[] a, float[] b) {
      double sum = 0;
      for (int i = 0; i < a.length; i++) {
        double d = a[i] - b[i];
        sum += d * d;
      }
      return sum;
    }
  }
}
