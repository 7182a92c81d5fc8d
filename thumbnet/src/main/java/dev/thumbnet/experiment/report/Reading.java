package dev.thumbnet.experiment.report;

import static dev.thumbnet.experiment.report.Texts.count;
import static dev.thumbnet.experiment.report.Texts.format;
import static dev.thumbnet.experiment.report.Texts.one;

import dev.thumbnet.experiment.results.Comparison;
import dev.thumbnet.experiment.results.Noise;
import dev.thumbnet.experiment.results.Results;
import dev.thumbnet.experiment.results.Results.DataFacts;
import dev.thumbnet.measure.PairedDifference;
import java.util.ArrayList;
import java.util.List;

/** How accuracies and their differences are to be read; said once in each form of a report. */
final class Reading {
  private Reading() {}

  /** Returns the paragraphs, as plain text. */
  static List<String> of(Results results, Story story) {
    List<String> paragraphs = new ArrayList<>();
    for (DataFacts set : results.data()) {
      paragraphs.add(accuracies(results, set) + unpaired(results, set, story));
    }
    List<PairedDifference> paired =
        story.comparisons().stream().flatMap(pair -> pair.paired().stream()).toList();
    if (!paired.isEmpty()) {
      paragraphs.add(paired(paired.stream().allMatch(found -> found.seeds() == 1)));
    }
    return paragraphs;
  }

  private static String accuracies(Results results, DataFacts set) {
    int seeds = results.reference(set).runs().size();
    return format(
        "Accuracies%s come from %s pictures%s.",
        results.data().size() == 1 ? "" : " on " + set.name(),
        count(set.valPictures()),
        seeds == 1 ? " and one seed" : format(" and %d seeds (mean ± standard deviation)", seeds));
  }

  /** For what older versions found, and where nothing is compared. */
  private static String unpaired(Results results, DataFacts set, Story story) {
    List<Comparison> pairs = story.comparisons(set.name());
    if (!pairs.isEmpty() && pairs.stream().allMatch(pair -> pair.paired().isPresent())) {
      return "";
    }
    return format(
        " Two accuracies that differ by less than about %s points may well be equal: the answers to"
            + " single pictures were not kept, so differences count as if each row had seen"
            + " pictures of its own.",
        one(Noise.of(results, set)));
  }

  private static String paired(boolean oneSeed) {
    return format(
        "“Ahead by 2.1 points [0.8, 3.4]” compares the answers of two rows picture by picture: one"
            + " is 2.1 points more accurate than the other, and with all pictures of the same"
            + " kind%s in place of these the difference would lie within the brackets, as it does"
            + " in 95 of 100 such experiments. The brackets come from drawing the pictures%s anew"
            + " %s times from those there are, the same for both rows. Rows are level if 0 lies"
            + " within: one pair in twenty that is equal in truth seems ahead or behind by chance."
            + " A difference as large as “could be seen”, %s standard errors, would be found in"
            + " four experiments of five; where no answer differs, that cannot be said.%s",
        oneSeed ? "" : " and all seeds",
        oneSeed ? "" : " and the seeds",
        count(PairedDifference.RESAMPLES),
        one(PairedDifference.POWER),
        oneSeed
            ? " There is one seed, so this says nothing of what another training would give."
            : " A few seeds say little of trainings that vary a lot: if they differ by ten points,"
                + " the brackets hold for 79 of 100 experiments with two seeds and for 88 with"
                + " three to five. Whoever is called the best of several was found on the same"
                + " pictures, which flatters it a little.");
  }
}
