package dev.thumbnet.experiment;

import static dev.thumbnet.experiment.report.Texts.format;
import static dev.thumbnet.experiment.report.Texts.one;
import static dev.thumbnet.experiment.report.Texts.square;

import dev.thumbnet.experiment.report.Finding;
import dev.thumbnet.experiment.results.Noise;
import dev.thumbnet.experiment.results.Results;
import dev.thumbnet.experiment.results.Results.DataFacts;
import dev.thumbnet.experiment.results.Row;
import dev.thumbnet.experiment.results.Row.Run;
import dev.thumbnet.measure.Chance;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** What rows say when they are compared; also where the subject of a study loses. */
final class Comparisons {
  private final Results results;

  Comparisons(Results results) {
    this.results = results;
  }

  /** What a reader must know first: of a set whose reference guesses nothing can be learnt. */
  static List<Finding> warnings(Results results) {
    List<Finding> warnings = new ArrayList<>();
    for (DataFacts set : results.data()) {
      Row reference = results.reference(set);
      Chance chance = new Chance(set.valPictures(), Math.max(set.chance(), set.majority()));
      if (chance.explains(reference.acc1().mean())) {
        warnings.add(
            new Finding(
                reference.name() + " only guesses",
                format(
                    "Its accuracy on %s, %s %%, is no better than guessing, which has about %s %%,"
                        + " so the rows compare nothing. Train longer, or with more pictures.",
                    set.name(), one(reference.acc1().mean()), one(chance.percent()))));
      }
    }
    return warnings;
  }

  /**
   * Compares each row of the study's subject with the reference, and with the best of some methods
   * whose networks see as many pixels.
   *
   * @param rivals keys of the methods
   */
  List<Finding> ofSubject(List<String> rivals) {
    List<Finding> findings = new ArrayList<>();
    for (DataFacts set : results.data()) {
      Row reference = results.reference(set);
      for (Row row : results.rows(set)) {
        if (row.method().equals(results.study().subject())) {
          String where = results.data().size() == 1 ? "" : ", " + set.name();
          findings.add(
              new Finding(
                  (row.point().label().isEmpty() ? row.name() : row.point().label()) + where,
                  withReference(row, reference) + withRivals(row, rivals, set) + stored(row)));
        }
      }
    }
    return findings;
  }

  private String withReference(Row row, Row reference) {
    String faster =
        results.study().timed()
            ? format(
                " and is %s times as fast as measured",
                one(reference.milliseconds() / row.milliseconds()))
            : "";
    return format(
        "From %s pixels %s names the right class for %s %% of the pictures; %s, from %s pixels, for"
            + " %s %%. It needs %s multiply-adds%s%s.",
        square(row.point().inputSize()),
        row.name(),
        row.acc1(),
        reference.name(),
        square(reference.point().inputSize()),
        reference.acc1(),
        times(reference.macs() / row.macs()),
        faster,
        row.thumbnails() ? ", the downscaler included" : "");
  }

  private static String times(double fewer) {
    return fewer >= 1 ? one(fewer) + " times fewer" : one(1 / fewer) + " times as many";
  }

  private String withRivals(Row row, List<String> rivals, DataFacts set) {
    List<Row> compared =
        results.rows(set).stream()
            .filter(other -> rivals.contains(other.method()))
            .filter(other -> other.point().inputSize() == row.point().inputSize())
            .toList();
    return compared.stream()
        .max(Comparator.comparingDouble(other -> other.acc1().mean()))
        .map(best -> withBest(row, best, compared, set))
        .orElse("");
  }

  private static String withBest(Row row, Row best, List<Row> compared, DataFacts set) {
    double gain = row.acc1().mean() - best.acc1().mean();
    String verdict;
    if (Math.abs(gain) < Noise.of(best.acc1().mean(), set.valPictures())) {
      verdict = "so close that it may be chance";
    } else {
      verdict = gain > 0 ? "so " + row.name() + " pays off" : "so here it is the better choice";
    }
    String among =
        compared.size() == 1
            ? ""
            : ", the best of "
                + compared.stream().map(Row::name).collect(Collectors.joining(" and "))
                + " on as many pixels,";
    return format(" %s%s reaches %s %%, %s.", best.name(), among, best.acc1(), verdict);
  }

  private static String stored(Row row) {
    return row.thumbnails()
        ? format(
            " Stored as pictures of 8 bits for a colour, its thumbnails give %s %%, and the same"
                + " answer for %s %% of the pictures.",
            row.over(Run::eightBitAcc1), row.over(Run::eightBitAgreement))
        : "";
  }
}
