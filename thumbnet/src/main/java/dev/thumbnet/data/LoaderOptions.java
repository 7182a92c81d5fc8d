package dev.thumbnet.data;

/**
 * How a {@link Loader} makes batches.
 *
 * @param batchSize pictures in a batch
 * @param shuffle whether each epoch has its own random order; otherwise it is that of the set
 * @param dropLast whether a last batch that is not full is left out
 * @param seed decides order and augmentation, together with the epoch
 * @param threads background threads that decode and augment; they compete with the training for the
 *     processor, so few
 * @param prefetch how many finished batches may wait
 */
public record LoaderOptions(
    int batchSize, boolean shuffle, boolean dropLast, long seed, int threads, int prefetch) {
  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one that counts something is not positive
   */
  public LoaderOptions {
    if (batchSize < 1 || threads < 1 || prefetch < 1) {
      throw new IllegalArgumentException(
          "batchSize, threads and prefetch must be at least 1, got "
              + batchSize
              + ", "
              + threads
              + ", "
              + prefetch);
    }
  }

  /** For training: shuffled, full batches only, one thread, two batches ahead. */
  public static LoaderOptions training(int batchSize, long seed) {
    return new LoaderOptions(batchSize, true, true, seed, 1, 2);
  }

  /** For evaluation: in order, every picture once, one thread, two batches ahead. */
  public static LoaderOptions evaluation(int batchSize) {
    return new LoaderOptions(batchSize, false, false, 0, 1, 2);
  }

  /** The same with another number of threads. */
  public LoaderOptions withThreads(int count) {
    return new LoaderOptions(batchSize, shuffle, dropLast, seed, count, prefetch);
  }
}
