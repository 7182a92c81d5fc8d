package dev.thumbnet.experiment;

import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.train.Recipe;
import java.util.List;

/**
 * Everything a user chooses and that decides the numbers of an experiment, besides the pictures.
 * The number of threads is not here: it changes no result.
 *
 * @param network of the teacher and of every student
 * @param size side of the full pictures in pixels
 * @param ratios of the areas of picture and thumbnail: 4, 16
 * @param downscaler the form of the learned downscaler E
 * @param teacher how the teacher is trained; its seed is replaced by each of the seeds
 * @param student how every student is trained, likewise
 * @param seeds one whole table is computed for each
 */
public record Settings(
    Architecture network,
    int size,
    List<Integer> ratios,
    DownscalerKind downscaler,
    Recipe teacher,
    Recipe student,
    List<Long> seeds) {
  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of range; the message names it and the remedy
   */
  public Settings {
    ratios = List.copyOf(ratios);
    seeds = List.copyOf(seeds);
    check(!seeds.isEmpty(), "at least one seed is needed");
    check(seeds.stream().distinct().count() == seeds.size(), "a seed occurs twice: " + seeds);
    check(!ratios.isEmpty(), "at least one ratio is needed");
    check(ratios.stream().distinct().count() == ratios.size(), "a ratio occurs twice: " + ratios);
    check(downscaler.learned(), "the downscaler must be one that learns, not " + downscaler);
    for (int ratio : ratios) {
      int factor = factor(ratio);
      check(
          size >= factor && size % factor == 0,
          "pictures of " + size + " pixels cannot be shrunk to a side of 1/" + factor);
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
