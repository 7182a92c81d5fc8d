package dev.thumbnet.cli.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** A picture that cannot be used costs a line in its turn, and a stop says how far it came. */
final class PictureLoopTest {
  private final StringWriter err = new StringWriter();
  private final List<Integer> results = new ArrayList<>();

  private static int half(int i) {
    if (i % 2 == 1) {
      throw new IllegalArgumentException(i + " is odd");
    }
    return i / 2;
  }

  @Test
  void theOthersAreStillDone() {
    PictureLoop loop = new PictureLoop(2, new PrintWriter(err), false, () -> false);
    assertThat(loop.run(List.of(2, 3, 4), PictureLoopTest::half, results::add)).isFalse();
    assertThat(results).containsExactly(1, 2);
    assertThat(err).hasToString("thumbnet: 3 is odd" + System.lineSeparator());
    assertThat(loop.run(List.of(2), PictureLoopTest::half, results::add)).isTrue();
  }

  @Test
  void aStopSaysHowFarItCame() {
    PictureLoop loop = new PictureLoop(1, new PrintWriter(err), false, () -> results.size() == 2);
    assertThatThrownBy(() -> loop.run(List.of(2, 4, 6, 8), PictureLoopTest::half, results::add))
        .isInstanceOf(CancellationException.class)
        .hasMessage("stopped after 2 of 4 pictures");
  }

  @Test
  void aTerminalShowsProgressAndIsLeftClean() throws InterruptedException {
    PictureLoop loop = new PictureLoop(1, new PrintWriter(err), true, () -> false);
    loop.run(
        List.of(2, 4),
        i -> {
          try {
            Thread.sleep(150);
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          return i;
        },
        results::add);
    assertThat(err.toString()).contains("\r  1 of 2 pictures").endsWith(" \r");
  }
}
