package dev.thumbnet.bench.embedding;

import static dev.thumbnet.bench.harness.Markdown.format;
import static dev.thumbnet.bench.harness.Markdown.number;

import dev.thumbnet.bench.harness.Markdown;
import dev.thumbnet.bench.harness.Markdown.Column;
import dev.thumbnet.bench.harness.Scatter;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Writes what the parts printed as Markdown; figures are medians over the starts of the JVM. */
final class EmbeddingTables {
  private static final String PEER = "ONNX Runtime";

  /** What is between the numbers of a line, and what after a name with spaces. */
  private static final String WORDS = " ";

  private static final String FIELDS = "\t";

  private final Map<String, List<List<String>>> printed;
  private final Markdown page;

  private EmbeddingTables(EmbeddingResults results) {
    printed = results.printed();
    page = new Markdown("The embedded classifier", results, ", 2 threads");
  }

  static String of(EmbeddingResults results) {
    EmbeddingTables tables = new EmbeddingTables(results);
    tables.page.line("Java: %s. Peer: %s.", results.java(), results.peer());
    tables.page.text(
        """
        The model is ResNet-18 with 1000 classes, downscaler and student from 224 to 56
        pixels, with random weights. Medians over the starts of the JVM.
        """);
    tables.start();
    tables.rested();
    tables.formats();
    tables.jpeg();
    tables.memory();
    tables.agreement();
    tables.soak();
    return tables.page.toString();
  }

  private void start() {
    if (names("start").isEmpty()) {
      return;
    }
    page.heading("From the start of the JVM to the first answer");
    page.text(
        """
        Milliseconds since the JVM was asked for, weights on disk (in the system's cache); then
        how long later calls take, from JPEG to label. The cache is made by one run with
        `-XX:AOTCacheOutput`.

        """);
    page.table(
        names("start"),
        List.of(
            variant("weights", "start, "),
            figure("main", 0),
            figure("model read", 1),
            figure("compiled", 2),
            figure("first answer", 3),
            figure("call 2", 5),
            figure("10", 13),
            figure("20", 23),
            figure("40", 43)));
  }

  private void rested() {
    if (names("rested").isEmpty()) {
      return;
    }
    page.text(
        """

        The same for a classifier that waits three seconds for its first picture, and warms up
        meanwhile: how long each call takes, in milliseconds.

        """);
    page.table(
        names("rested"),
        List.of(
            variant("weights", "rested, "),
            figure("call 1", 4),
            figure("2", 5),
            figure("10", 13),
            figure("20", 23),
            figure("40", 43)));
  }

  /** Returns a column of what names say after a prefix. */
  private static Column<String> variant(String header, String prefix) {
    return new Column<>(header, name -> name.substring(prefix.length()));
  }

  /** Returns a column of medians of one of the numbers in a line. */
  private Column<String> figure(String header, int place) {
    return new Column<>(header, name -> number(median(name, 0, place, WORDS)));
  }

  private void formats() {
    for (String name : names("formats")) {
      page.heading("Formats of weights, batch %s", name.substring("formats ".length()));
      page.table(
          rows(name),
          List.of(
              new Column<>("what runs", row -> what(name, row)),
              new Column<>("time, ms", row -> number(median(name, row, 1, FIELDS))),
              new Column<>("T's time over it", row -> ratio(name, 0, row)),
              new Column<>(
                  "weights and results, MB", row -> number(median(name, row, 2, FIELDS)))));
    }
  }

  private void jpeg() {
    for (String name : names("jpeg")) {
      page.heading("From JPEG to label");
      page.text(
          """
          Each thread takes pictures from decoding to label; the stages are milliseconds of one
          thread for a picture. The ratio is pictures per second over ONNX Runtime's with as many
          pictures at once.

          """);
      page.table(
          rows(name),
          List.of(
              new Column<>("network", row -> what(name, row)),
              new Column<>("pictures/s", row -> number(median(name, row, 1, FIELDS))),
              new Column<>("ratio", row -> ratio(name, row, peer(name, row))),
              new Column<>("decode", row -> format("%.2f", median(name, row, 2, FIELDS))),
              new Column<>("resize", row -> format("%.2f", median(name, row, 3, FIELDS))),
              new Column<>("normalise", row -> format("%.2f", median(name, row, 4, FIELDS))),
              new Column<>("network", row -> format("%.2f", median(name, row, 5, FIELDS)))));
    }
  }

