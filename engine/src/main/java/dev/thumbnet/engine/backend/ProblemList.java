package dev.thumbnet.engine.backend;

import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.backend.problem.PoolProblem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The shapes that tests and benchmarks of every backend go through: the layers of the networks at
 * the sizes of the paper, and odd ones.
 */
public final class ProblemList {
  private ProblemList() {}

  /** Returns the convolutions, in the order of the file. */
  public static List<Conv2dProblem> conv2d() {
    return lines("conv2d.txt").stream().map(Conv2dProblem::parse).toList();
  }

  /** Returns the sliding windows of pooling, in the order of the file. */
  public static List<PoolProblem> pool() {
    return lines("pool.txt").stream().map(PoolProblem::parse).toList();
  }

  private static List<String> lines(String file) {
    try (InputStream in = ProblemList.class.getResourceAsStream("problems/" + file);
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return reader
          .lines()
          .map(line -> line.replaceAll("#.*", "").strip())
          .filter(line -> !line.isEmpty())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the problem list " + file, e);
    }
  }
}
