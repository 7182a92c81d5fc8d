package dev.thumbnet.experiment;

import static dev.thumbnet.experiment.report.Texts.format;
import static dev.thumbnet.experiment.report.Texts.words;

import dev.thumbnet.engine.Device;
import dev.thumbnet.experiment.report.Comparisons;
import dev.thumbnet.experiment.report.EqualCost;
import dev.thumbnet.experiment.report.Finding;
import dev.thumbnet.experiment.results.Comparison;
import dev.thumbnet.experiment.results.Results;
import dev.thumbnet.experiment.results.Results.DataFacts;
import dev.thumbnet.experiment.results.Row;
import dev.thumbnet.method.Method;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.Training;
import dev.thumbnet.method.front.FrontMethod;
import dev.thumbnet.method.teacher.TeacherMethod;
import dev.thumbnet.method.thumbnet.KindMethod;
import dev.thumbnet.method.thumbnet.StudentMethod;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Models;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.pipeline.Preprocessing;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.pipeline.TrainedModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * All that makes thumbnails, beside students on ordinary thumbnails that cost as much: a downscaler
 * may cost more than its student, and a larger thumbnail helps, too.
 */
final class DownscalersStudy implements Study {
  private static final StudentMethod CONTROL = StudentMethod.BICUBIC_DISTILL;
  private static final StudentMethod SUBJECT = StudentMethod.SUPERVISED_DISTILL;
  private static final KindMethod KINDS = KindMethod.KINDS;
  private static final List<FrontMethod> FRONTS = List.of(FrontMethod.PATCH, FrontMethod.DCT);

  /** From the best one known, as measured on photographs of dogs. */
  private static final List<DownscalerKind> BEST =
      List.of(DownscalerKind.LAYER1, DownscalerKind.STEM, DownscalerKind.PATCH);

  /** Those that had something ahead of bicubic there, for the least cost. */
  private static final Set<DownscalerKind> PROMISING =
      Set.of(DownscalerKind.NARROW_STEM, DownscalerKind.STEM, DownscalerKind.PATCH);

  /** Side in pixels from which the curve has narrower students, too. */
  private static final int WIDTHS_FROM = 224;

  @Override
  public String key() {
    return "downscalers";
  }

  @Override
  public String name() {
    return "Downscalers at equal cost";
  }

  @Override
  public String introduction() {
    return "There are many ways to make a thumbnail. Which one lets a student see the most? And as"
        + " a learned downscaler has a cost of its own, often more than the student's: is a student"
        + " without one, on larger ordinary thumbnails for the same cost, as good? Students on"
        + " bicubic thumbnails of many sizes make a curve of accuracy against cost, and each"
        + " downscaler with its student is held against this curve. Two students without the"
        + " bottleneck of three colours show what a downscaler could reach.";
  }

  @Override
  public String conditions() {
    return "Every student starts from the teacher's weights, narrower ones from its first channels,"
        + " and learns from labels and the teacher's answers, on the same pictures in the same"
        + " order for the same number of epochs. The curve consists of those students on bicubic"
        + " thumbnails that are more accurate than all cheaper ones, with straight lines between"
        + " them over the logarithm of the cost.";
  }

  @Override
  public Method reference() {
    return TeacherMethod.ORIGINAL;
  }

  @Override
  public Method subject() {
    return SUBJECT;
  }

  /** All learn from the same batches and need nothing but the teacher: they run side by side. */
  @Override
  public List<Entry> entries(Setting setting) {
    Architecture network = setting.network();
    List<Entry> entries = new ArrayList<>();
    curve(setting).forEach(training -> entries.add(new Entry(CONTROL, training)));
    for (Reduction reduction : setting.reductions()) {
      entries.addAll(Entry.all(SUBJECT, setting.with(reduction)));
      for (DownscalerKind kind : KindMethod.kinds(network)) {
        if (kind != setting.downscaler()) {
          entries.add(new Entry(KINDS, KINDS.at(setting, reduction, kind, false)));
        }
      }
      entries.add(new Entry(KINDS, KINDS.at(setting, reduction, best(network), true)));
      if (FrontMethod.takes(network)) {
        FRONTS.forEach(front -> entries.addAll(Entry.all(front, setting.with(reduction))));
      }
    }
    return entries;
  }

