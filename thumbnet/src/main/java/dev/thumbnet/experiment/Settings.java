package dev.thumbnet.experiment;

import java.util.List;

/**
 * Everything a user chooses and that decides the numbers of an experiment. The number of threads is
 * not here: it changes no result.
 *
 * @param model architecture of the teacher and of every student, for example "resnet18"
 * @param smallInput whether the network starts with a 3x3 convolution of stride 1 and no pooling,
 *     as is usual for pictures of 32 pixels
 * @param width multiple of the architecture's usual number of channels
 * @param size side of the full pictures in pixels
 * @param ratios of the areas of picture and thumbnail, for example 4 and 16
 * @param downscaler the form of the learned downscaler E, for example "residual"
 * @param teacherEpochs passes over the training set for the teacher
 * @param studentEpochs passes over the training set for each student
 * @param batch pictures per training step
 * @param teacherRate peak learning rate of the teacher
 * @param studentRate peak learning rate of the students
 * @param seeds one whole table is computed for each
 */
public record Settings(
    String model,
    boolean smallInput,
    double width,
    int size,
    List<Integer> ratios,
    String downscaler,
    int teacherEpochs,
    int studentEpochs,
    int batch,
    double teacherRate,
    double studentRate,
    List<Long> seeds) {
  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of range; the message names it and the remedy
   */
  public Settings {
    ratios = List.copyOf(ratios);
    seeds = List.copyOf(seeds);
    check(width > 0, "the width must be above 0, got " + width);
    check(teacherEpochs >= 1 && studentEpochs >= 1, "at least one epoch is needed");
    check(batch >= 1, "the batch size must be at least 1, got " + batch);
    check(teacherRate > 0 && studentRate > 0, "learning rates must be above 0");
    check(!seeds.isEmpty(), "at least one seed is needed");
    check(seeds.stream().distinct().count() == seeds.size(), "a seed occurs twice: " + seeds);
    check(!ratios.isEmpty(), "at least one ratio is needed");
    check(ratios.stream().distinct().count() == ratios.size(), "a ratio occurs twice: " + ratios);
    for (int ratio : ratios) {
      factor(ratio);
      check(
          size % factor(ratio) == 0,
          "pictures of " + size + " pixels cannot be divided by " + factor(ratio));
    }
  }

  private static void check(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  /**
   * How many times smaller than the picture the thumbnail is, per side.
   *
   * @param ratio of the areas, 4 or 16
   * @throws IllegalArgumentException if there is no downscaler for this ratio
   */
  public static int factor(int ratio) {
    return switch (ratio) {
      case 4 -> 2;
      case 16 -> 4;
      default ->
          throw new IllegalArgumentException(
              "the ratio of areas must be 4 (half the side) or 16 (a quarter), got " + ratio);
    };
  }

  /** Side of the thumbnail in pixels for a ratio of areas. */
  public int thumbnailSize(int ratio) {
    return size / factor(ratio);
  }
}
