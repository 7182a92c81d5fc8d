package dev.thumbnet.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** All have a turn in each round, another one is the first each time, and all are timed alike. */
class TurnsTest {
  @Test
  void theFirstOfARoundChanges() throws InterruptedException {
    List<String> turns = new ArrayList<>();
    Turns.rotate(3, 4, (contender, round) -> turns.add(round + ":" + contender));
    assertThat(turns)
        .containsExactly(
            "0:0", "0:1", "0:2", "1:1", "1:2", "1:0", "2:2", "2:0", "2:1", "3:0", "3:1", "3:2");
  }

  @Test
  void shortTurnsRunThreeTimesAndOnceUntimed() throws InterruptedException {
    Fake a = new Fake("a");
    Fake b = new Fake("b");
    List<Scatter> times = new Turns(0, 2, 0).measure(List.of(a, b));
    int warmUp = 3;
    assertThat(a.runs()).isEqualTo(b.runs()).isEqualTo(warmUp + 2 * (1 + 3));
    assertThat(times).hasSize(2).allMatch(time -> time.median() >= 0);
    assertThat(times).allMatch(time -> time.worst() >= time.median());
  }
}
