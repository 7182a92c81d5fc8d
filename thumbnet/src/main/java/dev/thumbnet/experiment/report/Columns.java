package dev.thumbnet.experiment.report;

import static dev.thumbnet.experiment.report.Texts.NONE;
import static dev.thumbnet.experiment.report.Texts.format;
import static dev.thumbnet.experiment.report.Texts.millions;
import static dev.thumbnet.experiment.report.Texts.one;
import static dev.thumbnet.experiment.report.Texts.signed;
import static dev.thumbnet.experiment.report.Texts.square;

import dev.thumbnet.experiment.report.Table.Group;
import dev.thumbnet.experiment.results.Comparison;
import dev.thumbnet.experiment.results.Results;
import dev.thumbnet.experiment.results.Results.DataFacts;
import dev.thumbnet.experiment.results.Results.PaperCost;
import dev.thumbnet.experiment.results.Row;
import dev.thumbnet.experiment.results.Row.Run;
import dev.thumbnet.experiment.results.Summary;
import dev.thumbnet.measure.Metrics;
import dev.thumbnet.measure.PairedDifference;
import dev.thumbnet.method.RateChoice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** The columns of the tables: what is shown of a row, and how. */
final class Columns {
  private Columns() {}

  /**
   * The table of the rows of a data set, a group for each size of input.
   *
   * @throws IllegalStateException if a number is missing that should be there
   */
  static Table<Row> of(Results results, DataFacts set) {
    Row reference = results.reference(set);
    boolean timed = results.study().timed();
    List<Column<Row>> columns = new ArrayList<>();
    columns.add(Column.brief("Method", "", Row::title));
    columns.add(Column.brief("sees", "pixels", row -> square(row.point().inputSize())));
    columns.add(
        Column.<Row>brief("Acc@1", "percent", row -> row.acc1().toString())
            .withBar(row -> row.acc1().mean()));
    if (Metrics.hasTop5(set.classes().size())) {
      columns.add(Column.full("Acc@5", "percent", row -> row.over(Run::acc5).toString()));
    }
    columns.add(
        Column.full("Acc@1", "8 bits", row -> ifThumbnails(row, row.over(Run::eightBitAcc1))));
    columns.add(Column.brief("MMAC", "", row -> millions(row.macs())));
    columns.add(
        Column.full(
            "of which E",
            "MMAC",
            row -> downscaler(row.over(r -> r.cost().downscalerMacs()).mean())));
    columns.add(
        Column.full(
            "MAC ratio", "to " + reference.name(), row -> one(reference.macs() / row.macs())));
    columns.add(
        Column.full(
            "Parameters",
            "thousands",
            row -> format("%,.1f", row.over(r -> r.cost().parameters()).mean() / 1e3)));
    columns.add(
        Column.brief("Time", "ms", row -> timed ? format("%.2f", row.milliseconds()) : NONE));
    columns.add(
        Column.brief(
            "Speed-up",
            "",
            row -> timed ? one(reference.milliseconds() / row.milliseconds()) + " ×" : NONE));
    if (results.rows(set).stream().anyMatch(row -> !row.notes(RateChoice.CHOSEN).isEmpty())) {
      columns.add(Column.full("Peak rate", "chosen, per 256", Columns::rates));
    }
    columns.add(Column.full("Training", "min", Columns::training));
    return new Table<>(
        columns, groups(results, set), row -> row.method().equals(results.study().subject()));
  }

  private static String ifThumbnails(Row row, Summary value) {
    return row.thumbnails() ? value.toString() : NONE;
  }

  private static String downscaler(double macs) {
    return macs == 0 ? NONE : millions(macs);
  }

