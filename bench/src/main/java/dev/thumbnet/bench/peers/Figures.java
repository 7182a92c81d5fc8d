package dev.thumbnet.bench.peers;

import dev.thumbnet.bench.harness.Scatter;
import dev.thumbnet.bench.peers.PeerResults.OneStart;
import dev.thumbnet.bench.peers.PeerResults.Timing;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * What several starts say together. Times are medians over starts of medians; a ratio is that of
 * times of one start, and its median over starts counts. Whoever was left out of one start is left
 * out.
 *
 * @param starts with the same number of threads, at least one
 */
record Figures(List<OneStart> starts) {
  static final String ENGINE = "engine";
  static final String ENGINE_BF16 = "engine, bf16";

  static boolean isPeer(String contender) {
    return !contender.equals(ENGINE) && !contender.equals(ENGINE_BF16);
  }

  /** Returns the cases of some kinds, in their order. */
  List<String> cases(Predicate<Workload.Kind> kinds) {
    return starts.getFirst().timings().stream()
        .map(Timing::workload)
        .distinct()
        .filter(name -> kinds.test(Workload.parse(name).kind()))
        .toList();
  }

  /** Returns the cases in which the engine meets others, or would. */
  List<String> compared() {
    return cases(kind -> kind != Workload.Kind.THUMBNAILS);
  }

  /** Whether anybody else ran beside the engine. */
  boolean hasPeers() {
    return compared().stream().flatMap(name -> contenders(name).stream()).anyMatch(Figures::isPeer);
  }

  /** Returns all who ran a case, as they did in the first start. */
  List<Timing> timings(String name) {
    return timings(starts.getFirst(), name);
  }

  private static List<Timing> timings(OneStart start, String name) {
    return start.timings().stream().filter(t -> t.workload().equals(name)).toList();
  }

  /** Returns all who ran a case. */
  List<String> contenders(String name) {
    return timings(name).stream().map(Timing::contender).toList();
  }

  private static Timing timing(OneStart start, String name, String contender) {
    return timings(start, name).stream()
        .filter(t -> t.contender().equals(contender))
        .findFirst()
        .orElseThrow();
  }

  private static double milliseconds(OneStart start, String name, String contender) {
    return Objects.requireNonNull(timing(start, name, contender).milliseconds());
  }

  /** Whether results were too different for a comparison of times. */
  boolean isLeftOut(String name, String contender) {
    return starts.stream().anyMatch(s -> timing(s, name, contender).milliseconds() == null);
  }

  /** Returns who was timed in all starts. */
  private List<String> timed(String name) {
    return contenders(name).stream().filter(who -> !isLeftOut(name, who)).toList();
  }

  /** Returns the median over starts in milliseconds, and the worst start. */
  Scatter time(String name, String contender) {
    return scatter(start -> milliseconds(start, name, contender));
  }

  /** Returns the largest difference of a contender in any start; NaN if it gave no numbers. */
  double difference(String name, String contender) {
    return starts.stream()
        .map(start -> timing(start, name, contender).difference())
        .mapToDouble(difference -> difference == null ? Double.NaN : difference)
        .reduce(0, Math::max);
  }

  /** Returns the largest difference of the peers that were timed. */
  double difference(String name) {
    return timed(name).stream()
        .filter(Figures::isPeer)
        .mapToDouble(who -> difference(name, who))
        .max()
        .orElse(0);
  }

  /** Returns the fastest peer's time over a contender's; nothing without a peer. */
  OptionalDouble ratio(String name, String who) {
    List<String> peers = timed(name).stream().filter(Figures::isPeer).toList();
    return peers.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(
            median(start -> fastest(start, name, peers) / milliseconds(start, name, who)));
  }

  private static double fastest(OneStart start, String name, List<String> peers) {
    return peers.stream().mapToDouble(who -> milliseconds(start, name, who)).min().orElseThrow();
  }

  /** Returns the first contender's time over another one's. */
  double faster(Timing timing) {
    String name = timing.workload();
    String first = contenders(name).getFirst();
    return median(
        start -> milliseconds(start, name, first) / milliseconds(start, name, timing.contender()));
  }

  /** Returns the multiply-adds of a case over what registers alone could do meanwhile. */
  double share(String name, String who) {
    return median(
        start ->
            timing(start, name, who).floor().macs()
                / (start.limits().gigaMacs() * 1e6 * milliseconds(start, name, who)));
  }

  double gigaMacs() {
    return median(start -> start.limits().gigaMacs());
  }

  double gigaBytes() {
    return median(start -> start.limits().gigaBytes());
  }

  private double median(ToDoubleFunction<OneStart> f) {
    return scatter(f).median();
  }

  private Scatter scatter(ToDoubleFunction<OneStart> f) {
    return Scatter.of(starts.stream().mapToDouble(f));
  }
}
