package dev.thumbnet.engine.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Learning rates at the ends and in the middle of each schedule. */
final class LrScheduleTest {
  private static void assertRate(LrSchedule schedule, long step, double expected) {
    assertThat(schedule.at(step)).isCloseTo(expected, within(1e-12));
  }

  @Test
  void constant() {
    assertRate(LrSchedule.constant(0.1), 0, 0.1);
    assertRate(LrSchedule.constant(0.1), 1_000_000, 0.1);
  }

  @Test
  void steps() {
    LrSchedule schedule = LrSchedule.step(1, 0.1, 30, 60);
    assertRate(schedule, 29, 1);
    assertRate(schedule, 30, 0.1);
    assertRate(schedule, 59, 0.1);
    assertRate(schedule, 60, 0.01);
  }

  @Test
  void cosine() {
    LrSchedule schedule = LrSchedule.cosine(1, 0.2, 100);
    assertRate(schedule, 0, 1);
    assertRate(schedule, 25, 0.2 + 0.8 * (1 + Math.sqrt(0.5)) / 2);
    assertRate(schedule, 50, 0.6);
    assertRate(schedule, 100, 0.2);
    assertRate(schedule, 1000, 0.2);
    assertThatIllegalArgumentException().isThrownBy(() -> LrSchedule.cosine(1, 0, 0));
  }

  /** PyTorch's OneCycleLR peaks at step rise · total − 1 and ends at step total − 1. */
  @Test
  void oneCycle() {
    LrSchedule schedule = LrSchedule.oneCycle(1, 10, 0.3);
    assertRate(schedule, 0, 0.04);
    assertRate(schedule, 1, 0.52);
    assertRate(schedule, 2, 1);
    assertRate(schedule, 9, 4e-6);
    assertRate(schedule, 20, 4e-6);
    assertRate(LrSchedule.oneCycle(1, 4, 0.25), 0, 1); // no room to rise
    assertThatIllegalArgumentException().isThrownBy(() -> LrSchedule.oneCycle(1, 10, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> LrSchedule.oneCycle(1, 1, 0.3));
  }

  @Test
  void warmup() {
    LrSchedule schedule = LrSchedule.constant(1).withWarmup(4);
    assertRate(schedule, 0, 0.25);
    assertRate(schedule, 3, 1);
    assertRate(schedule, 4, 1);
    assertRate(LrSchedule.constant(1).withWarmup(0), 0, 1);
  }
}
