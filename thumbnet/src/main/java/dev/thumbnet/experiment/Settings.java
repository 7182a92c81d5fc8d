package dev.thumbnet.experiment;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.thumbnet.experiment.NamesInResults.ReadRatio;
import dev.thumbnet.experiment.NamesInResults.WriteRatio;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.train.Recipe;
import java.util.List;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonSerialize;

/**
 * Everything a user chooses and that decides the numbers of an experiment, besides the pictures.
 * The number of threads is not here: it changes no result.
 *
 * @param network of the teacher and of every student
 * @param size side of the full pictures in pixels
 * @param reductions from picture to thumbnail
 * @param downscaler the form of the learned downscaler E
 * @param teacher how the teacher is trained; its seed is replaced by each of the seeds
 * @param student how every student is trained, likewise
 * @param seeds one whole table is computed for each
 */
public record Settings(
    Architecture network,
    int size,
    @JsonProperty("ratios")
        @JsonSerialize(contentUsing = WriteRatio.class)
        @JsonDeserialize(contentUsing = ReadRatio.class)
        List<Reduction> reductions,
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
    reductions = List.copyOf(reductions);
    seeds = List.copyOf(seeds);
    check(!seeds.isEmpty(), "at least one seed is needed");
    check(seeds.stream().distinct().count() == seeds.size(), "a seed occurs twice: " + seeds);
    check(!reductions.isEmpty(), "at least one ratio is needed");
    check(
        reductions.stream().distinct().count() == reductions.size(),
        "a ratio occurs twice: " + reductions.stream().map(Reduction::area).toList());
    check(downscaler.learned(), "the downscaler must be one that learns, not " + downscaler);
    for (Reduction reduction : reductions) {
      check(
          size >= reduction.side() && reduction.divides(size),
          "pictures of " + size + " pixels cannot be shrunk to a side of 1/" + reduction.side());
    }
  }

  private static void check(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
