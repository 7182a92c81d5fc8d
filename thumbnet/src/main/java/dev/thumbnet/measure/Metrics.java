package dev.thumbnet.measure;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * How well a classifier does on a data set.
 *
 * @param loss mean cross entropy in nats, without smoothing
 * @param top1 Acc@1, the share of pictures whose class has the largest logit, in percent
 * @param top5 Acc@5, the share of pictures whose class is among the five largest, in percent
 * @param confusion counts of pictures by class and answer
 */
public record Metrics(double loss, double top1, double top5, Confusion confusion) {
  /** What the share of pictures whose class has the largest logit is called. */
  public static final String ACC_1 = "Acc@1";

  /** What the share of pictures whose class is among the five largest is called. */
  public static final String ACC_5 = "Acc@5";

  /** What the cross entropy is called. */
  public static final String LOSS = "loss";

  /** Tells whether Acc@5 says anything: among five classes or fewer, every answer is right. */
  public static boolean hasTop5(int classes) {
    return classes > Meter.TOP;
  }

  /** Returns Acc@1 as the score of a training, the other numbers beside it. */
  public Score score() {
    return score(loss, top1, top5);
  }

  /** Returns the score of a classifier that has these numbers. */
  public static Score score(double loss, double top1, double top5) {
    Map<String, Double> others = new LinkedHashMap<>();
    others.put(LOSS, loss);
    others.put(ACC_5, top5);
    return new Score(ACC_1, top1, others);
  }

  /** Returns the number of pictures. */
  public long pictures() {
    return confusion.total();
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "Acc@1 %.2f, Acc@5 %.2f, loss %.4f on %d pictures",
        top1,
        top5,
        loss,
        pictures());
  }

  /**
   * Returns the class with the largest logit of each row, the first of equals.
   *
   * @param logits (n, classes), row by row
   * @param classes number of classes
   */
  public static int[] answers(double[] logits, int classes) {
    int[] answers = new int[logits.length / classes];
    for (int i = 0; i < answers.length; i++) {
      for (int j = 1; j < classes; j++) {
        answers[i] = logits[i * classes + j] > logits[i * classes + answers[i]] ? j : answers[i];
      }
    }
    return answers;
  }

  /**
   * Returns the sum of Acc@1 over pictures, 100 for each whose class has the largest logit.
   *
   * @param logits (labels.length, classes), row by row
   * @param labels the true classes
   */
  public static double sumOfTop1(double[] logits, int[] labels) {
    int[] answers = answers(logits, logits.length / labels.length);
    int hits = 0;
    for (int i = 0; i < labels.length; i++) {
      hits += answers[i] == labels[i] ? 1 : 0;
    }
    return 100.0 * hits;
  }

  /** Adds up the answers to batch after batch. Not safe for use by several threads at once. */
  public static final class Meter {
    private static final int TOP = 5;

    private final int classes;
    private final long[][] counts;
    private double loss;
    private long correct1;
    private long correct5;
    private long pictures;

    /**
     * Starts at nothing.
     *
     * @param classes number of classes
     */
    public Meter(int classes) {
      this.classes = classes;
      this.counts = new long[classes][classes];
    }

    /**
     * Adds a batch.
     *
     * @param logits (labels.length, classes), row by row
     * @param labels the true classes
     * @throws IllegalArgumentException if the lengths do not fit
     * @throws ArithmeticException if a logit is not a number
     */
    public void add(double[] logits, int[] labels) {
      if (logits.length != labels.length * classes) {
        throw new IllegalArgumentException(
            logits.length + " logits for " + labels.length + " labels of " + classes + " classes");
      }
      int[] answers = answers(logits, classes);
      for (int i = 0; i < labels.length; i++) {
        addOne(logits, i * classes, labels[i], answers[i]);
      }
    }

    private void addOne(double[] logits, int row, int label, int answer) {
      double target = logits[row + label];
      double largest = logits[row + answer];
      int before = 0;
      double sum = 0;
      for (int j = 0; j < classes; j++) {
        double v = logits[row + j];
        if (Double.isNaN(v)) {
          throw new ArithmeticException(
              "a logit is NaN: the network has diverged; train it with a lower learning rate");
        }
        // Among equals the lower class comes first, as it does for the answer.
        before += v > target || v == target && j < label ? 1 : 0;
        sum += StrictMath.exp(v - largest);
      }
      correct1 += before == 0 ? 1 : 0;
      correct5 += before < TOP ? 1 : 0;
      counts[label][answer]++;
      pictures++;
      loss += StrictMath.log(sum) + largest - target;
    }

    /**
     * Returns the metrics of all batches so far.
     *
     * @throws IllegalStateException if there were none
     */
    public Metrics metrics() {
      if (pictures == 0) {
        throw new IllegalStateException("no picture was measured; add() a batch first");
      }
      return new Metrics(
          loss / pictures,
          100.0 * correct1 / pictures,
          100.0 * correct5 / pictures,
          new Confusion(counts));
    }
  }
}
