package dev.thumbnet.experiment.report;

import static dev.thumbnet.experiment.report.Texts.format;
import static dev.thumbnet.experiment.report.Texts.one;
import static dev.thumbnet.experiment.report.Texts.square;
import static dev.thumbnet.experiment.report.Texts.words;

import dev.thumbnet.experiment.results.Comparison;
import dev.thumbnet.experiment.results.Results;
import dev.thumbnet.experiment.results.Results.DataFacts;
import dev.thumbnet.experiment.results.Row;
import dev.thumbnet.experiment.results.Row.Run;
import dev.thumbnet.measure.Chance;
import dev.thumbnet.measure.PairedDifference.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What rows say when they are compared; also where the subject of a study loses. */
public final class Comparisons {
  /** Costs whose ratio is at most this are equal as far as verdicts go. */
  private static final double ALIKE = 1.25;

  private final Results results;

  /** Compares rows of some results. */
  public Comparisons(Results results) {
    this.results = results;
  }

  /**
   * What a reader must know first: of a set whose reference guesses nothing can be learnt, and
   * compiled networks should answer as those they are made of.
   */
  public static List<Finding> warnings(Results results) {
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
    compiledOtherwise(results).ifPresent(warnings::add);
    return warnings;
  }

  /** Rows of which the compiled network, which is what is used and timed, answers otherwise. */
  private static Optional<Finding> compiledOtherwise(Results results) {
    List<String> sentences = new ArrayList<>();
    for (Row row : results.rows()) {
      for (Run run : row.runs()) {
        run.compiled()
            .filter(compiled -> compiled.agreement() < 100)
            .ifPresent(
                compiled ->
                    sentences.add(
                        format(
                            "%s%s, seed %d: %.2f %% instead of %.2f %%, the same answer for %.2f %%"
                                + " of the pictures.",
                            row.title(),
                            results.data().size() == 1 ? "" : " on " + row.data(),
                            run.seed(),
                            compiled.acc1(),
                            run.acc1(),
                            compiled.agreement())));
      }
    }
    return sentences.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Finding("Compiled networks answer otherwise", String.join(" ", sentences)));
  }

  /**
   * Compares each row of the study's subject with the reference, and with the best of some methods
   * whose networks see as many pixels.
   *
   * @param rivals keys of the methods
   */
  public List<Finding> ofSubject(List<String> rivals) {
    List<Finding> findings = new ArrayList<>();
    for (DataFacts set : results.data()) {
      Row reference = results.reference(set);
      for (Row row : results.rows(set)) {
        if (row.method().equals(results.study().subject())) {
          String where = where(results, set);
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
    String among =
        compared.size() == 1
            ? ""
            : ", the best of "
                + compared.stream().map(Row::name).collect(Collectors.joining(" and "))
                + " on as many pixels,";
    Comparison pair = Comparison.of(row, best, set);
    String so =
        switch (pair.verdict()) {
          case AHEAD -> "so it pays off";
          case BEHIND -> "so here " + best.name() + " is the better choice";
          case LEVEL -> "so the difference may be chance";
        };
    return format(
        " %s%s reaches %s %%; %s is %s, %s.",
        best.name(), among, best.acc1(), row.name(), words(pair), so);
  }

  private static String stored(Row row) {
    return row.thumbnails()
        ? format(
            " Stored as pictures of 8 bits for a colour, its thumbnails give %s %%, and the same"
                + " answer for %s %% of the pictures.",
            row.over(Run::eightBitAcc1), row.over(Run::eightBitAgreement))
        : "";
  }

  // ---------------------------------------------------------------- side by side

  /**
   * Each row of other methods beside the subject's that sees as many pixels; if there is none, or
   * there are several, beside that of the most similar cost.
   */
  public List<Comparison> onAsManyPixels() {
    List<Comparison> pairs = new ArrayList<>();
    for (DataFacts set : results.data()) {
      for (Row row : results.rows(set)) {
        List<Row> alike =
            subjects(set).stream()
                .filter(subject -> subject.point().inputSize() == row.point().inputSize())
                .toList();
        if (!isSubject(row)) {
          nearest(row, alike.isEmpty() ? subjects(set) : alike)
              .ifPresent(other -> pairs.add(Comparison.of(row, other, set)));
        }
      }
    }
    return pairs;
  }

  /**
   * Each row of some methods beside the subject's of the most similar cost.
   *
   * @param methods their keys
   */
  public List<Comparison> atNearestCost(List<String> methods) {
    List<Comparison> pairs = new ArrayList<>();
    for (DataFacts set : results.data()) {
      for (Row row : results.rows(set)) {
        if (methods.contains(row.method())) {
          nearest(row, subjects(set)).ifPresent(other -> pairs.add(Comparison.of(row, other, set)));
        }
      }
    }
    return pairs;
  }

  private boolean isSubject(Row row) {
    return row.method().equals(results.study().subject());
  }

  private List<Row> subjects(DataFacts set) {
    return results.rows(set).stream().filter(this::isSubject).toList();
  }

  /** The one whose cost is in the ratio nearest to 1 to that of a row; none of none. */
  private Optional<Row> nearest(Row row, List<Row> others) {
    return others.stream()
        .min(Comparator.comparingDouble(other -> Math.abs(Math.log(cost(other) / cost(row)))));
  }

  /** Time if the study measures it, else multiply-adds. */
  private double cost(Row row) {
    return results.study().timed() ? row.milliseconds() : row.macs();
  }

  /**
   * How the rows of some methods do beside the subject's of the most similar time: first all of
   * them in one sentence for each data set, then each method.
   *
   * @param methods their keys
   * @param pairs the rows, as {@link #atNearestCost} gives them
   */
  public List<Finding> ofRivals(List<String> methods, List<Comparison> pairs) {
    List<Finding> findings = new ArrayList<>();
    for (DataFacts set : results.data()) {
      List<Comparison> onSet = onSet(pairs, set);
      String where = where(results, set);
      if (!onSet.isEmpty()) {
        String subject = onSet.getFirst().other().name();
        findings.add(
            tally(
                subject + " at equal time" + where,
                onSet.stream().filter(this::isAlike).toList(),
                "rows of other methods, each beside the one of "
                    + subject
                    + " that takes the most similar time"
                    + unlike(onSet)));
      }
      for (String method : methods) {
        List<Comparison> of =
            onSet.stream().filter(pair -> pair.row().method().equals(method)).toList();
        if (!of.isEmpty()) {
          findings.add(
              new Finding(
                  of.getFirst().row().name() + where,
                  of.stream().map(Comparisons::atEqualTime).collect(Collectors.joining(" "))));
        }
      }
    }
    return findings;
  }

  /**
   * How many of some rows are ahead and behind.
   *
   * @param heading of the finding
   * @param pairs the rows, each beside another
   * @param what they are, after their number: "rows of other methods, each beside that of ..."
   */
  public static Finding tally(String heading, List<Comparison> pairs, String what) {
    return new Finding(
        heading,
        format(
            "Of %d %s, %d are behind it, %d level with it and %d ahead.",
            pairs.size(),
            what,
            count(pairs, Verdict.BEHIND),
            count(pairs, Verdict.LEVEL),
            count(pairs, Verdict.AHEAD)));
  }

  /** Returns the pairs of a data set. */
  public static List<Comparison> onSet(List<Comparison> pairs, DataFacts set) {
    return pairs.stream().filter(pair -> pair.row().data().equals(set.name())).toList();
  }

  /** Returns what follows a heading about a data set: its name, if there are several. */
  public static String where(Results results, DataFacts set) {
    return results.data().size() == 1 ? "" : ", " + set.name();
  }

  /** Tells whether two rows cost so much alike that one may be said to do better for it. */
  public boolean isAlike(Comparison pair) {
    return Math.abs(Math.log(cost(pair.row()) / cost(pair.other()))) <= Math.log(ALIKE);
  }

  /** Says how many of some pairs are left out of a tally, if any. */
  public String unlike(List<Comparison> pairs) {
    long count = pairs.stream().filter(pair -> !isAlike(pair)).count();
    return count == 0
        ? ""
        : format(" (%d more, for which it differs by more than a quarter, are not counted)", count);
  }

  private static long count(List<Comparison> pairs, Verdict verdict) {
    return pairs.stream().filter(pair -> pair.verdict() == verdict).count();
  }

  private static String atEqualTime(Comparison pair) {
    Row row = pair.row();
    Row other = pair.other();
    return format(
        "%s names the right class for %s %% of the pictures in %.2f ms each; beside %s, with %s %%"
            + " in %.2f ms, it is %s.",
        row.title(),
        row.acc1(),
        row.milliseconds(),
        other.title(),
        other.acc1(),
        other.milliseconds(),
        words(pair));
  }
}
