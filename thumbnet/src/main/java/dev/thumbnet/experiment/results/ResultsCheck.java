package dev.thumbnet.experiment.results;

import dev.thumbnet.experiment.results.Results.DataFacts;
import dev.thumbnet.experiment.results.Results.GalleryEntry;
import dev.thumbnet.experiment.results.Results.MethodFacts;
import dev.thumbnet.experiment.results.Row.Run;
import dev.thumbnet.measure.RightAnswers;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Whether the parts of results that were read belong together. */
final class ResultsCheck {
  private final Results results;
  private final Set<String> sets = new HashSet<>();
  private final Set<String> methods = new HashSet<>();

  private ResultsCheck(Results results) {
    this.results = results;
  }

  /**
   * Checks results.
   *
   * @throws IllegalArgumentException if something occurs twice, or is of a set, method or seed that
   *     is not there, or names a file outside of the experiment's folder, or if an accuracy is not
   *     that of its answers
   */
  static Results checked(Results results) {
    new ResultsCheck(results).check();
    return results;
  }

  private static void require(boolean holds, String where, Object value) {
    if (!holds) {
      throw new IllegalArgumentException(where + " should not be " + value);
    }
  }

  private void check() {
    Set<Long> seeds = Set.copyOf(results.seeds());
    require(!seeds.isEmpty() && seeds.size() == results.seeds().size(), "seeds", results.seeds());
    require(!results.data().isEmpty(), "data", "empty");
    for (DataFacts set : results.data()) {
      require(sets.add(set.name()), "the name of a data set", set.name() + " twice");
      require(!set.classes().isEmpty(), "the classes of " + set.name(), "none");
    }
    for (MethodFacts method : results.methods()) {
      require(methods.add(method.key()), "the key of a method", method.key() + " twice");
    }
    Set<List<String>> rows = new HashSet<>();
    for (Row row : results.rows()) {
      List<String> key = List.of(row.data(), row.method(), row.point().key());
      require(rows.add(key), "a row", String.join(", ", key) + " twice");
      check(row, seeds);
    }
    for (GalleryEntry entry : results.gallery()) {
      require(sets.contains(entry.data()), "the data set of a picture", entry.data());
      checkInside(entry.picture());
      entry.thumbnails().forEach(thumbnail -> checkInside(thumbnail.file()));
    }
  }

  private void check(Row row, Set<Long> seeds) {
    String of = " of " + row.title() + " on " + row.data();
    require(sets.contains(row.data()), "the data set of a row", row.data());
    require(methods.contains(row.method()), "the method of a row", row.method());
    int size = results.setting().size();
    int inputSize = row.point().inputSize();
    require(
        inputSize <= size && (inputSize < size || !row.thumbnails()), "inputSize" + of, inputSize);
    require(!row.runs().isEmpty(), "runs" + of, "none");
    int pictures = pictures(row.data());
    Set<Long> seen = new HashSet<>();
    for (Run run : row.runs()) {
      require(seeds.contains(run.seed()) && seen.add(run.seed()), "seed" + of, run.seed());
      checkInside(run.model());
      run.right().ifPresent(right -> check(right, run.acc1(), pictures, of));
    }
  }

  private int pictures(String data) {
    return results.data().stream()
        .filter(set -> set.name().equals(data))
        .mapToInt(DataFacts::valPictures)
        .findFirst()
        .orElseThrow();
  }

  /** An accuracy is that of the answers, and these are to all validation pictures of the set. */
  private static void check(RightAnswers right, double acc1, int pictures, String of) {
    require(right.pictures() == pictures, "right.pictures" + of, right.pictures());
    require(right.accuracy() == acc1, "acc1" + of, acc1);
  }

  /** Files are named relative to the experiment's folder and lie in it. */
  private static void checkInside(String file) {
    boolean inside;
    try {
      Path path = Path.of(file);
      inside = !path.isAbsolute() && !path.normalize().startsWith("..");
    } catch (InvalidPathException e) {
      inside = false;
    }
    require(inside, "the name of a file", file);
  }
}
