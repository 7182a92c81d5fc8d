package dev.thumbnet.experiment;

import static dev.thumbnet.experiment.report.Texts.format;
import static dev.thumbnet.experiment.report.Texts.words;

import dev.thumbnet.experiment.report.Comparisons;
import dev.thumbnet.experiment.report.Finding;
import dev.thumbnet.experiment.results.Comparison;
import dev.thumbnet.experiment.results.Results;
import dev.thumbnet.experiment.results.Results.DataFacts;
import dev.thumbnet.experiment.results.Row;
import dev.thumbnet.method.Method;
import dev.thumbnet.method.Need;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.teacher.TeacherMethod;
import dev.thumbnet.method.thumbnet.StudentMethod;
import dev.thumbnet.method.thumbnet.TransferMethod;
import dev.thumbnet.model.Reduction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether a learned downscaler is of use to another student, and for other pictures, than those it
 * learnt with: only then can thumbnails be made once for all.
 */
final class TransferStudy implements Study {
  private static final TransferMethod SUBJECT = TransferMethod.TRANSFER;
  private static final StudentMethod CONTROL = StudentMethod.BICUBIC_DISTILL;
  private static final StudentMethod SOURCE = StudentMethod.THUMBNET;

  @Override
  public String key() {
    return "transfer";
  }

  @Override
  public String name() {
    return "Learned thumbnails for others";
  }

  @Override
  public String introduction() {
    return "ThumbNet's downscaler E and its student learn together. Are E's thumbnails of use to"
        + " anybody else? E is taken out of a finished ThumbNet and no longer changes; a fresh"
        + " student learns on its thumbnails, of the same set of pictures and of every other set."
        + " It has to be better than a student on bicubic thumbnails, which fit all pictures.";
  }

  @Override
  public String conditions() {
    return "Every student starts from the weights of the teacher of its own set and learns from"
        + " labels and this teacher's answers, for the same number of epochs on the same"
        + " pictures in the same order; ThumbNet, from which E comes, has two more losses"
        + " and a first phase. Times are not measured: networks behind an E cost what"
        + " ThumbNet costs.";
  }

  @Override
  public Method reference() {
    return TeacherMethod.ORIGINAL;
  }

  @Override
  public Method subject() {
    return SUBJECT;
  }

  @Override
  public List<Entry> entries(Setting setting) {
    return entries(setting, List.of());
  }

  /** ThumbNet learns on each set, so that its E is there for all. */
  @Override
  public List<Entry> entries(Setting setting, List<String> others) {
    Map<String, String> keys = keys(others);
    List<Entry> entries = new ArrayList<>();
    for (Reduction reduction : setting.reductions()) {
      Setting one = setting.with(reduction);
      Need own = TransferMethod.source(setting, reduction);
      entries.addAll(Entry.all(CONTROL, one));
      entries.addAll(Entry.all(SOURCE, one));
      SUBJECT.trainings(one).forEach(t -> entries.add(new Entry(SUBJECT, t, List.of(own))));
      keys.forEach(
          (other, key) -> {
            Need need = own.on(other);
            entries.add(
                new Entry(
                    SUBJECT,
                    SUBJECT.at(setting, reduction, need, "from-" + key, "E from " + other),
                    List.of(need)));
          });
    }
    return entries;
  }

  /**
   * What sets are called in keys of points, which have small letters, digits and dots there. No
   * hyphens, for in names of files the name of another set follows behind one.
   */
  private static Map<String, String> keys(List<String> names) {
    Map<String, String> keys = new LinkedHashMap<>();
    Set<String> taken = new LinkedHashSet<>();
    for (String name : names) {
      String key = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", ".");
      while (!taken.add(key)) {
        key += ".2";
      }
      keys.put(name, key);
    }
    return keys;
  }

  @Override
  public boolean timed() {
    return false;
  }

  @Override
  public boolean inGallery(Row row) {
    return !row.method().equals(SOURCE.key());
  }

  /**
   * Each transferred E beside bicubic thumbnails, and beside the E that learns with its student.
   */
  @Override
  public List<Comparison> comparisons(Results results) {
    List<Comparison> pairs = new ArrayList<>();
    for (DataFacts set : results.data()) {
      for (Row row : results.rows(set)) {
        if (row.method().equals(SUBJECT.key())) {
          pairs.addAll(beside(row, CONTROL, results, set));
          pairs.addAll(beside(row, SOURCE, results, set));
        }
      }
    }
    return pairs;
  }

  /** None if there is no such row. */
  private static List<Comparison> beside(Row row, Method method, Results results, DataFacts set) {
    return results.rows(set).stream()
        .filter(other -> other.method().equals(method.key()))
        .filter(other -> other.point().inputSize() == row.point().inputSize())
        .limit(1)
        .map(other -> Comparison.of(row, other, set))
        .toList();
  }

  private static boolean ofOthers(Row row) {
    return row.point().settings().containsKey(TransferMethod.DATA);
  }

  @Override
  public List<Finding> findings(Results results, List<Comparison> pairs) {
    List<Finding> findings = new ArrayList<>();
    if (results.data().size() == 1) {
      findings.add(
          new Finding(
              "One set of pictures",
              "Nothing is transferred to other pictures, for there is one set only: what is"
                  + " compared is a fresh student behind a frozen E with one that learnt together"
                  + " with it. Sets are given by --data, once for each."));
    } else {
      findings.add(
          Comparisons.tally(
              "E on other pictures",
              pairs.stream()
                  .filter(pair -> pair.other().method().equals(CONTROL.key()))
                  .filter(pair -> ofOthers(pair.row()))
                  .toList(),
              "rows with the E of another set, each beside " + CONTROL.name()));
    }
    Map<Row, List<Comparison>> byRow =
        pairs.stream()
            .collect(
                Collectors.groupingBy(Comparison::row, LinkedHashMap::new, Collectors.toList()));
    byRow.forEach(
        (row, beside) -> {
          String where = results.data().size() == 1 ? "" : ", on " + row.data();
          findings.add(finding(row, beside, where));
        });
    return findings;
  }

  private static Finding finding(Row row, List<Comparison> beside, String where) {
    StringBuilder text =
        new StringBuilder(
            format("The student names the right class for %s %% of the pictures", row.acc1()));
    String before = "; beside";
    for (Comparison pair : beside) {
      text.append(
          format(
              "%s %s,%s with %s %%, it is %s",
              before,
              pair.other().title(),
              pair.other().method().equals(SOURCE.key())
                  ? " whose E learnt with its student on these pictures,"
                  : "",
              pair.other().acc1(),
              words(pair)));
      before = ". Beside";
    }
    text.append('.');
    return new Finding(row.title() + where, text.toString());
  }
}
