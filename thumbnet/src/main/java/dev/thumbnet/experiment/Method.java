package dev.thumbnet.experiment;

import dev.thumbnet.method.thumbnet.StudentOptions;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Reduction;
import java.util.List;

/**
 * A row of the paper's table: what the network is shown, what is trained, and by which losses.
 *
 * @param key short name, used in files
 * @param name the name in the table
 * @param thumbnail what the network is shown
 * @param training what is learned for this row
 * @param recipe how a student is trained; null if there is none
 * @param explanation for readers who do not know the paper
 */
public record Method(
    String key,
    String name,
    Thumbnail thumbnail,
    Training training,
    StudentRecipe recipe,
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

  /** Chooses the losses of a student. */
  @FunctionalInterface
  public interface StudentRecipe {
    /**
     * Returns the options of the training.
     *
     * @param learned form of the downscaler, where it is learned
     * @param reduction how much smaller thumbnails are
     */
    StudentOptions options(DownscalerKind learned, Reduction reduction);
  }

  /** The teacher at full size, which all other rows are compared with. */
  public static final Method ORIGINAL =
      new Method(
          "original",
          "Original",
          Thumbnail.NONE,
          Training.TEACHER,
          null,
          "The full-size network, called the teacher, looks at the full picture. All other rows"
              + " try to come close to it at a fraction of its cost.");

  /** The whole method of the paper. */
  public static final Method THUMBNET =
      new Method(
          "thumbnet",
          "ThumbNet",
          Thumbnail.LEARNED,
          Training.STUDENT,
          StudentOptions::thumbNet,
          "The whole method: as the row before; besides, thumbnails must keep the brightness and"
              + " contrast of their pictures, and the student's inner features, enlarged by a"
              + " helper network that is thrown away afterwards, must resemble the teacher's. The"
              + " first epochs train these two alone, without labels.");

  /** The baseline: ordinary thumbnails. */
  static final Method BICUBIC =
      new Method(
          "bicubic",
          "Bicubic",
          Thumbnail.BICUBIC,
          Training.STUDENT,
          (_, reduction) -> StudentOptions.bicubic(reduction),
          "A copy of the teacher, the student, is trained on thumbnails made by ordinary"
              + " antialiased bicubic resizing. The baseline to beat.");

  /** All of ThumbNet but its own two losses. */
  static final Method SUPERVISED_DISTILL =
      new Method(
          "supervised-distill",
          "Supervised + Distill",
          Thumbnail.LEARNED,
          Training.STUDENT,
          StudentOptions::supervisedDistill,
          "As Supervised, with the same imitation of the teacher's answers.");

  /** What is computed for each ratio, in the order of the table. */
  public static final List<Method> AT_EACH_RATIO =
      List.of(
          new Method(
              "direct",
              "Direct",
              Thumbnail.BICUBIC,
              Training.NONE,
              null,
              "The teacher, unchanged, is shown thumbnails it was never trained for."),
          new Method(
              "direct-bn",
              "Direct, BN re-estimated",
              Thumbnail.BICUBIC,
              Training.STATISTICS,
              null,
              "As Direct, but the averages inside the network's batch normalisation are measured"
                  + " again on thumbnails. No weight is trained."),
          BICUBIC,
          new Method(
              "supervised",
              "Supervised",
              Thumbnail.LEARNED,
              Training.STUDENT,
              StudentOptions::supervised,
              "A tiny network, the downscaler E, learns to make the thumbnails, together with the"
                  + " student and from the same labels."),
          new Method(
              "bicubic-distill",
              "Bicubic + Distill",
              Thumbnail.BICUBIC,
              Training.STUDENT,
              (_, reduction) -> StudentOptions.bicubicDistill(reduction),
              "As Bicubic, and the student also imitates the teacher's answers to the full"
                  + " picture: not only the right class, but how likely the others seemed."),
          SUPERVISED_DISTILL,
          THUMBNET);

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