  /** One for each seed that chose another. */
  private static String rates(Row row) {
    List<Object> rates = row.notes(RateChoice.CHOSEN);
    return rates.isEmpty()
        ? NONE
        : rates.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  private static String training(Row row) {
    double seconds = row.over(Run::trainingSeconds).mean();
    return seconds == 0 ? NONE : one(seconds / 60);
  }

  /** The rows of a data set, by the size of what their networks see. */
  static List<Group<Row>> groups(Results results, DataFacts set) {
    Map<Integer, List<Row>> bySize = new LinkedHashMap<>();
    for (Row row : results.rows(set)) {
      bySize.computeIfAbsent(row.point().inputSize(), _ -> new ArrayList<>()).add(row);
    }
    List<Group<Row>> groups = new ArrayList<>();
    bySize.forEach(
        (inputSize, rows) ->
            groups.add(
                new Group<>(
                    format(
                        "%s: the network sees %s pixels",
                        Texts.reduction(results.setting().size(), inputSize), square(inputSize)),
                    rows)));
    return groups;
  }

  /** The table of what else was measured, of the rows of a data set that have it. */
  static Table<Row> measured(MeasuredTable table, Results results, DataFacts set) {
    List<Column<Row>> columns = new ArrayList<>();
    columns.add(Column.full("Method", "", Row::title));
    columns.add(Column.full("Acc@1", "percent", row -> row.acc1().toString()));
    columns.add(
        Column.full("Acc@1", "8 bits", row -> ifThumbnails(row, row.over(Run::eightBitAcc1))));
    for (MeasuredTable.Quantity number : table.columns()) {
      columns.add(Column.full(number.header(), number.unit(), row -> measured(row, number)));
    }
    return new Table<>(
        columns, List.of(new Group<>("", withAny(table, results.rows(set)))), _ -> false);
  }

  /** Returns those of some rows that have a number of a table. */
  static List<Row> withAny(MeasuredTable table, List<Row> rows) {
    return rows.stream()
        .filter(row -> table.columns().stream().anyMatch(number -> has(row, number)))
        .toList();
  }

  /** Tells whether a number was measured for a row, with each seed. */
  static boolean has(Row row, MeasuredTable.Quantity number) {
    return row.runs().stream().allMatch(run -> run.measured().containsKey(number.name()));
  }

  private static String measured(Row row, MeasuredTable.Quantity number) {
    return has(row, number)
        ? format(
            "%." + number.decimals() + "f", row.over(run -> run.measured(number.name())).mean())
        : NONE;
  }

  /** The table of rows beside others of the same data set. */
  static Table<Comparison> sideBySide(List<Comparison> pairs, boolean timed) {
    List<Column<Comparison>> columns = new ArrayList<>();
    columns.add(Column.full("Row", "", pair -> pair.row().title()));
    columns.add(Column.full("beside", "", pair -> pair.other().title()));
    if (timed) {
      columns.add(
          Column.full(
              "Times",
              "ms",
              pair ->
                  format("%.2f, %.2f", pair.row().milliseconds(), pair.other().milliseconds())));
    }
    columns.add(
        Column.full(
            "Acc@1",
            "percent",
            pair -> one(pair.row().acc1().mean()) + ", " + one(pair.other().acc1().mean())));
    columns.add(Column.full("Difference", "points", pair -> signed(pair.points())));
    columns.add(
        Column.full(
            "Interval", "points", pair -> signed(pair.low()) + " to " + signed(pair.high())));
    columns.add(
        Column.full("so it is", "", pair -> pair.verdict().name().toLowerCase(Locale.ROOT)));
    columns.add(
        Column.full(
            "could be seen",
            "points",
            pair -> pair.paired().map(Columns::detectable).orElse(NONE)));
    return new Table<>(columns, List.of(new Group<>("", pairs)), _ -> false);
  }

  private static String detectable(PairedDifference found) {
    OptionalDouble points = found.detectable();
    return points.isPresent() ? Texts.one(points.getAsDouble()) : "cannot be said";
  }

  /** The table of what networks of the paper's size cost; the first is the full size. */
  static Table<PaperCost> of(List<PaperCost> costs) {
    PaperCost full = costs.getFirst();
    List<Column<PaperCost>> columns =
        List.of(
            Column.brief("Thumbnail", "", PaperCost::label),
            Column.brief("sees", "pixels", cost -> square(cost.inputSize())),
            Column.brief("MMAC", "", cost -> millions(cost.macs())),
            Column.full("of which E", "MMAC", cost -> downscaler(cost.downscalerMacs())),
            Column.full(
                "MAC ratio", "to full size", cost -> one((double) full.macs() / cost.macs())),
            Column.brief("Time", "ms", cost -> format("%.1f", cost.timing().medianMs())),
            Column.brief(
                "Speed-up",
                "",
                cost -> one(full.timing().medianMs() / cost.timing().medianMs()) + " ×"));
    return new Table<>(columns, List.of(new Group<>("", costs)), _ -> false);
  }
}