  /** Returns the row of the peer with as many pictures at once. */
  private int peer(String name, int row) {
    String who = what(name, row);
    String peer = PEER + who.substring(who.indexOf(", batch"));
    return rows(name).stream().filter(r -> what(name, r).equals(peer)).findFirst().orElseThrow();
  }

  private void memory() {
    if (names("memory").isEmpty()) {
      return;
    }
    page.heading("Memory of the process");
    page.line("Resident megabytes after 300 pictures, and the most there were. \"Small\" is with");
    page.line("`%s` and one", String.join(" ", Footprint.SMALL_HEAP));
    page.line("`System.gc()` after loading.");
    page.line("");
    page.table(
        names("memory"),
        List.of(
            variant("weights, heap", "memory, "),
            figure("JVM alone", 0),
            figure("weights and results", 1),
            figure("resident", 2),
            new Column<>(
                "beyond them",
                name -> number(median(name, 0, 2, WORDS) - median(name, 0, 1, WORDS))),
            figure("largest", 3)));
  }

  private void agreement() {
    if (names("agreement").size() < 2) {
      return;
    }
    page.heading("Plans and modules");
    page.line(
        "Largest difference of a logit over the largest logit, between a plan and its module.");
    page.line("");
    List<String> with = printed.get("agreement").getFirst();
    List<String> without = printed.get("agreement without Winograd").getFirst();
    page.table(
        rows("agreement"),
        List.of(
            new Column<>("network", row -> with.get(row).split(WORDS)[0]),
            new Column<>("size", row -> with.get(row).split(WORDS)[1]),
            new Column<>("difference", row -> with.get(row).split(WORDS)[2]),
            new Column<>("without Winograd", row -> without.get(row).split(WORDS)[2])));
  }

  private void soak() {
    for (String name : names("soak")) {
      page.heading("Endurance");
      page.text(
          """
          Threads that classify with classifiers of three sizes and formats at the same time and
          compare each answer bit for bit with that of a single thread.

          """);
      page.table(
          printed.get(name).getFirst(),
          List.of(
              new Column<>("what", line -> line.split(FIELDS)[0]),
              new Column<>("value", line -> line.split(FIELDS)[1])));
    }
  }

  // ---------------------------------------------------------------- looking things up

  private List<String> names(String prefix) {
    return printed.keySet().stream().filter(name -> name.startsWith(prefix)).toList();
  }

  /** Returns the numbers of the lines that each start printed. */
  private List<Integer> rows(String name) {
    return IntStream.range(0, printed.get(name).getFirst().size()).boxed().toList();
  }

  private String what(String name, int row) {
    return printed.get(name).getFirst().get(row).split(FIELDS)[0];
  }

  /** Returns the median over starts of a number in a row. */
  private double median(String name, int row, int place, String separator) {
    return median(name, lines -> figure(lines, row, place, separator));
  }

  /** Returns the median over starts of the ratio of two rows' first numbers, as a cell. */
  private String ratio(String name, int row, int other) {
    return format(
        "**%.2f**",
        median(name, lines -> figure(lines, row, 1, FIELDS) / figure(lines, other, 1, FIELDS)));
  }

  private double median(String name, ToDoubleFunction<List<String>> figure) {
    return Scatter.of(printed.get(name).stream().mapToDouble(figure)).median();
  }

  private static double figure(List<String> lines, int row, int place, String separator) {
    return Double.parseDouble(lines.get(row).split(separator)[place]);
  }
}
