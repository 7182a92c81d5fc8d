package dev.thumbnet.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.bench.harness.Fake;
import dev.thumbnet.bench.harness.Turns;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whoever differs too much is left out with a line, and the others are timed nevertheless. */
class CaseTimerTest {
  private final List<String> complaints = new ArrayList<>();
  private final CaseTimer timer = new CaseTimer(new Turns(0, 1, 0), complaints::add);

  @Test
  void leavesOutWhoDiffers() throws Exception {
    List<Fake> all =
        List.of(
            new Fake("engine", 1, 2000),
            new Fake("near", 1, 2001),
            new Fake("far", 1, 2003),
            new Fake("none", 1, Float.NaN));
    List<PeerResults.Timing> timings = timer.time(Workload.parse("product 8"), all);
    assertThat(timings).map(PeerResults.Timing::contender).isEqualTo(names(all));
    assertThat(timings)
        .map(PeerResults.Timing::difference)
        .containsExactly(0.0, 0.0005, 0.0015, null);
    assertThat(timings)
        .map(timing -> timing.milliseconds() != null && timing.worst() != null)
        .containsExactly(true, true, false, false);
    assertThat(complaints)
        .containsExactly(
            "product 8: far is left out, its results differ by 0.0015 of the largest element,"
                + " more than 0.0010",
            "product 8: none is left out, its results differ by NaN of the largest element,"
                + " more than 0.0010");
    assertThat(all.get(2).runs()).isLessThan(all.get(1).runs());
    assertThat(all).allMatch(Fake::isClosed);
  }

  @Test
  void thumbnailsDifferAsTheyShould() throws Exception {
    List<Fake> all = List.of(new Fake("T", 1), new Fake("E + S 4:1", 2));
    assertThat(timer.time(Workload.parse("thumbnails resnet18 32 b1"), all))
        .allMatch(timing -> timing.milliseconds() != null);
    assertThat(complaints).isEmpty();
  }

  private static List<String> names(List<Fake> all) {
    return all.stream().map(Fake::name).toList();
  }
}
