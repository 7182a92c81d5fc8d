package dev.thumbnet.bench.endure;

import dev.thumbnet.bench.endure.trial.PartResult;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;

/** Runs a part and returns what it found, also if its process comes to grief. */
@FunctionalInterface
interface PartStart {
  /**
   * What to run.
   *
   * @param seed decides the cases
   * @param share how long
   * @param least how many cases at least
   * @param only a single case instead
   */
  record Order(Part part, long seed, Duration share, long least, OptionalLong only) {}

  /** Runs a part. */
  PartResult run(Order order) throws IOException, InterruptedException;
}
