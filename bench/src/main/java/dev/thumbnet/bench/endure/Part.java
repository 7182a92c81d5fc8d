package dev.thumbnet.bench.endure;

import dev.thumbnet.bench.endure.trial.Trials.Bounds;
import java.time.Duration;

/** What is tried, in the order of the table; each part runs in a JVM of its own. */
enum Part {
  KILLS(
      "train, distill and reproduce, killed and resumed: the same files as undisturbed",
      new Needs(0.2, 256, 0),
      new Bounds(1, Duration.ZERO, Duration.ofMinutes(20))),

  MODELS(
      "damaged model files: a model that classifies, or a refusal that names the file",
      new Needs(0.2, 256, 200_000),
      new Bounds(processors(), Duration.ofSeconds(10), Duration.ofMinutes(3))),

  PICTURES(
      "damaged pictures, with the plug-ins of the command line: a picture, or a refusal that names"
          + " the file",
      new Needs(0.13, 256, 100_000),
      new Bounds(processors(), Duration.ofSeconds(10), Duration.ofMinutes(3))),

  PICTURES_JDK(
      "the same without plug-ins",
      new Needs(0.13, 256, 100_000),
      new Bounds(processors(), Duration.ofSeconds(10), Duration.ofMinutes(3))),

  BOMBS(
      "small files that cost much, alone and several at once: at most 10 s of the processor each",
      new Needs(0.06, 512, 0),
      new Bounds(1, Duration.ZERO, Duration.ofMinutes(5))),

  CONCURRENCY(
      "64 threads with interrupts, batches closed in use, numbers of threads and lanes: equal bits",
      new Needs(0.12, 512, 0),
      new Bounds(1, Duration.ZERO, Duration.ofMinutes(5))),

  SERVICE(
      "the example service (512 MB of heap) under load and attack: honest clients get their answer"
          + " within 30 s",
      new Needs(0.16, 256, 0),
      new Bounds(1, Duration.ZERO, Duration.ofMinutes(5)));

  private static final int MOST_THREADS = 4;

  private final String explanation;
  private final Needs needs;
  private final Bounds bounds;

  /**
   * What a part gets.
   *
   * @param share of the time
   * @param megabytes of heap
   * @param cases that a run of {@link EndureOptions#WHOLE_MINUTES} has at least; shorter ones have
   *     accordingly fewer
   */
  record Needs(double share, int megabytes, long cases) {}

  Part(String explanation, Needs needs, Bounds bounds) {
    this.explanation = explanation;
    this.needs = needs;
    this.bounds = bounds;
  }

  private static int processors() {
    return Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
  }

  /** Returns what is tried and what has to hold. */
  String explanation() {
    return explanation;
  }

  Needs needs() {
    return needs;
  }

  Bounds bounds() {
    return bounds;
  }

  /** Whether ImageIO's plug-ins are on the class path. */
  boolean withPlugins() {
    return this != PICTURES_JDK;
  }
}