  /**
   * First what answers the question at 16:1, so many as learn side by side: the control, the
   * setting's downscaler, the most promising others, and then those students of the curve that cost
   * most nearly as much as one of these. Then the table.
   */
  @Override
  public List<Entry> inRunningOrder(Setting setting, List<Entry> entries) {
    if (!setting.reductions().contains(Reduction.SIXTEEN_TO_ONE)) {
      return entries;
    }
    Set<Entry> order = new LinkedHashSet<>();
    entries.stream().filter(DownscalersStudy::decides).forEach(order::add);
    Map<Entry, Double> curve = new LinkedHashMap<>();
    entries.stream()
        .filter(entry -> entry.method() == CONTROL)
        .forEach(entry -> curve.put(entry, macs(setting, entry)));
    for (Entry decisive : List.copyOf(order)) {
      double macs = macs(setting, decisive);
      curve.entrySet().stream()
          .min(Comparator.comparingDouble(entry -> Math.abs(Math.log(entry.getValue() / macs))))
          .map(Map.Entry::getKey)
          .filter(_ -> order.size() < CellRunner.SIDE_BY_SIDE)
          .ifPresent(order::add);
    }
    order.addAll(entries);
    return List.copyOf(order);
  }

  private static boolean decides(Entry entry) {
    Map<String, Object> settings = point(entry).settings();
    return (entry.method() == CONTROL || entry.method() == SUBJECT || entry.method() == KINDS)
        && !settings.containsKey("width")
        && reduction(settings).equals(Reduction.SIXTEEN_TO_ONE)
        && (entry.method() != KINDS || PROMISING.contains(kind(settings)) && !matches(settings));
  }

  private static OperatingPoint point(Entry entry) {
    return entry.training().points().getFirst();
  }

  /** Multiply-adds of a student and its downscaler. */
  private static double macs(Setting setting, Entry entry) {
    OperatingPoint point = point(entry);
    Architecture network =
        point.settings().get("width") instanceof Double width
            ? setting.network().withWidth(setting.network().width() * width)
            : setting.network();
    return new TrainedModel(
            Device.meta(),
            Models.classifier(network, Device.meta()),
            Models.downscaler(
                kind(point.settings()),
                reduction(point.settings()),
                Preprocessing.unscaled(setting.size()).colors(),
                Device.meta(),
                null),
            IntStream.range(0, network.classes()).mapToObj(Integer::toString).toList(),
            Preprocessing.unscaled(setting.size()),
            Provenance.on(Device.meta()))
        .macs();
  }

  private static Reduction reduction(Map<String, Object> settings) {
    return Reduction.ofFactor(String.valueOf(settings.get("factor")));
  }

  /** The students on bicubic thumbnails: those of the curve, and at each ratio. */
  private static List<Training> curve(Setting setting) {
    Map<String, Training> byPoint = new LinkedHashMap<>();
    Stream.concat(CONTROL.curve(setting).stream(), CONTROL.trainings(setting).stream())
        .filter(training -> setting.size() >= WIDTHS_FROM || !isNarrow(training))
        .forEach(training -> byPoint.putIfAbsent(training.points().getFirst().key(), training));
    return List.copyOf(byPoint.values());
  }

  private static boolean isNarrow(Training training) {
    return training.points().getFirst().settings().containsKey("width");
  }

  private static DownscalerKind best(Architecture network) {
    return BEST.stream().filter(kind -> kind.fits(network)).findFirst().orElseThrow();
  }

  /** The control, and what it is said about. */
  @Override
  public boolean inGallery(Row row) {
    boolean ordinary = row.method().equals(CONTROL.key()) && isAtRatio(row.point().settings());
    return ordinary || learned(row);
  }

  /** Tells whether a student sees thumbnails as learned downscalers make them. */
  private static boolean isAtRatio(Map<String, Object> settings) {
    return !settings.containsKey("width") && reduction(settings).isClassic();
  }

  private static boolean learned(Row row) {
    return row.method().equals(SUBJECT.key()) || row.method().equals(KINDS.key());
  }

  private static boolean judged(Row row) {
    return learned(row) || FRONTS.stream().anyMatch(front -> front.key().equals(row.method()));
  }

  @Override
  public List<Comparison> comparisons(Results results) {
    List<Comparison> pairs = new ArrayList<>();
    for (DataFacts set : results.data()) {
      EqualCost curve = new EqualCost(results, set, CONTROL.key());
      if (curve.isEmpty()) {
        continue;
      }
      results.rows(set).stream()
          .filter(DownscalersStudy::judged)
          .forEach(row -> pairs.add(curve.nearest(row)));
    }
    return pairs;
  }

