package dev.thumbnet.bench.endure;

import static dev.thumbnet.bench.harness.Markdown.format;
import static dev.thumbnet.bench.harness.Markdown.number;

import dev.thumbnet.bench.endure.trial.PartResult;
import dev.thumbnet.bench.endure.trial.Violation;
import dev.thumbnet.bench.harness.CommandText;
import dev.thumbnet.bench.harness.Markdown;
import dev.thumbnet.bench.harness.Markdown.Column;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Writes what was found as Markdown. */
final class EndureTables {
  private final EndureResults results;
  private final Markdown page;

  private EndureTables(EndureResults results) {
    this.results = results;
    this.page = new Markdown("Endurance", results, "");
  }

  static String of(EndureResults results) {
    EndureTables tables = new EndureTables(results);
    tables.write();
    return tables.page.toString();
  }

  private void write() {
    page.line("Java: %s. Each part runs in a JVM of its own with the heap that is given.", java());
    page.line("");
    page.table(
        List.copyOf(results.parts().entrySet()),
        List.of(
            column("part", Map.Entry::getKey),
            column("heap, MB", e -> Integer.toString(part(e).needs().megabytes())),
            column("cases", e -> format("%,d", e.getValue().cases())),
            column("what was tried", e -> part(e).explanation()),
            column("what became of it", e -> counts(e.getValue().results())),
            column("seconds", e -> number(e.getValue().seconds())),
            column("slowest case, s", e -> slowest(e.getValue())),
            column("resident, MB", e -> number(e.getValue().megabytes())),
            column("violations", e -> format("**%d**", e.getValue().violations()))));
    page.heading("Kinds of cases");
    results.parts().forEach((part, found) -> page.line("- %s: %s", part, counts(found.kinds())));
    violations();
  }

  private void violations() {
    if (results.violations() == 0) {
      return;
    }
    page.heading("Violations");
    results
        .parts()
        .forEach(
            (part, found) -> {
              for (Violation violation : found.examples()) {
                page.line("- %s, %s: %s  ", part, violation.kind(), violation.what());
                page.line("  `%s`", repeats(part, violation));
              }
            });
  }

  private String repeats(String part, Violation violation) {
    CommandText command = new CommandText("bench/bin/endure");
    command.option("--seed", results.seed()).option("--part", part);
    return (violation.number() == Violation.NO_CASE
            ? command
            : command.option("--case", violation.number()))
        .toString();
  }

  private String java() {
    return results.java();
  }

  private static Column<Map.Entry<String, PartResult>> column(
      String header, Function<Map.Entry<String, PartResult>, String> cell) {
    return new Column<>(header, cell);
  }

  private static Part part(Map.Entry<String, PartResult> row) {
    return Part.valueOf(row.getKey());
  }

  private static String counts(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .map(e -> format("%s %,d", e.getKey(), e.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static String slowest(PartResult found) {
    return format("%.2f (case %d)", found.slowestSeconds(), found.slowestCase());
  }
}
