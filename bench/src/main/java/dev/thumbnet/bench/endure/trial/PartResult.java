package dev.thumbnet.bench.endure.trial;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * What a part found.
 *
 * @param cases how many were tried
 * @param kinds how many of each kind
 * @param results how often each end was reached
 * @param seconds from the first case to the last
 * @param slowestSeconds the longest time that a case took: of the processor where one thread tries
 *     it, otherwise by the clock
 * @param slowestCase its number
 * @param megabytes the most that a process had resident; 0 if the system does not tell
 * @param violations how many there were
 * @param examples some of them
 */
public record PartResult(
    @JsonProperty("cases") long cases,
    @JsonProperty("kinds") SortedMap<String, Long> kinds,
    @JsonProperty("results") SortedMap<String, Long> results,
    @JsonProperty("seconds") double seconds,
    @JsonProperty("slowestSeconds") double slowestSeconds,
    @JsonProperty("slowestCase") long slowestCase,
    @JsonProperty("megabytes") double megabytes,
    @JsonProperty("violations") long violations,
    @JsonProperty("examples") List<Violation> examples) {

  /** Returns the same with one more violation, which no single case is to blame for. */
  public PartResult with(String kind, String violation) {
    List<Violation> more = new ArrayList<>(examples);
    more.add(new Violation(Violation.NO_CASE, kind, violation));
    return new PartResult(
        cases,
        kinds,
        results,
        seconds,
        slowestSeconds,
        slowestCase,
        megabytes,
        violations + 1,
        more);
  }
}
