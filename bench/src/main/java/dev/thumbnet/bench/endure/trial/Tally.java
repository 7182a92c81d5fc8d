package dev.thumbnet.bench.endure.trial;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Adds cases up. Thread-safe. */
final class Tally {
  /** More of them say nothing new. */
  private static final int EXAMPLES = 50;

  private static final int EXAMPLES_OF_CASE = 3;

  private final TreeMap<String, Long> kinds = new TreeMap<>();
  private final TreeMap<String, Long> results = new TreeMap<>();
  private final List<Violation> examples = new ArrayList<>();
  private final Map<Long, Integer> examplesOfCase = new HashMap<>();
  private long cases;
  private long violations;
  private long slowestNanos;
  private long slowestCase;

  synchronized void add(long number, Outcome outcome, long nanos) {
    cases++;
    kinds.merge(outcome.kind(), 1L, Long::sum);
    outcome.results().forEach((result, count) -> results.merge(result, count, Long::sum));
    outcome.violations().forEach(what -> violation(number, outcome.kind(), what));
    if (nanos > slowestNanos) {
      slowestNanos = nanos;
      slowestCase = number;
    }
  }

  synchronized void violation(long number, String kind, String what) {
    violations++;
    boolean few = examplesOfCase.merge(number, 1, Integer::sum) <= EXAMPLES_OF_CASE;
    if (few && examples.size() < EXAMPLES) {
      examples.add(new Violation(number, kind, what));
    }
  }

  synchronized long cases() {
    return cases;
  }

  synchronized PartResult result(double seconds, double megabytes) {
    return new PartResult(
        cases,
        new TreeMap<>(kinds),
        new TreeMap<>(results),
        seconds,
        slowestNanos / 1e9,
        slowestCase,
        megabytes,
        violations,
        List.copyOf(examples));
  }
}
