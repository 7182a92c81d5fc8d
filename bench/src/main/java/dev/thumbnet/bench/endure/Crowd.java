package dev.thumbnet.bench.endure;

import dev.thumbnet.BatchClassifier;
import dev.thumbnet.Classification;
import dev.thumbnet.ThumbClassifier;
import dev.thumbnet.bench.endure.trial.Trial;
import dev.thumbnet.data.image.RgbImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/**
 * Many threads at one classifier, some of them by way of batches, which are closed and opened again
 * meanwhile; each thread is interrupted at any time.
 */
final class Crowd {
  /** How many pictures a batch has at most. */
  static final int BATCH = 4;

  private static final int THREADS = 64;
  private static final int BATCH_THREADS = 16;
  private static final int WAITING = 8;
  private static final long NANOS = 1_500_000_000;
  private static final int PATIENCE_SECONDS = 60;

  /** Pictures in company are computed in another order of additions. */
  private static final double ROUNDING = 1e-3;

  private final ThumbClassifier classifier;
  private final List<RgbImage> pictures;
  private final List<Classification> expected;
  private final Map<String, Long> results = new ConcurrentHashMap<>();
  private final Queue<String> violations = new ConcurrentLinkedQueue<>();
  private volatile BatchClassifier batches;
  private volatile boolean ended;

  Crowd(ThumbClassifier classifier, List<RgbImage> pictures, List<Classification> expected) {
    this.classifier = classifier;
    this.pictures = pictures;
    this.expected = expected;
  }

  Map<String, Long> results() {
    return Map.copyOf(results);
  }

  List<String> violations() {
    return List.copyOf(violations);
  }

  /** Lets the threads work for a while. */
  void run(RandomGenerator random) throws InterruptedException {
    batches = new BatchClassifier(classifier, WAITING);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      RandomGenerator own = Trial.random(random.nextLong(), i);
      boolean together = i < BATCH_THREADS;
      threads.add(Thread.ofPlatform().daemon().start(() -> work(own, together)));
    }
    long end = System.nanoTime() + NANOS;
    while (System.nanoTime() < end) {
      threads.get(random.nextInt(THREADS)).interrupt();
      if (random.nextInt(10) == 0) {
        BatchClassifier before = batches;
        batches = new BatchClassifier(classifier, WAITING);
        before.close();
      }
      Thread.sleep(1 + random.nextInt(5));
    }
    ended = true;
    for (Thread thread : threads) {
      thread.join();
    }
    batches.close();
  }

  private void work(RandomGenerator random, boolean together) {
    while (!ended) {
      int picture = random.nextInt(pictures.size());
      boolean interrupt = random.nextInt(20) == 0;
      if (interrupt) {
        Thread.currentThread().interrupt();
      }
      try {
        count(together ? inCompany(picture) : alone(picture, interrupt));
      } catch (Exception | Error e) {
        violations.add((together ? "in a batch: " : "alone: ") + e);
      }
      boolean _ = Thread.interrupted();
    }
  }

  private void count(String result) {
    results.merge(result, 1L, Long::sum);
  }

  private String alone(int picture, boolean interrupted) {
    try {
      Classification found = classifier.classify(pictures.get(picture));
      if (interrupted) {
        violations.add("alone: an interrupted thread got an answer");
      }
      if (!found.equals(expected.get(picture))) {
        violations.add("alone: other bits, " + found + " instead of " + expected.get(picture));
      }
      return "answers";
    } catch (CancellationException e) {
      if (!Thread.currentThread().isInterrupted()) {
        violations.add("alone: cancelled, but no longer interrupted");
      }
      return "interrupted";
    }
  }

  private String inCompany(int picture) throws ExecutionException {
    try {
      Classification found =
          batches.submit(pictures.get(picture)).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (!isClose(found, expected.get(picture))) {
        violations.add("in a batch: " + found + " instead of " + expected.get(picture));
      }
      return "answers of batches";
    } catch (RejectedExecutionException e) {
      return "rejected by full or closed batches";
    } catch (InterruptedException e) {
      return "interrupted";
    } catch (TimeoutException e) {
      violations.add("in a batch: no answer within " + PATIENCE_SECONDS + " s");
      return "no answer";
    }
  }

  private static boolean isClose(Classification found, Classification right) {
    for (int i = 0; i < right.all().size(); i++) {
      double probability = right.all().get(i).probability();
      if (!(Math.abs(found.all().get(i).probability() - probability) < ROUNDING)) {
        return false;
      }
    }
    return true;
  }
}
