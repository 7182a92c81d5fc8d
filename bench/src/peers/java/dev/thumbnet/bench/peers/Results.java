package dev.thumbnet.bench.peers;

import java.util.List;
import java.util.Map;

/**
 * All that a comparison measured.
 *
 * @param date when it began
 * @param command what repeats it
 * @param machine processor, cores, system
 * @param java the JVM
 * @param flags its options
 * @param versions of the contenders
 * @param starts what each start of a JVM measured
 */
record Results(
    String date,
    String command,
    String machine,
    String java,
    List<String> flags,
    Map<String, String> versions,
    List<Start> starts) {

  /**
   * One start of a JVM.
   *
   * @param threads threads of every contender
   * @param limits of the machine in this start
   * @param engine the engine's description of its kernels
   * @param timings one per case and contender
   */
  record Start(int threads, Limits limits, String engine, List<Timing> timings) {}

  /**
   * One contender in one case.
   *
   * @param workload the case
   * @param contender its name
   * @param milliseconds median time of a run
   * @param worst median of the slowest round
   * @param difference largest difference to the engine's result over the largest element of that
   * @param cost of a run
   * @param memory bytes of weights and intermediate results, or 0 if unknown
   */
  record Timing(
      String workload,
      String contender,
      double milliseconds,
      double worst,
      double difference,
      Workload.Cost cost,
      long memory) {}
}
