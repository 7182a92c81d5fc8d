package dev.thumbnet.bench.embedding;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.thumbnet.bench.harness.Results;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * All that was measured of the embedded classifier.
 *
 * @param date when it began
 * @param command what repeats it
 * @param machine processor, cores, system
 * @param java the JVM
 * @param peer the framework that it was compared with
 * @param printed for each part and variant the lines that each start printed
 */
record EmbeddingResults(
    @JsonProperty("date") String date,
    @JsonProperty("command") String command,
    @JsonProperty("machine") String machine,
    @JsonProperty("java") String java,
    @JsonProperty("peer") String peer,
    @JsonProperty("printed") Map<String, List<List<String>>> printed)
    implements Results<List<String>> {

  @Override
  public List<String> conditions() {
    return List.of(command, machine, java, peer);
  }

  @Override
  public int starts(String kind) {
    return printed.getOrDefault(kind, List.of()).size();
  }

  @Override
  public void add(String kind, List<String> lines) {
    printed.computeIfAbsent(kind, _ -> new ArrayList<>()).add(lines);
  }

  @Override
  public String tables() {
    return EmbeddingTables.of(this);
  }
}
