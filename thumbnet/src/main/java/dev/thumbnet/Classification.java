package dev.thumbnet;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** How likely a picture is to show each of the classes of a model. Immutable. */
public final class Classification {
  private final List<String> classes;
  private final double[] probabilities;

  private Classification(List<String> classes, double[] probabilities) {
    this.classes = classes;
    this.probabilities = probabilities;
  }

  /**
   * Returns what the logits {@code [from, from + classes)} say.
   *
   * @throws ArithmeticException if one is not finite
   */
  static Classification ofLogits(List<String> classes, float[] logits, int from) {
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < classes.size(); i++) {
      if (!Float.isFinite(logits[from + i])) {
        throw new ArithmeticException(
            "the network's number for class "
                + classes.get(i)
                + " is "
                + logits[from + i]
                + ": its weights, or the numbers given to it, are too large");
      }
      most = Math.max(most, logits[from + i]);
    }
    double sum = 0;
    double[] p = new double[classes.size()];
    for (int i = 0; i < p.length; i++) {
      p[i] = StrictMath.exp(logits[from + i] - most);
      sum += p[i];
    }
    for (int i = 0; i < p.length; i++) {
      p[i] /= sum;
    }
    return new Classification(classes, p);
  }

  /** Returns the most likely class; the first of several that are equally likely. */
  public Prediction best() {
    int best = 0;
    for (int i = 1; i < probabilities.length; i++) {
      if (probabilities[i] > probabilities[best]) {
        best = i;
      }
    }
    return prediction(best);
  }

  /**
   * Returns the most likely classes, the likeliest first.
   *
   * @param count how many, at least 1; all classes if there are fewer
   * @throws IllegalArgumentException if {@code count} is less than 1
   */
  public List<Prediction> top(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("at least 1 class must be asked for, got " + count);
    }
    return IntStream.range(0, probabilities.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -probabilities[i]))
        .limit(count)
        .map(this::prediction)
        .toList();
  }

  /** Returns all classes, in the order in which the model knows them. */
  public List<Prediction> all() {
    return IntStream.range(0, probabilities.length).mapToObj(this::prediction).toList();
  }

  private Prediction prediction(int index) {
    return new Prediction(classes.get(index), probabilities[index]);
  }

  /** Two are equal if classes and all probabilities are. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Classification c
        && classes.equals(c.classes)
        && Arrays.equals(probabilities, c.probabilities);
  }

  @Override
  public int hashCode() {
    return 31 * classes.hashCode() + Arrays.hashCode(probabilities);
  }

  /** Returns the best class, for messages. */
  @Override
  public String toString() {
    return best().toString();
  }
}
