package dev.thumbnet.bench.endure.trial;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Cases are counted, and whatever they do that they must not is found and named by its number. */
@Timeout(60)
class TrialsTest {
  private static final Duration LONG = Duration.ofSeconds(50);
  private static final Trials.Bounds TWO_THREADS =
      new Trials.Bounds(2, Duration.ofSeconds(20), LONG);

  private static Outcome fine(long number) {
    return Outcome.of(number % 2 == 0 ? "even" : "odd", "fine", Optional.empty());
  }

  private static PartResult run(Trial trial, Trials.Bounds bounds, long least)
      throws InterruptedException {
    return new Trials(trial, bounds).run(new Trials.Extent(Duration.ZERO, least), _ -> {});
  }

  @Test
  void as_many_cases_as_there_have_to_be() throws Exception {
    PartResult found = run(TrialsTest::fine, TWO_THREADS, 1000);
    assertThat(found.cases()).isBetween(1000L, 1001L);
    assertThat(found.kinds()).containsOnlyKeys("even", "odd").containsEntry("even", 500L);
    assertThat(found.results()).containsOnlyKeys("fine");
    assertThat(found.violations()).isZero();
    assertThat(found.examples()).isEmpty();
  }

  @Test
  void as_long_as_the_time_lasts() throws Exception {
    Trials.Extent extent = new Trials.Extent(Duration.ofMillis(300), 1);
    List<PartResult> progress = new ArrayList<>();
    PartResult found = new Trials(TrialsTest::fine, TWO_THREADS).run(extent, progress::add);
    assertThat(found.seconds()).isGreaterThan(0.3);
    assertThat(found.cases()).isGreaterThan(100);
  }

  @Test
  void a_single_case() throws Exception {
    AtomicLong tried = new AtomicLong();
    Trial trial =
        number -> {
          assertThat(tried.getAndSet(number)).isZero();
          return Outcome.of("toy", "broken", Optional.of("it\nfell"));
        };
    PartResult found = new Trials(trial, TWO_THREADS).one(123_456);
    assertThat(tried).hasValue(123_456);
    assertThat(found.cases()).isEqualTo(1);
    assertThat(found.examples()).containsExactly(new Violation(123_456, "toy", "it fell"));
  }

  @Test
  void whatever_a_case_throws_is_a_violation() throws Exception {
    Trial trial =
        number -> {
          if (number == 7) {
            throw new StackOverflowError("deep");
          }
          return fine(number);
        };
    PartResult found = run(trial, TWO_THREADS, 20);
    assertThat(found.violations()).isEqualTo(1);
    assertThat(found.examples().getFirst().number()).isEqualTo(7);
    assertThat(found.examples().getFirst().what())
        .startsWith("java.lang.StackOverflowError: deep at ");
  }

  @Test
  void few_of_many_violations_are_told() throws Exception {
    Trial trial = number -> Outcome.of("toy", "broken", Optional.of("number " + number));
    PartResult found = run(trial, TWO_THREADS, 300);
    assertThat(found.violations()).isEqualTo(found.cases());
    assertThat(found.examples()).hasSize(50);
  }

  @Test
  void a_case_that_computes_too_long_is_a_violation() throws Exception {
    Trial trial =
        number -> {
          long end = System.nanoTime() + 300_000_000;
          while (number == 3 && System.nanoTime() < end) {
            Thread.onSpinWait();
          }
          return fine(number);
        };
    PartResult found = run(trial, new Trials.Bounds(1, Duration.ofMillis(20), LONG), 5);
    assertThat(found.slowestCase()).isEqualTo(3);
    assertThat(found.examples()).singleElement().extracting(Violation::number).isEqualTo(3L);
    assertThat(found.examples().getFirst().what()).contains("s of the processor");
  }

  @Test
  void a_case_that_does_not_end_is_a_violation_and_the_last() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    Trial trial =
        number -> {
          if (number == 2) {
            never.await();
          }
          return fine(number);
        };
    Trials.Bounds hasty = new Trials.Bounds(1, Duration.ZERO, Duration.ofMillis(300));
    PartResult found = run(trial, hasty, 1000);
    never.countDown();
    assertThat(found.cases()).isEqualTo(2);
    assertThat(found.examples()).singleElement().extracting(Violation::number).isEqualTo(2L);
    assertThat(found.examples().getFirst().what())
        .startsWith("not ended after 0 s: ")
        .contains("await");
  }

  @Test
  void threads_that_stay_are_a_violation() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    Trial trial =
        number -> {
          if (number >= 100) {
            Thread.ofPlatform().daemon().start(() -> await(end));
          }
          return fine(number);
        };
    PartResult found = run(trial, TWO_THREADS, 120);
    end.countDown();
    assertThat(found.examples()).singleElement().asString().contains("threads stay");
  }

  private static void await(CountDownLatch end) {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void what_is_wrong_at_the_end_is_a_violation() throws Exception {
    Trial trial =
        new Trial() {
          @Override
          public Outcome attempt(long number) {
            return fine(number);
          }

          @Override
          public double processMegabytes() {
            return 12_345;
          }

          @Override
          public List<String> end() {
            return List.of("something stays");
          }
        };
    PartResult found = run(trial, TWO_THREADS, 1);
    assertThat(found.megabytes()).isEqualTo(12_345);
    assertThat(found.examples())
        .containsExactly(new Violation(Violation.NO_CASE, "-", "something stays"));
  }
}
