package dev.thumbnet.bench.endure.trial;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Something that must not happen, and did.
 *
 * @param number of the case; {@link #NO_CASE} if it cannot be laid to one
 * @param kind what was tried
 * @param what in a line
 */
public record Violation(
    @JsonProperty("number") long number,
    @JsonProperty("kind") String kind,
    @JsonProperty("what") String what) {
  /** Stands for all cases together. */
  public static final long NO_CASE = -1;

  private static final int LONGEST = 600;

  /** Makes it a line, without what a terminal or a table would obey. */
  public Violation {
    String line = what.replaceAll("[\\p{Cntrl}\\p{Cf}|]+", " ").strip();
    what = line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
  }
}
