package dev.thumbnet.experiment;

import static dev.thumbnet.experiment.report.Texts.format;
import static dev.thumbnet.experiment.report.Texts.signed;

import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.experiment.report.Comparisons;
import dev.thumbnet.experiment.report.Finding;
import dev.thumbnet.experiment.report.MeasuredTable;
import dev.thumbnet.experiment.report.MeasuredTable.Quantity;
import dev.thumbnet.experiment.results.Comparison;
import dev.thumbnet.experiment.results.Interaction;
import dev.thumbnet.experiment.results.Results;
import dev.thumbnet.experiment.results.Results.DataFacts;
import dev.thumbnet.experiment.results.Row;
import dev.thumbnet.measure.PairedDifference;
import dev.thumbnet.measure.PairedDifference.Verdict;
import dev.thumbnet.method.Method;
import dev.thumbnet.method.Need;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.Training;
import dev.thumbnet.method.format.FormatMethod;
import dev.thumbnet.method.pruning.PrunedStudent;
import dev.thumbnet.method.teacher.TeacherMethod;
import dev.thumbnet.method.thumbnet.StudentMethod;
import dev.thumbnet.method.thumbnet.TransferMethod;
import dev.thumbnet.model.Reduction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Pruning and fewer bits together, for students on thumbnails: each is said to cost little accuracy
 * alone. Do the drops add up?
 */
final class CombineStudy implements Study {
  private static final StudentMethod SOURCE = StudentMethod.THUMBNET;
  private static final PrunedStudent PRUNED = PrunedStudent.PRUNED;
  private static final FormatMethod FORMATS = FormatMethod.FORMATS;

  private static final int NONE = 0;
  private static final List<Integer> PERCENTS = List.of(NONE, 30, 50);
  private static final List<WeightFormat> FEWER_BITS =
      List.of(WeightFormat.BF16, WeightFormat.INT8);

  @Override
  public String key() {
    return "combine";
  }

  @Override
  public String name() {
    return "Pruning and fewer bits together, on thumbnails";
  }

  @Override
  public String introduction() {
    return "A student on thumbnails is cheap already. It gets cheaper still if filters are taken"
        + " out of it, and if its weights are kept with fewer bits. Each of these two may cost some"
        + " accuracy. Do both cost together what they cost alone, more, or less? All students"
        + " see thumbnails: what these cost by themselves is not asked here.";
  }

  @Override
  public String conditions() {
    return "All rows of a ratio come from one finished ThumbNet. Of each inner convolution the"
        + " filters with the smallest L1 norms are taken out, the same share everywhere;"
        + " then student and downscaler learn on from labels and the teacher's answers, for"
        + " the students' epochs again. The row that loses no filters learns on for as long,"
        + " and drops are counted from it. Rows in fewer bits are the same networks,"
        + " compiled otherwise on this processor, which decides in which layers fewer bits are"
        + " used; accuracy and time are those of the compiled network, one picture at a time."
        + " An interaction is the drop of both less the sum of the drops"
        + " alone; its interval comes from the same pictures and seeds as all others.";
  }

  @Override
  public Method reference() {
    return TeacherMethod.ORIGINAL;
  }

  @Override
  public Method subject() {
    return PRUNED;
  }

  @Override
  public List<Entry> entries(Setting setting) {
    List<Entry> entries = new ArrayList<>();
    for (Reduction reduction : setting.reductions()) {
      entries.addAll(Entry.all(SOURCE, setting.with(reduction)));
      Need source = TransferMethod.source(setting, reduction);
      List<Training> pruned =
          PERCENTS.stream().map(p -> PRUNED.at(setting, reduction, source, p)).toList();
      pruned.forEach(training -> entries.add(new Entry(PRUNED, training, List.of(source))));
      for (Training training : pruned) {
        OperatingPoint point = training.points().getFirst();
        Need need = new Need(PRUNED.key(), point.key());
        for (WeightFormat fewer : FEWER_BITS) {
          entries.add(new Entry(FORMATS, FORMATS.at(need, point, fewer), List.of(need)));
        }
      }
    }
    return entries;
  }

  @Override
  public List<MeasuredTable> tables() {
    return List.of(
        new MeasuredTable(
            "What fewer bits save",
            "The weights of the whole network, downscaler included, as they are compiled on this"
                + " processor, beside what they would be there as f32. Only layers for which that"
                + " saves time have fewer bits, and other processors choose others.",
            List.of(
                new Quantity(FormatMethod.BYTES, "Weights", "bytes", 0),
                new Quantity(FormatMethod.F32_BYTES, "As f32", "bytes", 0)),
            Optional.empty()));
  }

  @Override
  public boolean inGallery(Row row) {
    return row.method().equals(SOURCE.key());
  }

  // ---------------------------------------------------------------- what the rows say

  private static boolean isPart(Row row) {
    return row.method().equals(PRUNED.key()) || row.method().equals(FORMATS.key());
  }

  private static int percent(Row row) {
    return row.point().settings().get(PrunedStudent.PERCENT) instanceof Number percent
        ? percent.intValue()
        : NONE;
  }

  private static WeightFormat bits(Row row) {
    return row.point().weightFormat();
  }

