package dev.thumbnet.bench.peers;

import dev.thumbnet.bench.peers.Results.Start;
import dev.thumbnet.bench.peers.Results.Timing;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Writes results as Markdown. Times are medians over starts of medians; a ratio is that of times of
 * one start, and its median over starts is shown.
 */
final class Tables {
  static final String ENGINE = "engine";
  static final String ENGINE_BF16 = "engine, bf16";

  private final Results results;
  private final StringBuilder text = new StringBuilder();

  private Tables(Results results) {
    this.results = results;
  }

  static String of(Results results) {
    Tables tables = new Tables(results);
    tables.heading();
    for (int threads : results.starts().stream().map(Start::threads).distinct().toList()) {
      tables.section(
          threads, results.starts().stream().filter(s -> s.threads() == threads).toList());
    }
    return tables.text.toString();
  }

  private void heading() {
    line("# Against native frameworks");
    line("");
    line("%s, %s. Made by", results.date(), results.machine());
    line("");
    line("```sh\n%s\n```", results.command());
    line("");
    line("- Java: %s, %s", results.java(), String.join(" ", results.flags()));
    line("- Engine: %s", results.starts().getFirst().engine());
    results.versions().values().forEach(version -> line("- %s", version));
    line("");
    text.append(
        """
        Times in milliseconds: median over the starts of the JVM, in brackets the worst start. A ratio
        is the fastest peer's time over the engine's within one start, its median. The floors are what
        the multiply-adds take at the speed that the run itself measured in registers (Winograd's
        algorithms undercut it, for they do fewer), and what reading the weights once takes at the
        bandwidth that it measured. Before anything was timed the results of all were compared: the
        last column is the largest difference over the largest element. With "bf16" the engine keeps
        weights that are read more often than multiplied in 16 bits, which changes results slightly.
        """);
  }

  private void section(int threads, List<Start> starts) {
    line("");
    line("## Threads: %d; starts: %d", threads, starts.size());
    line("");
    line(
        "Measured limits: %.1f GMAC/s (multiply-adds in registers), %.1f GB/s (copying in memory).",
        median(starts, start -> start.limits().gigaMacs()),
        median(starts, start -> start.limits().gigaBytes()));
    peers(starts);
    thumbnails(starts);
  }

  private void peers(List<Start> starts) {
    List<String> cases = cases(starts, name -> !isThumbnails(name));
    if (cases.isEmpty()) {
      return;
    }
    line("");
    line("| case | engine | peers | ratio | floors | difference |");
    line("|---|---|---|---|---|---|");
    for (String name : cases) {
      List<Timing> all = timings(starts.getFirst(), name);
      String peers =
          all.stream()
              .map(Timing::contender)
              .filter(Tables::isPeer)
              .map(contender -> contender + " " + time(starts, name, contender))
              .collect(Collectors.joining("<br>"));
      double difference =
          all.stream()
              .filter(t -> isPeer(t.contender()))
              .mapToDouble(Timing::difference)
              .max()
              .orElse(0);
      List<String> ours =
          all.stream().map(Timing::contender).filter(contender -> !isPeer(contender)).toList();
      line(
          "| %s | %s | %s | %s | %s | %.0e |",
          name,
          ours.stream()
              .map(who -> (who.equals(ENGINE) ? "" : "bf16 ") + time(starts, name, who))
              .collect(Collectors.joining("<br>")),
          peers,
          ours.stream()
              .map(who -> String.format(Locale.ROOT, "**%.2f**", ratio(starts, name, who)))
              .collect(Collectors.joining("<br>")),
          floor(starts, all.getFirst()),
          difference);
    }
  }

  private void thumbnails(List<Start> starts) {
    List<String> cases = cases(starts, Tables::isThumbnails);
    if (cases.isEmpty()) {
      return;
    }
    line("");
    line("The paper's claim, downscaler included; memory is weights and intermediate results:");
    line("");
    line(
        "| case | what runs | time | T's time over it | T's multiply-adds over its | claim |"
            + " memory | floors |");
    line("|---|---|---|---|---|---|---|---|");
    for (String name : cases) {
      List<Timing> all = timings(starts.getFirst(), name);
      String teacher = all.getFirst().contender();
      for (Timing timing : all) {
        String who = timing.contender();
        double faster =
            median(
                starts,
                start -> milliseconds(start, name, teacher) / milliseconds(start, name, who));
        line(
            "| %s | %s | %s | **%.2f** | %.2f | %s | %s MB | %s |",
            name,
            who,
            time(starts, name, who),
            faster,
            (double) all.getFirst().cost().macs() / timing.cost().macs(),
            verdict(who, faster),
            number(timing.memory() / 1e6),
            floor(starts, timing));
      }
    }
  }

  /** Compares with what the paper claims for a ratio of areas, in round numbers. */
  private static String verdict(String who, double faster) {
    if (!who.startsWith("E + S")) {
      return "–";
    }
    double claim = who.contains("16:1") ? 10 : 3.5;
    return String.format(
        Locale.ROOT, "%s %.1f", faster >= claim ? "holds:" : "falls short of", claim);
  }

  // ---------------------------------------------------------------- looking things up

  private static boolean isPeer(String contender) {
    return !contender.equals(ENGINE) && !contender.equals(ENGINE_BF16);
  }

  private static double ratio(List<Start> starts, String name, String who) {
    return median(starts, start -> fastestPeer(start, name) / milliseconds(start, name, who));
  }

  private static boolean isThumbnails(String name) {
    return Workload.parse(name).kind() == Workload.Kind.THUMBNAILS;
  }

  private static List<String> cases(List<Start> starts, Predicate<String> which) {
    return starts.getFirst().timings().stream()
        .map(Timing::workload)
        .distinct()
        .filter(which)
        .toList();
  }

  private static List<Timing> timings(Start start, String name) {
    return start.timings().stream().filter(t -> t.workload().equals(name)).toList();
  }

  private static double milliseconds(Start start, String name, String contender) {
    return timings(start, name).stream()
        .filter(t -> t.contender().equals(contender))
        .findFirst()
        .orElseThrow()
        .milliseconds();
  }

  private static double fastestPeer(Start start, String name) {
    return timings(start, name).stream()
        .filter(t -> isPeer(t.contender()))
        .mapToDouble(Timing::milliseconds)
        .min()
        .orElseThrow();
  }

  private static String time(List<Start> starts, String name, String contender) {
    double median = median(starts, start -> milliseconds(start, name, contender));
    double worst =
        starts.stream().mapToDouble(s -> milliseconds(s, name, contender)).max().orElseThrow();
    return number(median) + " (" + number(worst) + ")";
  }

  /** Returns the least time for the multiply-adds and for the weights. */
  private static String floor(List<Start> starts, Timing timing) {
    double gigaMacs = median(starts, start -> start.limits().gigaMacs());
    double gigaBytes = median(starts, start -> start.limits().gigaBytes());
    return number(timing.cost().macs() / gigaMacs / 1e6)
        + " / "
        + number(timing.cost().bytes() / gigaBytes / 1e6);
  }

  private static double median(List<Start> starts, ToDoubleFunction<Start> f) {
    double[] sorted = starts.stream().mapToDouble(f).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
  }

  private void line(String format, Object... arguments) {
    text.append(arguments.length == 0 ? format : String.format(Locale.ROOT, format, arguments));
    text.append('\n');
  }
}
