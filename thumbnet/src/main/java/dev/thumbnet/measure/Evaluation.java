package dev.thumbnet.measure;

import dev.thumbnet.data.DataSet;

/** What a network answered to the pictures of a data set, and how good that is. Immutable. */
public final class Evaluation {
  private final Metrics metrics;
  private final int[] answers;

  Evaluation(Metrics metrics, int[] answers) {
    this.metrics = metrics;
    this.answers = answers;
  }

  /** Returns how good the answers are. */
  public Metrics metrics() {
    return metrics;
  }

  /** Returns the class that a picture was taken for, by its index in the set. */
  public int answer(int picture) {
    return answers[picture];
  }

  /**
   * Returns which answers are right.
   *
   * @param pictures the set that was measured on, which has the labels
   * @throws IllegalArgumentException if it has another number of pictures
   */
  public RightAnswers right(DataSet pictures) {
    if (answers.length != pictures.size()) {
      throw new IllegalArgumentException(
          "an evaluation of "
              + answers.length
              + " pictures is not one of these "
              + pictures.size());
    }
    return RightAnswers.of(answers.length, i -> answers[i] == pictures.label(i));
  }

  /**
   * Returns the share of pictures with the same answer in both, in percent.
   *
   * @throws IllegalArgumentException if the other one is about another number of pictures
   */
  public double agreement(Evaluation other) {
    if (answers.length != other.answers.length) {
      throw new IllegalArgumentException(
          "evaluations of "
              + answers.length
              + " and "
              + other.answers.length
              + " pictures cannot be compared");
    }
    int same = 0;
    for (int i = 0; i < answers.length; i++) {
      same += answers[i] == other.answers[i] ? 1 : 0;
    }
    return 100.0 * same / answers.length;
  }
}
