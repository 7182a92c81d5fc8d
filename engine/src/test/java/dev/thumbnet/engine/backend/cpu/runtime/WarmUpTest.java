package dev.thumbnet.engine.backend.cpu.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Warming up repeats a pass until it no longer gets faster or is not wanted any more. */
@Timeout(60)
class WarmUpTest {
  @Test
  void repeatsUntilItNoLongerGetsFaster() throws InterruptedException {
    WarmUp warmUp = new WarmUp();
    AtomicInteger runs = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(1);
    assertThat(warmUp.isCold()).isTrue();
    warmUp.start(runs::incrementAndGet, () -> true, done::countDown);
    done.await();
    assertThat(runs.get()).isGreaterThan(7);
    assertThat(warmUp.isCold()).isFalse();
  }

  @Test
  void endsWhenItIsNoLongerWanted() throws InterruptedException {
    WarmUp warmUp = new WarmUp();
    AtomicInteger runs = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(1);
    warmUp.start(runs::incrementAndGet, () -> runs.get() < 2, done::countDown);
    done.await();
    assertThat(runs.get()).isEqualTo(2);
    assertThat(warmUp.isCold()).isFalse();
  }

  @Test
  void isSilentAfterTheBackendWasClosed() throws InterruptedException {
    WarmUp warmUp = new WarmUp();
    CountDownLatch ran = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    warmUp.start(
        () -> {
          warmUp.close();
          ran.countDown();
          throw new IllegalStateException("the backend was closed");
        },
        () -> true,
        done::countDown);
    ran.await();
    assertThat(done.await(100, TimeUnit.MILLISECONDS)).isFalse();
    assertThat(warmUp.isCold()).isTrue();
  }

  /** Nobody waits for it, so what it throws is nobody's but of the call that does the same. */
  @Test
  void whatFailsEndsWithoutAStackTrace() throws InterruptedException {
    PrintStream before = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    CountDownLatch done = new CountDownLatch(2);
    try (PrintStream watched = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      System.setErr(watched);
      new WarmUp()
          .start(
              () -> {
                throw new OutOfMemoryError("as for a picture that is too large");
              },
              () -> true,
              done::countDown);
      new WarmUp()
          .start(
              () -> {
                throw new IllegalArgumentException("as for a network that takes no such picture");
              },
              () -> true,
              done::countDown);
      done.await();
    } finally {
      System.setErr(before);
    }
    assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  /** Thousands of plans may be made one after the other, and called at once. */
  @Test
  void threadsThatAreNotWantedDoNotWaitForQuiet() throws InterruptedException {
    WarmUp warmUp = new WarmUp();
    CountDownLatch done = new CountDownLatch(1);
    warmUp.start(() -> {}, () -> false, done::countDown);
    while (!done.await(10, TimeUnit.MILLISECONDS)) {
      warmUp.isCold(); // one more plan is made
    }
    assertThat(done.getCount()).isZero();
  }
}
