package dev.thumbnet.bench.gpu;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.thumbnet.bench.harness.Results;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/**
 * All that a comparison on a GPU measured. What a side printed is kept as it is.
 *
 * @param date when it began
 * @param command what repeats it
 * @param machine processor, cores, system, driver
 * @param java the JVM
 * @param card the GPU
 * @param versions what each side runs with
 * @param rounds one for each time that both sides ran a case
 * @param failures what could not be measured, and why
 */
record GpuResults(
    @JsonProperty("date") String date,
    @JsonProperty("command") String command,
    @JsonProperty("machine") String machine,
    @JsonProperty("java") String java,
    @JsonProperty("card") String card,
    @JsonProperty("versions") Map<String, String> versions,
    @JsonProperty("rounds") List<Round> rounds,
    @JsonProperty("failures") List<String> failures)
    implements Results<GpuResults.Round> {

  /**
   * A case, run once by both, one after the other.
   *
   * @param name of the case
   * @param engine the figures that the engine's side printed, by name
   * @param pytorch those of PyTorch's side
   */
  record Round(
      @JsonProperty("case") String name,
      @JsonProperty("engine") Map<String, BigDecimal> engine,
      @JsonProperty("pytorch") Map<String, BigDecimal> pytorch) {}

  @Override
  public List<String> conditions() {
    return List.of(command, machine, java, card, versions.toString());
  }

  @Override
  public int starts(String kind) {
    return named(kind).size();
  }

  @Override
  public void add(String kind, Round round) {
    rounds.add(round);
  }

  /** Returns the rounds of a case. */
  List<Round> named(String name) {
    return rounds.stream().filter(round -> round.name.equals(name)).toList();
  }

  @Override
  public String tables() {
    return GpuTables.of(this);
  }
}
