package dev.thumbnet.experiment;

import dev.thumbnet.engine.Device;
import dev.thumbnet.experiment.report.Comparisons;
import dev.thumbnet.experiment.report.Finding;
import dev.thumbnet.experiment.report.MeasuredTable;
import dev.thumbnet.experiment.report.Story;
import dev.thumbnet.experiment.results.Comparison;
import dev.thumbnet.experiment.results.Results;
import dev.thumbnet.experiment.results.Results.StudyFacts;
import dev.thumbnet.experiment.results.Row;
import dev.thumbnet.method.Method;
import dev.thumbnet.method.Need;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.Training;
import dev.thumbnet.pipeline.TrainedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A question, and the trainings that answer it. Every entry is run for each data set and each seed;
 * a cell of that is a method at an operating point, on a set, with a seed.
 */
public interface Study {
  /** Returns a short name for files and options: small letters, digits and hyphens. */
  String key();

  /** Returns a line for people who look for a study. */
  String name();

  /** Returns what is to be found out, in a few sentences for readers who know nothing of it. */
  String introduction();

  /** Returns what holds for all rows alike, so that they can be compared. */
  String conditions();

  /**
   * Returns the method that is run first, in a training with one point: all others are compared
   * with it and start from its model.
   */
  Method reference();

  /** Returns the method that the study is about. */
  Method subject();

  /**
   * Returns what is run besides the reference, in the order of the table; but what others need is
   * run, and stands, before them.
   *
   * @throws IllegalArgumentException if the setting makes no sense for a method
   */
  List<Entry> entries(Setting setting);

  /**
   * Returns what is run on one of several data sets: the same as {@link #entries(Setting)}, unless
   * some of it needs models of other sets.
   *
   * @param others names of the design's other sets, in their order
   */
  default List<Entry> entries(Setting setting, List<String> others) {
    return entries(setting);
  }

  /**
   * Returns entries in the order in which they are run, as long as all that they need is run before
   * them: that of the table, unless some of them decide more than others.
   *
   * @param entries all of a set
   */
  default List<Entry> inRunningOrder(Setting setting, List<Entry> entries) {
    return entries;
  }

  /** Tells whether the time of every row is measured at the end. */
  default boolean timed() {
    return true;
  }

  /**
   * Returns models of the paper's size, whatever their weights, whose costs are measured at the
   * end, by what the table calls them: the full size first. None if there is no such table.
   */
  default Map<String, TrainedModel> atPaperSize(Setting setting, Device device) {
    return Map.of();
  }

  /** Tells whether the thumbnails of a row, which has some, are shown. */
  boolean inGallery(Row row);

  /**
   * Returns what results say, of which rows may be left out.
   *
   * @param pairs the {@link #comparisons} of the results, which take a while
   */
  List<Finding> findings(Results results, List<Comparison> pairs);

  /**
   * Returns which rows of results, of which some may be left out, stand side by side: each with the
   * row of the subject that sees as many pixels, or if there is none, with the one of the most
   * similar cost.
   */
  default List<Comparison> comparisons(Results results) {
    return new Comparisons(results).onAsManyPixels();
  }

  /**
   * Something that is run.
   *
   * @param method whose training it is
   * @param training one that the method offers
   * @param needs whose models the training gets besides the teacher; they are made by other
   *     entries, or by the reference, with the same seed
   */
  record Entry(Method method, Training training, List<Need> needs) {
    /** Copies the list. */
    public Entry {
      needs = List.copyOf(needs);
    }

    /** Something that needs no more than the teacher. */
    public Entry(Method method, Training training) {
      this(method, training, List.of());
    }

    /** All that a method offers for a setting. */
    static List<Entry> all(Method method, Setting setting) {
      return method.trainings(setting).stream().map(t -> new Entry(method, t)).toList();
    }
  }

  /** Returns tables of what it measures besides accuracy and cost. */
  default List<MeasuredTable> tables() {
    return List.of();
  }

  /** Returns what results keep of it. */
  default StudyFacts facts() {
    return new StudyFacts(key(), reference().key(), subject().key(), timed());
  }

  /**
   * Returns what a report says of results.
   *
   * @param leftOut titles of rows that were not wanted
   */
  default Story story(Results results, List<String> leftOut) {
    List<Comparison> pairs = comparisons(results);
    List<Finding> all = new ArrayList<>(Comparisons.warnings(results));
    all.addAll(findings(results, pairs));
    String without =
        leftOut.isEmpty()
            ? ""
            : " These rows of the study were not wanted and are left out: "
                + String.join("; ", leftOut)
                + ".";
    return new Story(name(), introduction(), conditions() + without, all, tables(), pairs);
  }
}
