package dev.thumbnet.data;

import dev.thumbnet.data.image.ImageException;
import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.data.transform.Normalize;
import dev.thumbnet.data.transform.Transform;
import dev.thumbnet.engine.Rng;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Yields batches of augmented, normalised pictures, which background threads prepare ahead.
 *
 * <pre>{@code
 * try (Loader loader = new Loader(set, transform, normalize, 128, LoaderOptions.training(64, 7))) {
 *   for (int epoch = 0; epoch < 30; epoch++) {
 *     loader.startEpoch(epoch, 0);
 *     while (loader.hasNext()) {
 *       Batch batch = loader.next();
 *       ...
 *     }
 *   }
 * }
 * }</pre>
 *
 * <p>The order of an epoch depends on seed and epoch alone, the augmentation of a picture on seed,
 * epoch and index alone. So an epoch repeats exactly with any number of threads, and {@code
 * startEpoch(epoch, k)} continues exactly where a run was stopped after k batches.
 *
 * <p>What fails in the background, such as a broken file, is thrown by the {@link #next} that would
 * have yielded its batch. The threads are daemons; {@link #close} ends them. One thread at a time
 * may use a loader; its set and transform are used by the background threads.
 */
public final class Loader implements AutoCloseable {
  /** The stream of an epoch from which its order is drawn; pictures use their index. */
  private static final long ORDER = -1;

  private final DataSet set;
  private final Transform transform;
  private final Normalize normalize;
  private final int side;
  private final LoaderOptions options;
  private final List<Thread> workers = new ArrayList<>();

  // All below is guarded by this loader's monitor.
  private final Deque<Batch> free = new ArrayDeque<>();
  private final Map<Integer, Result> ready = new HashMap<>();
  private @Nullable Epoch epoch;
  private int nextToFill;
  private int nextToYield;
  private @Nullable Batch lent;
  private boolean closed;

  /** One pass over the set; work that belongs to an earlier one is recognised by identity. */
  private record Epoch(Rng rng, int[] order, int batches) {}

  /** A filled batch, or what went wrong with it. */
  private record Result(@Nullable Batch batch, @Nullable RuntimeException failure) {}

  /** A batch to be filled; a smaller last one has no buffer yet. */
  private record Job(Epoch epoch, int number, int size, @Nullable Batch buffer) {}

  /**
   * Makes a loader and starts its threads. Nothing is loaded before {@link #startEpoch}.
   *
   * @param set where pictures come from
   * @param transform must yield pictures of {@code side} x {@code side} pixels
   * @param normalize turns them into floats
   * @param side width and height of the pictures in a batch
   * @param options size of the batches, order, threads
   * @throws IllegalArgumentException if {@code side} is not positive or no batch can be filled
   */
  public Loader(
      DataSet set, Transform transform, Normalize normalize, int side, LoaderOptions options) {
    this.set = set;
    this.transform = transform;
    this.normalize = normalize;
    this.side = side;
    this.options = options;
    if (side < 1 || batches() == 0) {
      throw new IllegalArgumentException(
          side < 1
              ? "the side of pictures must be at least 1, got " + side
              : set.size()
                  + " pictures cannot fill a batch of "
                  + options.batchSize()
                  + "; take smaller batches");
    }
    // One for each thread to fill, one that is lent, and those that wait.
    int held = options.threads() + options.prefetch() + 1;
    checkMemory(held);
    for (int i = 0; i < held; i++) {
      free.add(new Batch(set, batchSize(), side));
    }
    for (int i = 0; i < options.threads(); i++) {
      Thread worker = new Thread(this::work, "thumbnet-loader-" + (i + 1));
      worker.setDaemon(true);
      worker.start();
      workers.add(worker);
    }
  }

  /** Batches beyond all memory are refused before anything is loaded. */
  private void checkMemory(int held) {
    double bytes = 4.0 * 3 * side * side * batchSize();
    long heap = Runtime.getRuntime().maxMemory();
    if (bytes / 4 > Integer.MAX_VALUE - 8 || bytes * held > heap) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "batches of %d pictures of %dx%d pixels take %.1f GB each, and %d of them are held,"
                  + " but this JVM's heap has %.1f GB; take smaller pictures, or fewer at once",
              batchSize(),
              side,
              side,
              bytes / 1e9,
              held,
              heap / 1e9));
    }
  }

  /** Number of batches in an epoch. */
  public int batches() {
    int size = options.batchSize();
    return options.dropLast() ? set.size() / size : Math.ceilDiv(set.size(), size);
  }

  /**
   * Begins an epoch; an unfinished one is abandoned.
   *
   * @param number of the epoch, from 0; decides order and augmentation
   * @param fromBatch the batch to begin with, 0 for the whole epoch
   * @throws IllegalArgumentException if there is no such batch; {@link #batches} itself is allowed
   *     and gives an epoch without any
   */
  public synchronized void startEpoch(int number, int fromBatch) {
    checkOpen();
    if (fromBatch < 0 || fromBatch > batches()) {
      throw new IllegalArgumentException(
          "an epoch has " + batches() + " batches, it cannot start from batch " + fromBatch);
    }
    recycleLent();
    for (Result result : ready.values()) {
      recycle(result.batch);
    }
    ready.clear();
    Rng rng = new Rng(options.seed()).split(number);
    epoch = new Epoch(rng, order(rng), batches());
    nextToFill = fromBatch;
    nextToYield = fromBatch;
    notifyAll();
  }

  private int[] order(Rng rng) {
    if (options.shuffle()) {
      return rng.split(ORDER).permutation(set.size());
    }
    int[] order = new int[set.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    return order;
  }

  /** Whether the epoch has another batch. */
  public synchronized boolean hasNext() {
    return epoch != null && nextToYield < epoch.batches;
  }

  /** The number, within the epoch, of the batch that {@link #next} will yield. */
  public synchronized int position() {
    return nextToYield;
  }

  /**
   * The next batch, valid until the next call. Waits for it if need be.
   *
   * @throws NoSuchElementException if the epoch is over or none was started
   * @throws ImageException if a picture of the batch cannot be decoded
   * @throws CancellationException if this thread is interrupted; its interrupt flag stays set
   */
  public synchronized Batch next() {
    checkOpen();
    if (!hasNext()) {
      throw new NoSuchElementException("the epoch is over; start one by startEpoch");
    }
    recycleLent();
    while (!ready.containsKey(nextToYield)) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        CancellationException cancelled =
            new CancellationException("interrupted while waiting for a batch");
        cancelled.initCause(e);
        throw cancelled;
      }
      checkOpen();
    }
    Result result = ready.get(nextToYield);
    if (result.failure != null) {
      throw result.failure;
    }
    ready.remove(nextToYield);
    nextToYield++;
    Batch next = Objects.requireNonNull(result.batch);
    lent = next;
    return next;
  }

  /** Number of pictures in a batch; a last one may have fewer. */
  public int batchSize() {
    return Math.min(options.batchSize(), set.size());
  }

  private void recycleLent() {
    if (lent != null) {
      recycle(lent);
      lent = null;
    }
  }

  private void recycle(@Nullable Batch batch) {
    // A smaller last batch is made for its occasion and not kept.
    if (batch != null && batch.size() == batchSize()) {
      free.add(batch);
      notifyAll();
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the loader is closed");
    }
  }

  private void work() {
    try {
      for (Job job = take(); job != null; job = take()) {
        deliver(job, fill(job));
      }
    } catch (InterruptedException e) {
      // Only close interrupts; there is nothing left to do, and a batch half filled is not wanted.
    }
  }

  /** Waits for a batch to fill; there is none when the loader is closed. */
  private synchronized @Nullable Job take() throws InterruptedException {
    while (!closed && (epoch == null || nextToFill >= epoch.batches || free.isEmpty())) {
      wait();
    }
    if (closed) {
      return null;
    }
    // Number and buffer are taken together, so the next batch to yield never lacks a buffer.
    int number = nextToFill++;
    int size = Math.min(options.batchSize(), set.size() - number * options.batchSize());
    Batch buffer = size == batchSize() ? free.remove() : null;
    return new Job(Objects.requireNonNull(epoch), number, size, buffer);
  }

  private synchronized void deliver(Job job, Result result) {
    if (job.epoch == epoch) {
      ready.put(job.number, result);
      notifyAll();
    } else {
      recycle(result.batch);
    }
  }

  private Result fill(Job job) {
    Batch batch = job.buffer;
    String name = "batch " + job.number;
    try {
      if (batch == null) {
        batch = new Batch(set, job.size, side);
      }
      for (int i = 0; i < job.size && !Thread.currentThread().isInterrupted(); i++) {
        int index = job.epoch.order[job.number * options.batchSize() + i];
        name = set.name(index);
        load(index, job.epoch.rng.split(index), batch, i);
      }
      return new Result(batch, null);
    } catch (ImageException e) {
      return new Result(batch, e);
    } catch (RuntimeException | Error e) {
      return new Result(batch, new IllegalStateException("cannot prepare " + name + ": " + e, e));
    }
  }

  private void load(int index, Rng rng, Batch batch, int i) {
    RgbImage image = set.get(index, full -> transformed(full, rng, set.name(index)));
    if (image.width() != side || image.height() != side) {
      throw new IllegalStateException(
          "the transform yields a "
              + image
              + " instead of "
              + side
              + "x"
              + side
              + "; it must end with a crop or resize to that size");
    }
    normalize.apply(image, batch.pixels(), i * side * side * 3);
    batch.indices()[i] = index;
  }

  private RgbImage transformed(RgbImage image, Rng rng, String name) {
    try {
      return transform.apply(image, rng);
    } catch (ImageException e) {
      throw new ImageException(name, String.valueOf(e.getMessage()), e); // it knew no name
    }
  }

  /** Ends the background threads and waits for them. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    workers.forEach(Thread::interrupt);
    boolean interrupted = false;
    for (Thread worker : workers) {
      while (worker.isAlive()) {
        try {
          worker.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
