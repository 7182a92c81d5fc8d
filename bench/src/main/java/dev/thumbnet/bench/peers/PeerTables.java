package dev.thumbnet.bench.peers;

import static dev.thumbnet.bench.harness.Markdown.format;
import static dev.thumbnet.bench.harness.Markdown.number;

import dev.thumbnet.bench.harness.Markdown;
import dev.thumbnet.bench.harness.Markdown.Column;
import dev.thumbnet.bench.harness.Scatter;
import dev.thumbnet.bench.peers.PeerResults.Timing;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Writes the tables of some starts as Markdown. */
final class PeerTables {
  static final String TITLE = "Against native frameworks";

  /** How to read the tables. */
  static final String READING =
      """
      Times in milliseconds: median over the starts of the JVM, in brackets the worst start. A ratio
      is the fastest peer's time over the engine's within one start, its median. The floors are what
      the multiply-adds take at the speed that the run itself measured in registers (Winograd's
      algorithms undercut it, for they do fewer), and what reading the weights once takes at the
      bandwidth that it measured. Before anything was timed the results of all were compared: the
      last column is the largest difference over the largest element. With "bf16" the engine keeps
      weights that are read more often than multiplied in 16 bits, which changes results slightly.
      """;

  private final Markdown page;
  private final Figures figures;

  PeerTables(Markdown page, Figures figures) {
    this.page = page;
    this.figures = figures;
  }

  /** Returns the page of one run, with a section for each number of threads. */
  static String of(PeerResults results) {
    Markdown page = new Markdown(TITLE, results, "");
    about(page, results);
    page.line("");
    page.text(READING);
    for (int threads : results.threads()) {
      Figures figures = results.figures(threads);
      page.heading("Threads: %d; starts: %d", threads, figures.starts().size());
      new PeerTables(page, figures).all();
    }
    return page.toString();
  }

  /** Lists what was compared on what. */
  static void about(Markdown page, PeerResults results) {
    page.line("- Java: %s, %s", results.java(), String.join(" ", results.flags()));
    page.line("- %s", results.isa());
    page.line("- Engine: %s", results.starts().getFirst().engine());
    results.versions().values().forEach(version -> page.line("- %s", version));
  }

  /** Adds the limits and all tables. */
  void all() {
    page.line(
        "Measured limits: %.1f GMAC/s (multiply-adds in registers), %.1f GB/s (copying in memory).",
        figures.gigaMacs(), figures.gigaBytes());
    List<String> cases = figures.compared();
    List<String> convolutions = figures.cases(kind -> kind == Workload.Kind.CONVOLUTION);
    List<Column<String>> columns = figures.hasPeers() ? besidePeers() : alone();
    add(cases.stream().filter(name -> !convolutions.contains(name)).toList(), columns);
    if (!convolutions.isEmpty()) {
      page.line("");
      page.line(
          "Single convolutions with bias and ReLU, weights prepared, each in its own layout:");
      add(convolutions, columns);
    }
    List<String> thumbnails = figures.cases(kind -> kind == Workload.Kind.THUMBNAILS);
    if (!thumbnails.isEmpty()) {
      page.line("");
      page.line(
          "The paper's claim, downscaler included; memory is weights and intermediate results:");
      add(
          thumbnails.stream().flatMap(name -> figures.timings(name).stream()).toList(),
          thumbnails());
    }
    cases.forEach(this::leftOut);
  }

  private <T> void add(List<T> rows, List<Column<T>> columns) {
    if (!rows.isEmpty()) {
      page.line("");
      page.table(rows, columns);
    }
  }

  private List<Column<String>> besidePeers() {
    return List.of(
        new Column<>("case", name -> name),
        new Column<>("engine", this::engines),
        new Column<>(
            "peers", name -> each(name, Figures::isPeer, who -> who + " " + time(name, who))),
        new Column<>("ratio", name -> each(name, ENGINES, who -> ratio(name, who))),
        new Column<>("floors", name -> floors(figures.timings(name).getFirst())),
        new Column<>("difference", name -> format("%.0e", figures.difference(name))));
  }

  private List<Column<String>> alone() {
    return List.of(
        new Column<>("case", name -> name),
        new Column<>("engine", this::engines),
        new Column<>("of the limit", name -> each(name, ENGINES, who -> share(name, who))),
        new Column<>("floors", name -> floors(figures.timings(name).getFirst())));
  }

  private List<Column<Timing>> thumbnails() {
    return List.of(
        new Column<>("case", Timing::workload),
        new Column<>("what runs", Timing::contender),
        new Column<>("time", t -> time(t.workload(), t.contender())),
        new Column<>("T's time over it", t -> format("**%.2f**", figures.faster(t))),
        new Column<>(
            "T's multiply-adds over its",
            t -> format("%.2f", (double) teacher(t).floor().macs() / t.floor().macs())),
        new Column<>("claim", t -> verdict(t.contender(), figures.faster(t))),
        new Column<>("memory", t -> number(t.memory() / 1e6) + " MB"),
        new Column<>("floors", this::floors));
  }

  /** Adds a footnote for each contender of a case that was left out. */
  private void leftOut(String name) {
    for (String who : figures.contenders(name)) {
      if (figures.isLeftOut(name, who)) {
        page.line("");
        page.line(
            "(*) %s is left out of %s: its results differ by %.2g of the largest element.",
            who, name, figures.difference(name, who));
      }
    }
  }

  // ---------------------------------------------------------------- cells

  private static final Predicate<String> ENGINES = Predicate.not(Figures::isPeer);

  private String engines(String name) {
    return each(
        name, ENGINES, who -> (who.equals(Figures.ENGINE) ? "" : "bf16 ") + time(name, who));
  }

  /** Returns a cell with a line for each of some contenders. */
  private String each(String name, Predicate<String> which, UnaryOperator<String> line) {
    return figures.contenders(name).stream()
        .filter(which)
        .map(line)
        .collect(Collectors.joining("<br>"));
  }

  private String time(String name, String contender) {
    if (figures.isLeftOut(name, contender)) {
      return "left out (*)";
    }
    Scatter times = figures.time(name, contender);
    return number(times.median()) + " (" + number(times.worst()) + ")";
  }

  /** Returns the ratio to the fastest peer; a dash if there is nothing to compare. */
  String ratio(String name, String who) {
    OptionalDouble ratio =
        figures.isLeftOut(name, who) ? OptionalDouble.empty() : figures.ratio(name, who);
    return ratio.isPresent() ? format("**%.2f**", ratio.getAsDouble()) : "–";
  }

  private String share(String name, String who) {
    return figures.isLeftOut(name, who) ? "–" : format("%.2f", figures.share(name, who));
  }

  /** Returns the least time for the multiply-adds and for the weights. */
  private String floors(Timing timing) {
    return number(timing.floor().macs() / figures.gigaMacs() / 1e6)
        + " / "
        + number(timing.floor().bytes() / figures.gigaBytes() / 1e6);
  }

  /** Compares with what the paper claims for a ratio of areas, in round numbers. */
  private static String verdict(String who, double faster) {
    if (!who.startsWith("E + S")) {
      return "–";
    }
    double claim = who.contains("16:1") ? 10 : 3.5;
    return format("%s %.1f", faster >= claim ? "holds:" : "falls short of", claim);
  }

  private Timing teacher(Timing timing) {
    return figures.timings(timing.workload()).getFirst();
  }
}
