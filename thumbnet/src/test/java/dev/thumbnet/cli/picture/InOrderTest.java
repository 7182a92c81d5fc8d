package dev.thumbnet.cli.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Results come in order from several threads, not far ahead, and stopping waits for nobody. */
@Timeout(60)
final class InOrderTest {
  private static final int THREADS = 3;

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  @Test
  void resultsComeInOrderAndNotFarAhead() {
    AtomicInteger begun = new AtomicInteger();
    List<Integer> results = new ArrayList<>();
    InOrder.run(
        numbers(100),
        THREADS,
        i -> {
          begun.incrementAndGet();
          return i * i;
        },
        () -> false,
        square -> {
          results.add(square);
          assertThat(begun.get()).isLessThanOrEqualTo(results.size() + 2 * THREADS);
        });
    assertThat(results).isEqualTo(numbers(100).stream().map(i -> i * i).toList());
    InOrder.run(List.of(), THREADS, i -> i, () -> false, i -> assertThat(i).isNull());
  }

  @Test
  void severalThreadsWork() {
    CountDownLatch together = new CountDownLatch(THREADS);
    InOrder.run(
        numbers(THREADS),
        THREADS,
        i -> {
          together.countDown();
          try {
            together.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          return i;
        },
        () -> false,
        _ -> {});
  }

  /** The first is done, the second never will be. */
  private static int stuck(int i) {
    try {
      new CountDownLatch(i).await();
    } catch (InterruptedException e) {
      // Nobody wants the result.
    }
    return i;
  }

  @Test
  void stoppingGivesWhatThereIsAndWaitsForNothing() {
    List<Integer> results = new ArrayList<>();
    assertThatThrownBy(
            () ->
                InOrder.run(
                    numbers(9),
                    THREADS,
                    InOrderTest::stuck,
                    () -> !results.isEmpty(),
                    results::add))
        .isInstanceOf(CancellationException.class);
    assertThat(results).containsExactly(0);
  }

  @Test
  void anInterruptStopsToo() {
    List<Integer> results = new ArrayList<>();
    try {
      assertThatThrownBy(
              () ->
                  InOrder.run(
                      numbers(9),
                      THREADS,
                      InOrderTest::stuck,
                      () -> false,
                      i -> {
                        results.add(i);
                        Thread.currentThread().interrupt();
                      }))
          .isInstanceOf(CancellationException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(results).containsExactly(0);
  }

  @Test
  void whatFailsIsThrownInItsTurn() {
    List<Integer> results = new ArrayList<>();
    assertThatThrownBy(
            () -> InOrder.run(List.of(2, 1, 0), 2, i -> 2 / i, () -> false, results::add))
        .isInstanceOf(ArithmeticException.class);
    assertThat(results).containsExactly(1, 2);
    assertThatThrownBy(
            () ->
                InOrder.run(
                    List.of(1),
                    2,
                    _ -> {
                      throw new StackOverflowError();
                    },
                    () -> false,
                    _ -> {}))
        .isInstanceOf(StackOverflowError.class);
  }
}