  /** Tells whether no weight has fewer bits after all; unknown of rows without bytes. */
  private static boolean keptF32(Row row) {
    return bits(row) != WeightFormat.F32
        && row.runs().stream()
            .allMatch(
                run ->
                    run.measured().containsKey(FormatMethod.F32_BYTES)
                        && run.measured(FormatMethod.F32_BYTES)
                            == run.measured(FormatMethod.BYTES));
  }

  /** The row that differs from another in these two things alone, if it is there. */
  private static Optional<Row> with(Results results, Row row, int percent, WeightFormat bits) {
    return results.rows().stream()
        .filter(CombineStudy::isPart)
        .filter(other -> other.data().equals(row.data()))
        .filter(other -> other.point().inputSize() == row.point().inputSize())
        .filter(other -> percent(other) == percent && bits(other) == bits)
        .findFirst();
  }

  private static Optional<Row> neither(Results results, Row row) {
    return with(results, row, NONE, WeightFormat.F32);
  }

  /** Each row beside the one that has all filters and bits. */
  @Override
  public List<Comparison> comparisons(Results results) {
    List<Comparison> pairs = new ArrayList<>();
    for (DataFacts set : results.data()) {
      for (Row row : results.rows(set).stream().filter(CombineStudy::isPart).toList()) {
        neither(results, row)
            .filter(base -> base != row)
            .ifPresent(base -> pairs.add(Comparison.of(row, base, set)));
      }
    }
    return pairs;
  }

  private static List<Interaction> interactions(Results results, DataFacts set) {
    List<Interaction> found = new ArrayList<>();
    for (Row both : results.rows(set).stream().filter(CombineStudy::isPart).toList()) {
      if (percent(both) != NONE && bits(both) != WeightFormat.F32 && !keptF32(both)) {
        Optional<Row> neither = neither(results, both);
        Optional<Row> pruned = with(results, both, percent(both), WeightFormat.F32);
        Optional<Row> fewer = with(results, both, NONE, bits(both));
        if (neither.isPresent() && pruned.isPresent() && fewer.isPresent()) {
          Interaction.of(neither.get(), pruned.get(), fewer.get(), both).ifPresent(found::add);
        }
      }
    }
    return found;
  }

  /** For each set how many drops add up, then each combination. */
  @Override
  public List<Finding> findings(Results results, List<Comparison> pairs) {
    List<Finding> findings = new ArrayList<>();
    for (DataFacts set : results.data()) {
      List<Interaction> found = interactions(results, set);
      if (!found.isEmpty()) {
        String where = Comparisons.where(results, set);
        findings.add(new Finding("Do the drops add up?" + where, tally(found)));
        for (Interaction interaction : found) {
          findings.add(
              new Finding(
                  interaction.both().point().label() + where, sentences(interaction, pairs)));
        }
      }
      findings.addAll(notFewer(results, set));
    }
    return findings;
  }

  /** Nothing if all rows in fewer bits are. */
  private static List<Finding> notFewer(Results results, DataFacts set) {
    List<Row> rows = results.rows(set).stream().filter(CombineStudy::keptF32).toList();
    return rows.isEmpty()
        ? List.of()
        : List.of(
            new Finding(
                "No fewer bits" + Comparisons.where(results, set),
                "On "
                    + results.origin().machine().device()
                    + " these rows keep all weights as f32, so that they say nothing of fewer"
                    + " bits: "
                    + rows.stream().map(Row::title).collect(Collectors.joining("; "))
                    + "."));
  }

  private static String tally(List<Interaction> found) {
    return format(
        "Of %d combinations of pruning and fewer bits, %d cost more than the sum of both alone, %d"
            + " less, and for %d the drops add up as far as can be seen.",
        found.size(),
        count(found, Verdict.AHEAD),
        count(found, Verdict.BEHIND),
        count(found, Verdict.LEVEL));
  }

  private static long count(List<Interaction> found, Verdict verdict) {
    return found.stream().filter(i -> i.beyond().verdict() == verdict).count();
  }

  private static String sentences(Interaction found, List<Comparison> pairs) {
    return format(
        "Pruning alone costs %s points, fewer bits alone %s, and both %s. That is %s points [%s,"
            + " %s] beyond the sum%s.",
        drop(found.one(), pairs),
        drop(found.other(), pairs),
        drop(found.both(), pairs),
        signed(found.beyond().points()),
        signed(found.beyond().low()),
        signed(found.beyond().high()),
        verdict(found.beyond()));
  }

  private static String drop(Row row, List<Comparison> pairs) {
    return pairs.stream()
        .filter(pair -> pair.row() == row)
        .map(
            pair ->
                format(
                    "%s [%s, %s]",
                    signed(-pair.points()), signed(-pair.high()), signed(-pair.low())))
        .findFirst()
        .orElseThrow();
  }

  /** SE is 0 if the drops of each picture, over all seeds, go beyond the sum by the same. */
  private static String verdict(PairedDifference beyond) {
    if (beyond.detectable().isEmpty()) {
      return "; that is the same for each picture, so nothing can be said of others";
    }
    double detectable = beyond.detectable().getAsDouble();
    return switch (beyond.verdict()) {
      case AHEAD -> ", so together they cost more than alone";
      case BEHIND -> ", so together they cost less than alone";
      case LEVEL ->
          format(", so the drops add up as far as can be seen, which is %.1f points", detectable);
    };
  }
}
