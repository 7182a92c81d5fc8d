package dev.thumbnet;

import dev.thumbnet.data.image.RgbImage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;

/**
 * Takes the pictures of many callers through the network together, because several at once take
 * much less time each. Nobody is made to wait for company: while the pictures of one batch are in
 * the network those of the next gather, so a picture that comes alone is classified alone.
 *
 * <pre>{@code
 * ThumbClassifier classifier = new ThumbClassifier(model, WeightFormat.F32, 16);
 * try (BatchClassifier batches = new BatchClassifier(classifier, 64)) {
 *   batches.submit(picture).thenAccept(found -> System.out.println(found.best()));
 * }
 * }</pre>
 *
 * <p>Any number of threads may use one at once. It has one thread of its own, a daemon, which
 * {@link #close} ends; until then it holds the classifier, and a web application that brought it.
 */
public final class BatchClassifier implements AutoCloseable {
  private record Waiting(float[] pixels, CompletableFuture<Classification> answer) {}

  /** Tells the thread that nothing more will come. */
  private static final Waiting END = new Waiting(new float[0], new CompletableFuture<>());

  private final ThumbClassifier classifier;
  private final int capacity;
  private final BlockingQueue<Waiting> waiting;
  private final Thread thread;
  private boolean closed; // guarded by waiting

  /**
   * Makes one on a classifier, which may still be used directly, too.
   *
   * @param classifier decides by its largest number of pictures how many are taken together
   * @param capacity how many pictures may wait
   * @throws IllegalArgumentException if {@code capacity} is less than 1
   */
  public BatchClassifier(ThumbClassifier classifier, int capacity) {
    this(
        classifier,
        capacity,
        Thread.ofPlatform()
            .name("thumbnet-batches")
            .daemon()
            .inheritInheritableThreadLocals(false) // nor the context class loader
            .factory());
  }

  BatchClassifier(ThumbClassifier classifier, int capacity, ThreadFactory threads) {
    if (capacity < 1) {
      throw new IllegalArgumentException("one picture at least must be able to wait: " + capacity);
    }
    this.classifier = classifier;
    this.capacity = capacity;
    this.waiting = new ArrayBlockingQueue<>(capacity + 1); // and a place for END
    this.thread = threads.newThread(this::run);
    thread.start();
  }

  /**
   * Asks for the class of a picture. The calling thread brings it to the size of the model, the
   * rest happens in the background.
   *
   * @param picture of any size
   * @return is completed, with what {@link ThumbClassifier#classify(RgbImage)} would return up to
   *     rounding, by the thread of this, so what follows directly should be short; a picture whose
   *     answer is cancelled while it waits is left out
   * @throws RejectedExecutionException if too many pictures wait, or this is closed
   */
  public CompletableFuture<Classification> submit(RgbImage picture) {
    checkPlace(); // before work is done in vain
    Waiting next = new Waiting(classifier.prepared(picture), new CompletableFuture<>());
    synchronized (waiting) {
      checkPlace();
      waiting.add(next);
    }
    return next.answer;
  }

  private void checkPlace() {
    synchronized (waiting) {
      if (closed) {
        throw new RejectedExecutionException("the batch classifier was closed");
      }
      if (waiting.size() >= capacity) {
        throw new RejectedExecutionException(
            capacity + " pictures wait already; try again later, or have more places");
      }
    }
  }

  /** Returns how many pictures wait. */
  public int waiting() {
    return Math.min(waiting.size(), capacity);
  }

  /** Refuses further pictures and returns when those that wait have been answered. */
  @Override
  public void close() {
    synchronized (waiting) {
      if (!closed) {
        closed = true;
        waiting.add(END);
      }
    }
    boolean interrupted = false;
    while (thread.isAlive() && thread != Thread.currentThread()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true; // what was promised is answered first
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    List<Waiting> batch = new ArrayList<>();
    float[] pixels = new float[0];
    while (true) {
      try {
        batch.add(waiting.take());
      } catch (InterruptedException e) {
        continue; // nobody has a reason to interrupt this thread but close(), which does not
      }
      waiting.drainTo(batch, classifier.most() - 1);
      // Not remove(END): what Java makes for a record's equals remembers its class, softly.
      boolean last = batch.removeIf(picture -> picture == END);
      batch.removeIf(picture -> picture.answer.isDone());
      if (!batch.isEmpty()) {
        int length = batch.getFirst().pixels.length;
        if (pixels.length == 0) {
          pixels = new float[classifier.most() * length];
        }
        classify(batch, length, pixels);
      }
      if (last) {
        return;
      }
      batch.clear();
    }
  }

  private void classify(List<Waiting> batch, int length, float[] pixels) {
    try {
      for (int i = 0; i < batch.size(); i++) {
        System.arraycopy(batch.get(i).pixels, 0, pixels, i * length, length);
      }
      List<Classification> results = classifier.classify(batch.size(), pixels);
      for (int i = 0; i < batch.size(); i++) {
        batch.get(i).answer.complete(results.get(i));
      }
    } catch (RuntimeException | Error e) {
      batch.forEach(picture -> picture.answer.completeExceptionally(e));
    }
  }
}
