package dev.thumbnet.experiment;

import java.util.List;

/**
 * A row of the paper's table: what the network is shown, what is trained, and by which losses.
 *
 * @param key short name, used in files
 * @param name the name in the table
 * @param thumbnail what the network is shown
 * @param training what is learned for this row
 * @param distillation whether the student also imitates the teacher's answers
 * @param featureMapping whether the student also imitates the teacher's inner features, at first
 *     without labels
 * @param explanation for readers who do not know the paper
 */
public record Method(
    String key,
    String name,
    Thumbnail thumbnail,
    Training training,
    boolean distillation,
    boolean featureMapping,
    String explanation) {

  /** What a network is shown. */
  public enum Thumbnail {
    /** The full picture. */
    NONE,
    /** The picture reduced by antialiased bicubic resampling. */
    BICUBIC,
    /** The picture reduced by the learned downscaler E. */
    LEARNED
  }

  /** What is learned for a row. */
  public enum Training {
    /** The teacher T, on full pictures. */
    TEACHER,
    /** Nothing: the teacher as it is. */
    NONE,
    /** Only the statistics of the teacher's batch normalisation. */
    STATISTICS,
    /** A student S, which starts as a copy of the teacher, and E if the thumbnail is learned. */
    STUDENT
  }

  /** The teacher at full size, which all other rows are compared with. */
  public static final Method ORIGINAL =
      new Method(
          "original",
          "Original",
          Thumbnail.NONE,
          Training.TEACHER,
          false,
          false,
          "The full-size network, called the teacher, looks at the full picture. All other rows"
              + " try to come close to it at a fraction of its cost.");

  /** The whole method of the paper. */
  public static final Method THUMBNET =
      new Method(
          "thumbnet",
          "ThumbNet",
          Thumbnail.LEARNED,
          Training.STUDENT,
          true,
          true,
          "The whole method: as the row before, and the student's inner features, enlarged by a"
              + " helper network that is thrown away afterwards, must also resemble the teacher's."
              + " The first epochs train only this, without labels.");

  /** What is computed once for each ratio, in the order of the table. */
  public static final List<Method> AT_EACH_RATIO =
      List.of(
          new Method(
              "direct",
              "Direct",
              Thumbnail.BICUBIC,
              Training.NONE,
              false,
              false,
              "The teacher, unchanged, is shown thumbnails it was never trained for."),
          new Method(
              "direct-bn",
              "Direct, BN re-estimated",
              Thumbnail.BICUBIC,
              Training.STATISTICS,
              false,
              false,
              "As Direct, but the averages inside the network's batch normalisation are measured"
                  + " again on thumbnails. No weight is trained."),
          new Method(
              "bicubic",
              "Bicubic",
              Thumbnail.BICUBIC,
              Training.STUDENT,
              false,
              false,
              "A copy of the teacher, the student, is trained on thumbnails made by ordinary"
                  + " antialiased bicubic resizing. The baseline to beat."),
          new Method(
              "supervised",
              "Supervised",
              Thumbnail.LEARNED,
              Training.STUDENT,
              false,
              false,
              "A tiny network, the downscaler E, learns to make the thumbnails together with the"
                  + " student. Its thumbnails must keep the brightness and contrast of the"
                  + " picture."),
          new Method(
              "bicubic-distill",
              "Bicubic + Distill",
              Thumbnail.BICUBIC,
              Training.STUDENT,
              true,
              false,
              "As Bicubic, and the student also imitates the teacher's answers to the full"
                  + " picture: not only the right class, but how likely the others seemed."),
          new Method(
              "supervised-distill",
              "Supervised + Distill",
              Thumbnail.LEARNED,
              Training.STUDENT,
              true,
              false,
              "As Supervised, with the same imitation of the teacher's answers."),
          THUMBNET);

  /** Whether a model of its own results from this row. */
  public boolean trains() {
    return training != Training.NONE;
  }

  /**
   * The method with a key.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Method of(String key) {
    if (key.equals(ORIGINAL.key)) {
      return ORIGINAL;
    }
    return AT_EACH_RATIO.stream()
        .filter(m -> m.key.equals(key))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no method '" + key + "'"));
  }
}
