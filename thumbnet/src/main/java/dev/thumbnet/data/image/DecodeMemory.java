package dev.thumbnet.data.image;

import java.util.concurrent.CancellationException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Memory that all decoding of a process shares. Whoever needs some takes it before it allocates
 * anything, and waits in line while others hold too much; who needs more than there is gets an
 * error at once. Thread-safe.
 *
 * <p>There are two such pools, for encoded files and for pictures. A thread takes of the first and
 * then of the second, never the other way round, so no two wait for each other.
 */
final class DecodeMemory {
  /** Sets the pool of pictures to a number of megabytes, and that of files to a quarter. */
  static final String PROPERTY = "thumbnet.decode.megabytes";

  private static final long MEGABYTE = 1 << 20;
  private static final long HEAP = Runtime.getRuntime().maxMemory();
  private static final long TOTAL =
      Math.max(1, Long.getLong(PROPERTY, HEAP / 2 / MEGABYTE)) * MEGABYTE;

  /** Files are much smaller than what they become. */
  private static final int FILES_SHARE = 4;

  /** Files on their way from a disk or a stream. */
  static final DecodeMemory FILES = new DecodeMemory("files", TOTAL / FILES_SHARE);

  /** Readers' buffers and decoded pictures. */
  static final DecodeMemory PICTURES = new DecodeMemory("pictures", TOTAL);

  /** A semaphore counts to two thousand million only. */
  private static final int UNIT = 1024;

  private final String holders;
  private final long bytes;
  private final Semaphore units;

  /**
   * Makes a pool.
   *
   * @param holders for messages: what is in memory
   */
  DecodeMemory(String holders, long bytes) {
    this.holders = holders;
    this.bytes = bytes;
    this.units = new Semaphore(units(bytes), true);
  }

  private static int units(long bytes) {
    return (int) Math.min(Integer.MAX_VALUE, Math.ceilDiv(bytes, UNIT));
  }

  /** Memory that was taken. */
  final class Lease implements AutoCloseable {
    private final int held;

    private Lease(int held) {
      this.held = held;
    }

    /** Gives it back. */
    @Override
    public void close() {
      units.release(held);
    }
  }

  /**
   * Takes memory, and waits for it if others hold it.
   *
   * @param what for messages: what needs it
   * @throws ImageException if there will never be so much, or not within the picture's time
   * @throws CancellationException if the thread is interrupted, which it stays
   */
  Lease take(long needed, String what, DecodeWatch watch) {
    checkFits(needed, what, watch);
    try {
      if (units.tryAcquire(units(needed), Math.max(0, watch.left()), TimeUnit.NANOSECONDS)) {
        return new Lease(units(needed));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      watch.check();
    }
    throw watch.timeout("had no memory, which other pictures hold, within");
  }

  /** Takes memory if nobody has to be waited for. */
  @Nullable Lease tryTake(long needed) {
    return units.tryAcquire(units(needed)) ? new Lease(units(needed)) : null;
  }

  /**
   * Checks that so much could ever be taken.
   *
   * @throws ImageException if not
   */
  void checkFits(long needed, String what, DecodeWatch watch) {
    if (needed > bytes) {
      throw new ImageException(
          watch.name(),
          what
              + " may need "
              + Math.ceilDiv(needed, 1_000_000)
              + " MB to decode, more than the "
              + bytes / 1_000_000
              + " MB that all "
              + holders
              + " together may take in this JVM's heap of "
              + HEAP / 1_000_000
              + " MB; raise -Xmx or -D"
              + PROPERTY);
    }
  }
}
