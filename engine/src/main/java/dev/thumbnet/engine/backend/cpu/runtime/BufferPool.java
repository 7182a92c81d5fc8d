package dev.thumbnet.engine.backend.cpu.runtime;

import java.util.ArrayDeque;

/**
 * Arrays for reuse. A fresh {@code float[]} of some megabytes costs up to milliseconds (page
 * faults, zeroing, garbage collection), a used one nothing.
 *
 * <p>Lengths are rounded up to size classes, four per power of two, so at most a quarter of an
 * array is unused. Idle arrays are kept up to a limit of bytes; what comes back beyond it is left
 * to the garbage collector, and so is any array that never comes back. Contents of a taken array
 * are undefined. Any thread may take and give.
 */
public final class BufferPool {
  /**
   * Below this length a new array is as cheap as the pool, and rarely asked for: the shortest that
   * a plan borrows in each call are the sums of one row of a linear layer, 8 or more.
   */
  private static final int SMALLEST_POOLED = 1 << 3;

  /**
   * Where data that is read often should begin in an array; those of the pool have room for it.
   *
   * <p>Arrays have a header of 16 bytes, and G1 puts those of half a region and more at the start
   * of a region. So from here on their vectors of 64 bytes lie within lines of the cache. A vector
   * in two lines is read twice: without this a product of 2048 x 2048 x 2048 takes a sixth longer
   * with 16 lanes, ResNet-18 and VGG-11 a twentieth to a sixth. Smaller arrays lie anywhere, and
   * nothing is lost.
   */
  public static final int ALIGNED = 12;

  private static final int CLASSES_PER_OCTAVE = 4;
  private static final int CLASSES = 32 * CLASSES_PER_OCTAVE;
  private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 64;

  private final long limitBytes;
  private final ArrayDeque<float[]>[] idle = newDeques();
  private long idleBytes;

  /**
   * @param limitBytes how many bytes of idle arrays are kept at most
   */
  public BufferPool(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /** Returns a pool that keeps at most a quarter of the largest heap in idle arrays. */
  public static BufferPool forHeap() {
    return new BufferPool(Runtime.getRuntime().maxMemory() / 4);
  }

  /**
   * Returns an array of at least {@code length} elements, and {@link #ALIGNED} more, with undefined
   * contents.
   */
  public float[] take(int length) {
    if (length < SMALLEST_POOLED) {
      return new float[length + ALIGNED];
    }
    int sizeClass = classOf(length);
    synchronized (this) {
      float[] array = idle[sizeClass].pollLast();
      if (array != null) {
        idleBytes -= bytes(array);
        return array;
      }
    }
    int rounded = lengthOf(sizeClass) + ALIGNED;
    try {
      return new float[rounded];
    } catch (OutOfMemoryError e) {
      clear(); // idle arrays of other classes may hold just what is missing
      return new float[rounded];
    }
  }

  /** Takes an array back; the caller must not touch it any more. */
  public void give(float[] array) {
    if (array.length < SMALLEST_POOLED + ALIGNED) {
      return;
    }
    int sizeClass = classOf(array.length - ALIGNED);
    if (lengthOf(sizeClass) + ALIGNED != array.length) {
      throw new IllegalArgumentException(
          "an array of " + array.length + " elements does not come from this pool");
    }
    synchronized (this) {
      if (idleBytes + bytes(array) <= limitBytes) {
        idleBytes += bytes(array);
        idle[sizeClass].addLast(array);
      }
    }
  }

  /** Forgets all idle arrays. */
  public synchronized void clear() {
    for (ArrayDeque<float[]> deque : idle) {
      deque.clear();
    }
    idleBytes = 0;
  }

  /** Returns how many bytes lie idle. */
  synchronized long idleBytes() {
    return idleBytes;
  }

  private static long bytes(float[] array) {
    return 4L * array.length;
  }

  /** Returns the smallest class whose arrays hold {@code length} elements. */
  static int classOf(int length) {
    int octave = 31 - Integer.numberOfLeadingZeros(length - 1); // 2^octave < length <= 2^(octave+1)
    int step = octave - 2; // a quarter octave is 2^(octave - 2)
    int quarter = (length - 1 - (1 << octave)) >> step; // 0..3
    return octave * CLASSES_PER_OCTAVE + quarter;
  }

  /** Returns the length of the arrays of a class, without the room for {@link #ALIGNED}. */
  static int lengthOf(int sizeClass) {
    int octave = sizeClass / CLASSES_PER_OCTAVE;
    int quarter = sizeClass % CLASSES_PER_OCTAVE;
    long length = (1L << octave) + ((quarter + 1L) << (octave - 2));
    return (int) Math.min(length, LARGEST_ARRAY);
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static ArrayDeque<float[]>[] newDeques() {
    ArrayDeque<float[]>[] deques = new ArrayDeque[CLASSES];
    for (int i = 0; i < CLASSES; i++) {
      deques[i] = new ArrayDeque<>();
    }
    return deques;
  }
}
