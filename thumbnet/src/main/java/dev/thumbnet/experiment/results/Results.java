package dev.thumbnet.experiment.results;

import dev.thumbnet.measure.Machine;
import dev.thumbnet.measure.Timing;
import dev.thumbnet.method.Setting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Every number one experiment found out, and what is needed to find it out again. A value: adding a
 * row gives a new object. All accuracies and shares are in percent.
 *
 * @param study what was to be found out
 * @param origin which program ran when, how and where
 * @param setting what the user chose
 * @param seeds everything was computed once for each
 * @param data the data sets
 * @param methods the methods that have rows
 * @param rows the table, in its order
 * @param paperCosts what the networks cost at the paper's size; empty until the end, or if the
 *     study does not ask for it
 * @param gallery pictures beside their thumbnails; empty until the end
 */
public record Results(
    StudyFacts study,
    Origin origin,
    Setting setting,
    List<Long> seeds,
    List<DataFacts> data,
    List<MethodFacts> methods,
    List<Row> rows,
    List<PaperCost> paperCosts,
    List<GalleryEntry> gallery) {

  /** Copies the lists. */
  public Results {
    seeds = List.copyOf(seeds);
    data = List.copyOf(data);
    methods = List.copyOf(methods);
    rows = List.copyOf(rows);
    paperCosts = List.copyOf(paperCosts);
    gallery = List.copyOf(gallery);
  }

  /**
   * What was to be found out.
   *
   * @param key of the study
   * @param reference key of the method that all others are compared with
   * @param subject key of the method that the study is about
   * @param timed whether the time of every row is measured; what is not said to be missing must be
   *     there
   */
  public record StudyFacts(String key, String reference, String subject, boolean timed) {}

  /**
   * Which program ran when, how and where.
   *
   * @param version of the program
   * @param command what was typed, in the last session
   * @param started moment of the first start, ISO 8601
   * @param seconds time at work, over all sessions if there were interruptions
   * @param sessions 1, and 1 more for each time the run was resumed
   * @param finished whether all rows of the study are in here
   * @param machine where it ran
   */
  public record Origin(
      String version,
      String command,
      String started,
      double seconds,
      int sessions,
      boolean finished,
      Machine machine) {
    /** The same in one more session, begun by another command. */
    public Origin resumed(String by, Machine here) {
      return new Origin(version, by, started, seconds, sessions + 1, false, here);
    }

    /** The same after more work. */
    public Origin after(double time, boolean complete) {
      return new Origin(version, command, started, time, sessions, complete, machine);
    }
  }

  /**
   * A data set, and what it gives away without a network.
   *
   * @param name a folder or "synthetic pictures"; no two sets have the same
   * @param note what a reader should know about them; may be empty
   * @param fingerprint what identifies the pictures, wherever they are stored
   * @param classes names of the classes
   * @param trainPictures number of pictures to learn from
   * @param valPictures number of pictures that decide accuracies
   * @param chance accuracy of guessing
   * @param majority accuracy of always naming the most frequent class of the training set
   * @param nearestNeighbours accuracy of 5 nearest neighbours on pictures shrunk to 8x8 pixels
   */
  public record DataFacts(
      String name,
      String note,
      String fingerprint,
      List<String> classes,
      int trainPictures,
      int valPictures,
      double chance,
      double majority,
      double nearestNeighbours) {
    /** Copies the list. */
    public DataFacts {
      classes = List.copyOf(classes);
    }

    /** Tells whether another one is about the same pictures, whatever a reader is told of them. */
    public boolean samePictures(DataFacts other) {
      return name.equals(other.name)
          && fingerprint.equals(other.fingerprint)
          && classes.equals(other.classes)
          && trainPictures == other.trainPictures
          && valPictures == other.valPictures;
    }
  }

  /**
   * A method as it was called when the results were found.
   *
   * @param key short name
   * @param name the name in tables
   * @param explanation for readers who do not know it
   */
  public record MethodFacts(String key, String name, String explanation) {}

  /**
   * What a network of the paper's size costs.
   *
   * @param label what makes its thumbnails
   * @param network what classifies
   * @param inputSize side of the network's input in pixels
   * @param macs multiply-adds of the network and its downscaler
   * @param downscalerMacs the part of the downscaler
   * @param timing measured in turns with the others of its kind
   */
  public record PaperCost(
      String label, String network, int inputSize, long macs, long downscalerMacs, Timing timing) {}

  /**
   * A picture and its thumbnails, files within the output folder.
   *
   * @param data name of the set that it is of
   * @param label what the picture shows
   * @param picture the picture as the teacher sees it
   * @param thumbnails smaller versions
   */
  public record GalleryEntry(
      String data, String label, String picture, List<Thumbnail> thumbnails) {
    /** Copies the list. */
    public GalleryEntry {
      thumbnails = List.copyOf(thumbnails);
    }
  }

  /**
   * A thumbnail in the gallery.
   *
   * @param caption which method made it, at which point
   * @param file within the output folder
   */
  public record Thumbnail(String caption, String file) {}

  /** The rows of a data set. */
  public List<Row> rows(DataFacts set) {
    return rows.stream().filter(row -> row.data().equals(set.name())).toList();
  }

  /** The row of a method at an operating point, if it has been run. */
  public Optional<Row> row(String data, String method, String point) {
    return rows.stream()
        .filter(r -> r.data().equals(data) && r.method().equals(method))
        .filter(r -> r.point().key().equals(point))
        .findFirst();
  }

  /**
   * The row that all others of a set are compared with.
   *
   * @throws IllegalStateException if it has not been run
   */
  public Row reference(DataFacts set) {
    return rows(set).stream()
        .filter(row -> row.method().equals(study.reference()))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "there are no results of " + study.reference() + " on " + set.name()));
  }

  /** The same with the runs of one more row, added to the row they belong to or as a last one. */
  public Results plus(MethodFacts method, Row row) {
    List<MethodFacts> named = new ArrayList<>(methods);
    List<Row> more = new ArrayList<>(rows);
    if (methods.stream().noneMatch(known -> known.key().equals(method.key()))) {
      named.add(method);
    } else { // its words may be others than when the experiment was begun
      named.replaceAll(known -> known.key().equals(method.key()) ? method : known);
      more.replaceAll(r -> r.method().equals(method.key()) ? r.withName(method.name()) : r);
    }
    Optional<Row> old = row(row.data(), row.method(), row.point().key());
    if (old.isPresent()) {
      int at = rows.indexOf(old.get());
      more.set(at, more.get(at).plus(row));
    } else {
      more.add(row);
    }
    return new Results(study, origin, setting, seeds, data, named, more, paperCosts, gallery);
  }

  /** The same with another origin. */
  public Results with(Origin other) {
    return new Results(study, other, setting, seeds, data, methods, rows, paperCosts, gallery);
  }

  /**
   * The same with other rows: those of before in another order, or now with their times. Methods
   * are in the order of their first rows.
   */
  public Results withRows(List<Row> other) {
    List<String> keys = other.stream().map(Row::method).distinct().toList();
    List<MethodFacts> sorted =
        methods.stream()
            .sorted(
                Comparator.comparingInt(
                    method ->
                        keys.contains(method.key()) ? keys.indexOf(method.key()) : keys.size()))
            .toList();
    return new Results(study, origin, setting, seeds, data, sorted, other, paperCosts, gallery);
  }

  /** The same with what is found at the end. */
  public Results with(List<PaperCost> costs, List<GalleryEntry> pictures) {
    return new Results(study, origin, setting, seeds, data, methods, rows, costs, pictures);
  }
}
