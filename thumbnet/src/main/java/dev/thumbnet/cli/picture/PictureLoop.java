package dev.thumbnet.cli.picture;

import dev.thumbnet.data.image.ImageException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * How commands go through many pictures: several at once, with results in the order of the
 * pictures. One that cannot be used costs a line, and the others are still done.
 *
 * @param threads how many pictures are worked on at once
 * @param err gets a line for each picture that cannot be used, and progress
 * @param terminal whether {@code err} is a terminal, which shows progress
 * @param stop whether to stop, asked often
 */
public record PictureLoop(int threads, PrintWriter err, boolean terminal, BooleanSupplier stop) {

  /** What is counted while it runs. */
  private static final class Count {
    private int done;
    private int failed;
  }

  /**
   * Works on each picture.
   *
   * @param name what people know a picture by
   * @param work is called by other threads, several at once
   * @param results gets what work returned, on this thread, each as soon as those before it are
   *     done
   * @return whether all could be used
   * @throws CancellationException if it was stopped; the message says after how many
   */
  public <T, R> boolean run(
      List<T> pictures, Function<T, Path> name, Function<T, R> work, Consumer<R> results) {
    PictureProgress progress = new PictureProgress(err, terminal, pictures.size());
    Count count = new Count();
    try {
      InOrder.run(
          pictures,
          threads,
          picture -> attempt(picture, name, work, results, count),
          stop,
          outcome -> {
            progress.clear();
            outcome.run();
            count.done++;
            progress.show(count.done);
          });
    } catch (CancellationException e) {
      throw new CancellationException(
          "stopped after " + count.done + " of " + pictures.size() + " pictures");
    } finally {
      progress.clear();
    }
    return count.failed == 0;
  }

  /** Returns what is left to do when it is the picture's turn. */
  private <T, R> Runnable attempt(
      T picture, Function<T, Path> name, Function<T, R> work, Consumer<R> results, Count count) {
    try {
      R result = work.apply(picture);
      return () -> results.accept(result);
    } catch (ImageException | IllegalArgumentException e) {
      return failed(String.valueOf(e.getMessage()), count);
    } catch (ArithmeticException e) {
      return failed(name.apply(picture) + ": " + e.getMessage(), count);
    } catch (OutOfMemoryError | StackOverflowError e) {
      // What the picture took is free again.
      return failed(name.apply(picture) + ": takes more memory than there is", count);
    }
  }

  private Runnable failed(String reason, Count count) {
    return () -> {
      err.println("thumbnet: " + reason);
      count.failed++;
    };
  }
}
