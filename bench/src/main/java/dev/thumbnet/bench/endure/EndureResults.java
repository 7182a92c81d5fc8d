package dev.thumbnet.bench.endure;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.thumbnet.bench.endure.trial.PartResult;
import dev.thumbnet.bench.harness.Results;
import java.util.List;
import java.util.Map;

/**
 * All that a run found.
 *
 * @param date when it began
 * @param command what repeats it
 * @param machine processor, cores, system
 * @param java the JVM
 * @param seed what decided the cases
 * @param parts what each part found, by its name
 */
record EndureResults(
    @JsonProperty("date") String date,
    @JsonProperty("command") String command,
    @JsonProperty("machine") String machine,
    @JsonProperty("java") String java,
    @JsonProperty("seed") long seed,
    @JsonProperty("parts") Map<String, PartResult> parts)
    implements Results<PartResult> {

  @Override
  public List<String> conditions() {
    return List.of(command, machine, java);
  }

  @Override
  public int starts(String part) {
    return parts.containsKey(part) ? 1 : 0;
  }

  @Override
  public void add(String part, PartResult found) {
    parts.put(part, found);
  }

  /** Returns how often something happened that must not. */
  long violations() {
    return parts.values().stream().mapToLong(PartResult::violations).sum();
  }

  @Override
  public String tables() {
    return EndureTables.of(this);
  }
}
