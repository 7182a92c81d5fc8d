package dev.thumbnet.bench.endure.trial;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What became of a case.
 *
 * @param kind what was tried
 * @param results how often which end was reached
 * @param violations what must not have happened, a line each
 */
public record Outcome(String kind, Map<String, Long> results, List<String> violations) {
  /** A case that reached one end. */
  public static Outcome of(String kind, String result, Optional<String> violation) {
    return new Outcome(kind, Map.of(result, 1L), violation.stream().toList());
  }
}
