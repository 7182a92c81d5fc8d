package dev.thumbnet.bench.peers;

import static dev.thumbnet.bench.harness.Markdown.format;
import static dev.thumbnet.bench.harness.Markdown.number;

import dev.thumbnet.bench.harness.Markdown;
import dev.thumbnet.bench.harness.Markdown.Column;
import dev.thumbnet.bench.harness.Scatter;
import dev.thumbnet.bench.peers.PeerResults.OneStart;
import dev.thumbnet.bench.peers.PeerResults.Timing;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Writes results as Markdown. Times are medians over starts of medians; a ratio is that of times of
 * one start, and its median over starts is shown.
 */
final class PeerTables {
  static final String ENGINE = "engine";
  static final String ENGINE_BF16 = "engine, bf16";

  private final Markdown page;
  private final List<OneStart> starts;

  /**
   * @param starts with the same number of threads
   */
  private PeerTables(Markdown page, List<OneStart> starts) {
    this.page = page;
    this.starts = starts;
  }

  static String of(PeerResults results) {
    Markdown page = new Markdown("Against native frameworks", results, "");
    page.line("- Java: %s, %s", results.java(), String.join(" ", results.flags()));
    page.line("- Engine: %s", results.starts().getFirst().engine());
    results.versions().values().forEach(version -> page.line("- %s", version));
    page.line("");
    page.text(
        """
        Times in milliseconds: median over the starts of the JVM, in brackets the worst start. A ratio
        is the fastest peer's time over the engine's within one start, its median. The floors are what
        the multiply-adds take at the speed that the run itself measured in registers (Winograd's
        algorithms undercut it, for they do fewer), and what reading the weights once takes at the
        bandwidth that it measured. Before anything was timed the results of all were compared: the
        last column is the largest difference over the largest element. With "bf16" the engine keeps
        weights that are read more often than multiplied in 16 bits, which changes results slightly.
        """);
    for (int threads : results.starts().stream().map(OneStart::threads).distinct().toList()) {
      new PeerTables(page, results.starts().stream().filter(s -> s.threads() == threads).toList())
          .section(threads);
    }
    return page.toString();
  }

  private void section(int threads) {
    page.heading("Threads: %d; starts: %d", threads, starts.size());
    page.line(
        "Measured limits: %.1f GMAC/s (multiply-adds in registers), %.1f GB/s (copying in memory).",
        median(start -> start.limits().gigaMacs()), median(start -> start.limits().gigaBytes()));
    peers(cases(name -> !isThumbnails(name)));
    thumbnails(cases(PeerTables::isThumbnails));
  }

  private void peers(List<String> cases) {
    if (cases.isEmpty()) {
      return;
    }
    page.line("");
    page.table(
        cases,
        List.of(
            new Column<>("case", name -> name),
            new Column<>(
                "engine",
                name ->
                    each(
                        name,
                        who -> !isPeer(who),
                        who -> (who.equals(ENGINE) ? "" : "bf16 ") + time(name, who))),
            new Column<>(
                "peers",
                name -> each(name, PeerTables::isPeer, who -> who + " " + time(name, who))),
            new Column<>(
                "ratio",
                name ->
                    each(name, who -> !isPeer(who), who -> format("**%.2f**", ratio(name, who)))),
            new Column<>("floors", name -> floors(timings(starts.getFirst(), name).getFirst())),
            new Column<>("difference", name -> format("%.0e", difference(name)))));
  }

  private void thumbnails(List<String> cases) {
    if (cases.isEmpty()) {
      return;
    }
    page.line("");
    page.line(
        "The paper's claim, downscaler included; memory is weights and intermediate results:");
    page.line("");
    page.table(
        cases.stream().flatMap(name -> timings(starts.getFirst(), name).stream()).toList(),
        List.of(
            new Column<>("case", Timing::workload),
            new Column<>("what runs", Timing::contender),
            new Column<>("time", t -> time(t.workload(), t.contender())),
            new Column<>("T's time over it", t -> format("**%.2f**", faster(t))),
            new Column<>(
                "T's multiply-adds over its",
                t -> format("%.2f", (double) teacher(t).floor().macs() / t.floor().macs())),
            new Column<>("claim", t -> verdict(t.contender(), faster(t))),
            new Column<>("memory", t -> number(t.memory() / 1e6) + " MB"),
            new Column<>("floors", this::floors)));
  }

  /** Compares with what the paper claims for a ratio of areas, in round numbers. */
  private static String verdict(String who, double faster) {
    if (!who.startsWith("E + S")) {
      return "–";
    }
    double claim = who.contains("16:1") ? 10 : 3.5;
    return format("%s %.1f", faster >= claim ? "holds:" : "falls short of", claim);
  }

  // ---------------------------------------------------------------- looking things up

  private static boolean isPeer(String contender) {
    return !contender.equals(ENGINE) && !contender.equals(ENGINE_BF16);
  }

  private static boolean isThumbnails(String name) {
    return Workload.parse(name).kind() == Workload.Kind.THUMBNAILS;
  }

  private List<String> cases(Predicate<String> which) {
    return starts.getFirst().timings().stream()
        .map(Timing::workload)
        .distinct()
        .filter(which)
        .toList();
  }

  private static List<Timing> timings(OneStart start, String name) {
    return start.timings().stream().filter(t -> t.workload().equals(name)).toList();
  }

  /** Returns a cell with a line for each of some contenders. */
  private String each(String name, Predicate<String> which, UnaryOperator<String> line) {
    return timings(starts.getFirst(), name).stream()
        .map(Timing::contender)
        .filter(which)
        .map(line)
        .collect(Collectors.joining("<br>"));
  }

  private double difference(String name) {
    return timings(starts.getFirst(), name).stream()
        .filter(t -> isPeer(t.contender()))
        .mapToDouble(Timing::difference)
        .max()
        .orElse(0);
  }

  private static double milliseconds(OneStart start, String name, String contender) {
    return timings(start, name).stream()
        .filter(t -> t.contender().equals(contender))
        .findFirst()
        .orElseThrow()
        .milliseconds();
  }

  private static double fastestPeer(OneStart start, String name) {
    return timings(start, name).stream()
        .filter(t -> isPeer(t.contender()))
        .mapToDouble(Timing::milliseconds)
        .min()
        .orElseThrow();
  }

  private double ratio(String name, String who) {
    return median(start -> fastestPeer(start, name) / milliseconds(start, name, who));
  }

  private Timing teacher(Timing timing) {
    return timings(starts.getFirst(), timing.workload()).getFirst();
  }

  private double faster(Timing timing) {
    String name = timing.workload();
    String teacher = teacher(timing).contender();
    return median(
        start ->
            milliseconds(start, name, teacher) / milliseconds(start, name, timing.contender()));
  }

  private String time(String name, String contender) {
    Scatter times = scatter(start -> milliseconds(start, name, contender));
    return number(times.median()) + " (" + number(times.worst()) + ")";
  }

  /** Returns the least time for the multiply-adds and for the weights. */
  private String floors(Timing timing) {
    double gigaMacs = median(start -> start.limits().gigaMacs());
    double gigaBytes = median(start -> start.limits().gigaBytes());
    return number(timing.floor().macs() / gigaMacs / 1e6)
        + " / "
        + number(timing.floor().bytes() / gigaBytes / 1e6);
  }

  private double median(ToDoubleFunction<OneStart> f) {
    return scatter(f).median();
  }

  private Scatter scatter(ToDoubleFunction<OneStart> f) {
    return Scatter.of(starts.stream().mapToDouble(f));
  }
}
