package dev.thumbnet.bench.embedding;

import dev.thumbnet.bench.embedding.Embedding.Results;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes what the parts printed as Markdown; figures are medians over the starts of the JVM. */
final class EmbeddingTables {
  private final Map<String, List<List<String>>> printed;
  private final StringBuilder text = new StringBuilder();

  private EmbeddingTables(Results results) {
    this.printed = results.printed();
  }

  static String of(Results results) {
    EmbeddingTables tables = new EmbeddingTables(results);
    tables.line("# The embedded classifier");
    tables.line("");
    tables.line("%s, %s, 2 threads. Made by", results.date(), results.machine());
    tables.line("");
    tables.line("```sh\n%s\n```", results.command());
    tables.line("");
    tables.line("Java: %s. Peer: %s.", results.java(), results.peer());
    tables.line("The model is ResNet-18 with 1000 classes, downscaler and student from 224 to 56");
    tables.line("pixels, with random weights. Medians over the starts of the JVM.");
    tables.start();
    tables.formats();
    tables.jpeg();
    tables.memory();
    tables.agreement();
    tables.soak();
    return tables.text.toString();
  }

  private void start() {
    List<String> names = names("start");
    if (names.isEmpty()) {
      return;
    }
    line("");
    line("## From the start of the JVM to the first answer");
    line("");
    line("Milliseconds since the JVM was asked for, weights on disk (in the system's cache); then");
    line("how long later calls take, from JPEG to label. The cache is made by one run with");
    line("`-XX:AOTCacheOutput`.");
    line("");
    line("| weights | main | model read | compiled | first answer | call 2 | 10 | 20 | 40 |");
    line("|---|---|---|---|---|---|---|---|---|");
    for (String name : names) {
      StringBuilder row = new StringBuilder("| ").append(name.substring(7)).append(" |");
      for (int column : new int[] {0, 1, 2, 3, 5, 13, 23, 43}) {
        row.append(' ').append(number(median(name, 0, column, " "))).append(" |");
      }
      line(row.toString());
    }
    line("");
    line("The same for a classifier that waits three seconds for its first picture, and warms up");
    line("meanwhile: how long each call takes, in milliseconds.");
    line("");
    line("| weights | call 1 | 2 | 10 | 20 | 40 |");
    line("|---|---|---|---|---|---|");
    for (String name : names("rested")) {
      StringBuilder row = new StringBuilder("| ").append(name.substring(8)).append(" |");
      for (int column : new int[] {4, 5, 13, 23, 43}) {
        row.append(' ').append(number(median(name, 0, column, " "))).append(" |");
      }
      line(row.toString());
    }
  }

  private void formats() {
    for (String name : names("formats")) {
      line("");
      line("## Formats of weights, batch %s", name.substring(8));
      line("");
      line("| what runs | time, ms | T's time over it | weights and results, MB |");
      line("|---|---|---|---|");
      List<String> rows = printed.get(name).getFirst();
      for (int row = 0; row < rows.size(); row++) {
        line(
            "| %s | %s | **%.2f** | %s |",
            rows.get(row).split("\t")[0],
            number(median(name, row, 1, "\t")),
            medianRatio(name, 0, row),
            number(median(name, row, 2, "\t")));
      }
    }
  }

  private void jpeg() {
    for (String name : names("jpeg")) {
      line("");
      line("## From JPEG to label");
      line("");
      line("Each thread takes pictures from decoding to label; the stages are milliseconds of one");
      line(
          "thread for a picture. The ratio is pictures per second over ONNX Runtime's with as"
              + " many");
      line("pictures at once.");
      line("");
      line("| network | pictures/s | ratio | decode | resize | normalise | network |");
      line("|---|---|---|---|---|---|---|");
      List<String> rows = printed.get(name).getFirst();
      for (int row = 0; row < rows.size(); row++) {
        String who = rows.get(row).split("\t")[0];
        String batch = who.substring(who.indexOf(", batch"));
        int peer = 0;
        while (!rows.get(peer).startsWith("ONNX Runtime" + batch + "\t")) {
          peer++;
        }
        line(
            "| %s | %s | **%.2f** | %.2f | %.2f | %.2f | %.2f |",
            who,
            number(median(name, row, 1, "\t")),
            medianRatio(name, row, peer),
            median(name, row, 2, "\t"),
            median(name, row, 3, "\t"),
            median(name, row, 4, "\t"),
            median(name, row, 5, "\t"));
      }
    }
  }

  private void memory() {
    List<String> names = names("memory");
    if (names.isEmpty()) {
      return;
    }
    line("");
    line("## Memory of the process");
    line("");
    line("Resident megabytes after 300 pictures, and the most there were. \"Small\" is with");
    line("`%s` and one", String.join(" ", Embedding.SMALL_HEAP));
    line("`System.gc()` after loading.");
    line("");
    line("| weights, heap | JVM alone | weights and results | resident | beyond them | largest |");
    line("|---|---|---|---|---|---|");
    for (String name : names) {
      double own = median(name, 0, 1, " ");
      double resident = median(name, 0, 2, " ");
      line(
          "| %s | %s | %s | %s | %s | %s |",
          name.substring(8),
          number(median(name, 0, 0, " ")),
          number(own),
          number(resident),
          number(resident - own),
          number(median(name, 0, 3, " ")));
    }
  }

  private void agreement() {
    if (names("agreement").size() < 2) {
      return;
    }
    line("");
    line("## Plans and modules");
    line("");
    line("Largest difference of a logit over the largest logit, between a plan and its module.");
    line("");
    line("| network | size | difference | without Winograd |");
    line("|---|---|---|---|");
    List<String> with = printed.get("agreement").getFirst();
    List<String> without = printed.get("agreement without Winograd").getFirst();
    for (int i = 0; i < with.size(); i++) {
      String[] words = with.get(i).split(" ");
      line("| %s | %s | %s | %s |", words[0], words[1], words[2], without.get(i).split(" ")[2]);
    }
  }

  private void soak() {
    for (String name : names("soak")) {
      line("");
      line("## Endurance");
      line("");
      line(
          "Threads that classify with classifiers of three sizes and formats at the same time and");
      line("compare each answer bit for bit with that of a single thread.");
      line("");
      line("| what | value |");
      line("|---|---|");
      for (String row : printed.get(name).getFirst()) {
        line("| %s |", row.replace("\t", " | "));
      }
    }
  }

  // ---------------------------------------------------------------- looking things up

  private List<String> names(String prefix) {
    return printed.keySet().stream().filter(name -> name.startsWith(prefix)).toList();
  }

  /** Returns the median over starts of a number in a row. */
  private double median(String name, int row, int column, String separator) {
    List<Double> values = new ArrayList<>();
    for (List<String> lines : printed.get(name)) {
      values.add(Double.parseDouble(lines.get(row).split(separator)[column]));
    }
    return median(values);
  }

  /** Returns the median over starts of the ratio of two rows' first numbers. */
  private double medianRatio(String name, int row, int other) {
    List<Double> values = new ArrayList<>();
    for (List<String> lines : printed.get(name)) {
      values.add(
          Double.parseDouble(lines.get(row).split("\t")[1])
              / Double.parseDouble(lines.get(other).split("\t")[1]));
    }
    return median(values);
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
  }

  private void line(String format, Object... arguments) {
    text.append(arguments.length == 0 ? format : String.format(Locale.ROOT, format, arguments));
    text.append('\n');
  }
}
