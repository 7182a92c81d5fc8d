package dev.thumbnet.bench.peers;

import dev.thumbnet.bench.harness.Contender;
import dev.thumbnet.bench.harness.Differences;
import dev.thumbnet.bench.harness.Scatter;
import dev.thumbnet.bench.harness.Turns;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Compares the results of all contenders of a case with the first one's, then times those that
 * agree in {@link Turns}.
 *
 * @param complaints takes a line for each contender that is left out
 */
record CaseTimer(Turns turns, Consumer<String> complaints) {
  /** Returns a timing of each contender; one that was left out has no time. Closes them. */
  List<PeerResults.Timing> time(Workload workload, List<? extends Contender> contenders)
      throws InterruptedException {
    double[] differences = differences(workload, contenders);
    List<Contender> timed = new ArrayList<>();
    for (int i = 0; i < differences.length; i++) {
      if (agrees(workload, contenders.get(i), differences[i])) {
        timed.add(contenders.get(i));
      }
    }
    List<Scatter> times = turns.measure(timed);
    Map<Integer, Workload.Floor> floors = new HashMap<>();
    List<PeerResults.Timing> timings = new ArrayList<>();
    for (int i = 0; i < differences.length; i++) {
      Contender contender = contenders.get(i);
      int place = timed.indexOf(contender);
      Scatter time = place < 0 ? null : times.get(place);
      int factor = contender instanceof EngineForward forward ? forward.factor() : 1;
      timings.add(
          new PeerResults.Timing(
              workload.toString(),
              contender.name(),
              time == null ? null : time.median(),
              time == null ? null : time.worst(),
              Double.isFinite(differences[i]) ? differences[i] : null,
              floors.computeIfAbsent(factor, workload::floor),
              contender.memory()));
      contender.close();
    }
    return timings;
  }

  private static double[] differences(Workload workload, List<? extends Contender> contenders) {
    // Downscaled pictures give other results than whole ones.
    return workload.kind() == Workload.Kind.THUMBNAILS
        ? new double[contenders.size()]
        : Differences.toFirst(contenders);
  }

  private boolean agrees(Workload workload, Contender contender, double difference) {
    if (difference <= contender.tolerance()) {
      return true;
    }
    complaints.accept(
        "%s: %s is left out, its results differ by %.2g of the largest element, more than %.2g"
            .formatted(workload, contender.name(), difference, contender.tolerance()));
    return false;
  }
}
