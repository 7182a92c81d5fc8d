package dev.thumbnet.cli.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** A picture that cannot be used costs a line in its turn, and a stop says how far it came. */
final class PictureLoopTest {
  private static final Function<Integer, Path> NAME = i -> Path.of(i + ".png");

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
    assertThat(loop.run(List.of(2, 3, 4), NAME, PictureLoopTest::half, results::add)).isFalse();
    assertThat(results).containsExactly(1, 2);
    assertThat(err).hasToString("thumbnet: 3 is odd" + System.lineSeparator());
    assertThat(loop.run(List.of(2), NAME, PictureLoopTest::half, results::add)).isTrue();
  }

  private static int failing(int i) {
    return switch (i) {
      case 1 -> throw new ArithmeticException("the network overflows");
      case 2 -> throw new OutOfMemoryError("as if");
      case 3 -> throw new StackOverflowError();
      case 4 -> throw new CancellationException("stopped");
      default -> i;
    };
  }

  @Test
  void noPictureEndsTheRun() {
    PictureLoop loop = new PictureLoop(2, new PrintWriter(err), false, () -> false);
    assertThat(loop.run(List.of(0, 1, 2, 3, 5), NAME, PictureLoopTest::failing, results::add))
        .isFalse();
    assertThat(results).containsExactly(0, 5);
    assertThat(err.toString().lines())
        .containsExactly(
            "thumbnet: 1.png: the network overflows",
            "thumbnet: 2.png: takes more memory than there is",
            "thumbnet: 3.png: takes more memory than there is");
    assertThatThrownBy(
            () -> loop.run(List.of(0, 4, 5), NAME, PictureLoopTest::failing, results::add))
        .isInstanceOf(CancellationException.class);
  }

  @Test
  void aStopSaysHowFarItCame() {
    PictureLoop loop = new PictureLoop(1, new PrintWriter(err), false, () -> results.size() == 2);
    assertThatThrownBy(
            () -> loop.run(List.of(2, 4, 6, 8), NAME, PictureLoopTest::half, results::add))
        .isInstanceOf(CancellationException.class)
        .hasMessage("stopped after 2 of 4 pictures");
  }

  @Test
  void aTerminalShowsProgressAndIsLeftClean() throws InterruptedException {
    PictureLoop loop = new PictureLoop(1, new PrintWriter(err), true, () -> false);
    loop.run(
        List.of(2, 4),
        NAME,
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
