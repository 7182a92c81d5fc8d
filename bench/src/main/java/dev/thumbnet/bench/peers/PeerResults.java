package dev.thumbnet.bench.peers;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.thumbnet.bench.harness.Results;
import java.util.List;
import java.util.Map;

/**
 * All that a comparison with native frameworks measured.
 *
 * @param date when it began
 * @param command what repeats it
 * @param machine processor, cores, system
 * @param java the JVM
 * @param flags its options
 * @param versions of the contenders
 * @param starts what each start of a JVM measured
 */
record PeerResults(
    @JsonProperty("date") String date,
    @JsonProperty("command") String command,
    @JsonProperty("machine") String machine,
    @JsonProperty("java") String java,
    @JsonProperty("flags") List<String> flags,
    @JsonProperty("versions") Map<String, String> versions,
    @JsonProperty("starts") List<OneStart> starts)
    implements Results<PeerResults.OneStart> {

  /**
   * One start of a JVM.
   *
   * @param threads threads of every contender
   * @param limits of the machine in this start
   * @param engine the engine's description of its kernels
   * @param timings one per case and contender
   */
  record OneStart(
      @JsonProperty("threads") int threads,
      @JsonProperty("limits") Limits limits,
      @JsonProperty("engine") String engine,
      @JsonProperty("timings") List<Timing> timings) {}

  /**
   * One contender in one case.
   *
   * @param workload the case
   * @param contender its name
   * @param milliseconds median time of a run; null if it was left out, for its results differ by
   *     more than they may
   * @param worst median of the slowest round; null as well
   * @param difference largest difference to the engine's result over the largest element of that;
   *     null if the results are no numbers
   * @param floor of a run
   * @param memory bytes of weights and intermediate results, or 0 if unknown
   */
  record Timing(
      @JsonProperty("workload") String workload,
      @JsonProperty("contender") String contender,
      @JsonProperty("milliseconds") Double milliseconds,
      @JsonProperty("worst") Double worst,
      @JsonProperty("difference") Double difference,
      @JsonProperty("cost") Workload.Floor floor,
      @JsonProperty("memory") long memory) {}

  /** Returns the kind of starts with so many threads. */
  static String kind(int threads) {
    return threads == 1 ? "1 thread" : threads + " threads";
  }

  /** Returns the numbers of threads that were measured. */
  List<Integer> threads() {
    return starts.stream().map(OneStart::threads).distinct().toList();
  }

  /** Returns what starts with so many threads measured. */
  Figures figures(int threads) {
    return new Figures(starts.stream().filter(start -> start.threads == threads).toList());
  }

  /** Whether all cases were measured, and long enough for conclusions. */
  boolean isWhole() {
    return !command.contains(CompareOptions.QUICK) && !command.contains(CompareOptions.CASE);
  }

  /** Returns the kind of processor. */
  Isa isa() {
    return Isa.of(flags, starts.getFirst().engine());
  }

  /** Returns the processor's name, without marks of trade. */
  String processor() {
    return machine.split(", ")[0].replace("(R)", "");
  }

  @Override
  public List<String> conditions() {
    return List.of(command, machine, java, versions.toString());
  }

  @Override
  public int starts(String kind) {
    return (int) starts.stream().filter(start -> kind(start.threads).equals(kind)).count();
  }

  @Override
  public void add(String kind, OneStart start) {
    starts.add(start);
  }

  @Override
  public String tables() {
    return PeerTables.of(this);
  }
}
