package dev.thumbnet.engine.backend.cpu.runtime;

import dev.thumbnet.engine.backend.Storage;
import java.util.Arrays;

/**
 * A run of floats on the Java heap: {@code length()} elements of {@code array} from {@code offset}
 * on. A heap array, because the Vector API reaches the machine's peak on it and not on memory
 * segments. The array may be longer than the run; it comes from a {@link BufferPool} and goes back
 * there when the handle is released.
 */
public final class CpuStorage extends Storage {
  public final BufferPool pool;
  public final float[] array;
  public final int offset;

  public CpuStorage(BufferPool pool, float[] array, int offset, int length) {
    super(pool, length);
    this.pool = pool;
    this.array = array;
    this.offset = offset;
  }

  /** Returns a storage of a pool, with undefined contents. */
  public static CpuStorage of(BufferPool pool, int length) {
    return new CpuStorage(pool, pool.take(length), BufferPool.ALIGNED, length);
  }

  /** Returns another storage of this length, with undefined contents. */
  public CpuStorage like() {
    return of(pool, length());
  }

  /** Returns a copy of the first elements that does not come from the pool, for good. */
  public CpuStorage copy(int length) {
    return new CpuStorage(pool, Arrays.copyOfRange(array, offset, offset + length), 0, length);
  }

  /** Gives the array back to the pool, the first time it is called. */
  public void release() {
    if (markReleased()) {
      pool.give(array);
    }
  }
}