  /**
   * For each set how many downscalers are ahead of the curve; then each of them, the setting's
   * first, and what moment matching does; at last what is left out.
   */
  @Override
  public List<Finding> findings(Results results, List<Comparison> pairs) {
    List<Finding> findings = new ArrayList<>();
    for (DataFacts set : results.data()) {
      String where = Comparisons.where(results, set);
      EqualCost curve = new EqualCost(results, set, CONTROL.key());
      Comparisons costs = new Comparisons(results);
      List<Comparison> onSet = Comparisons.onSet(pairs, set);
      List<Comparison> learned = onSet.stream().filter(pair -> learned(pair.row())).toList();
      if (!curve.isEmpty()) {
        findings.add(
            Comparisons.tally(
                "Learned thumbnails at equal cost" + where,
                learned.stream().filter(costs::isAlike).toList(),
                "rows with a learned downscaler, each beside the row of the curve of "
                    + CONTROL.name()
                    + " whose cost is the most similar"
                    + costs.unlike(learned)));
      }
      Map<String, List<Comparison>> byForm =
          onSet.stream()
              .collect(
                  Collectors.groupingBy(
                      pair -> form(pair.row()), LinkedHashMap::new, Collectors.toList()));
      byForm.forEach(
          (form, alike) ->
              findings.add(
                  new Finding(
                      form + where,
                      alike.stream().map(curve::sentences).collect(Collectors.joining(" ")))));
      findings.addAll(matching(results, set, where));
    }
    findings.addAll(leftOut(results.setting()));
    return findings;
  }

  private static DownscalerKind kind(Row row) {
    return kind(row.point().settings());
  }

  private static DownscalerKind kind(Map<String, Object> settings) {
    return DownscalerKind.ofKey(String.valueOf(settings.get("downscaler")));
  }

  private static boolean matches(Row row) {
    return matches(row.point().settings());
  }

  private static boolean matches(Map<String, Object> settings) {
    return settings.get("weights.momentMatching") instanceof Number weight
        && weight.doubleValue() > 0;
  }

  /** What rows of several ratios have in common, for people. */
  private static String form(Row row) {
    if (!learned(row)) {
      return row.name();
    }
    String kind = kind(row).label() + (matches(row) ? " with MM" : "");
    return row.method().equals(SUBJECT.key()) ? row.name() + " (" + kind + ")" : kind;
  }

  /** Nothing if there is no pair with and without. */
  private static List<Finding> matching(Results results, DataFacts set, String where) {
    List<Row> rows = results.rows(set).stream().filter(DownscalersStudy::learned).toList();
    List<String> sentences = new ArrayList<>();
    for (Row with : rows.stream().filter(DownscalersStudy::matches).toList()) {
      rows.stream()
          .filter(row -> !matches(row) && kind(row) == kind(with))
          .filter(row -> row.point().inputSize() == with.point().inputSize())
          .map(without -> Comparison.of(with, without, set))
          .forEach(
              pair ->
                  sentences.add(
                      format(
                          "%s, with %s %%, is, beside %s without it, with %s %%, %s.",
                          with.title(),
                          with.acc1(),
                          pair.other().title(),
                          pair.other().acc1(),
                          words(pair))));
    }
    return sentences.isEmpty()
        ? List.of()
        : List.of(new Finding("Moment matching" + where, String.join(" ", sentences)));
  }

  private static List<Finding> leftOut(Setting setting) {
    List<String> sentences = new ArrayList<>();
    List<DownscalerKind> kinds = KindMethod.kinds(setting.network());
    String missing =
        Arrays.stream(DownscalerKind.values())
            .filter(kind -> kind.learned() && !kinds.contains(kind))
            .map(DownscalerKind::label)
            .collect(Collectors.joining(", "));
    if (!missing.isEmpty()) {
      sentences.add(
          format(
              "%s has no first layers of which these downscalers could be made: %s.",
              setting.networkLabel(), missing));
    }
    if (!FrontMethod.takes(setting.network())) {
      sentences.add(
          format(
              "Only ResNets can see patches instead of colours, so that %s has no bound without"
                  + " the bottleneck.",
              setting.networkLabel()));
    }
    if (setting.size() < WIDTHS_FROM) {
      sentences.add(
          format(
              "The curve has no narrower students, for pictures have less than %d pixels a side.",
              WIDTHS_FROM));
    }
    return sentences.isEmpty()
        ? List.of()
        : List.of(new Finding("Left out", String.join(" ", sentences)));
  }
}
