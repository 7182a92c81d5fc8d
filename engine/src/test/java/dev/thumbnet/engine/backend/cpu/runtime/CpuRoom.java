package dev.thumbnet.engine.backend.cpu.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;

/**
 * Storages for tests: as tight as they can be, and not at the array's start, so that an access
 * outside of them fails or shows.
 */
public final class CpuRoom {
  private static final int OFFSET = 5;

  private CpuRoom() {}

  /** Returns a storage with these values. */
  public static CpuStorage put(BufferPool buffers, double[] values) {
    CpuStorage storage = room(buffers, values.length);
    for (int i = 0; i < values.length; i++) {
      storage.array[OFFSET + i] = (float) values[i];
    }
    return storage;
  }

  /** Returns a storage full of NaN, so that a gap shows. */
  public static CpuStorage room(BufferPool buffers, int length) {
    float[] array = new float[OFFSET + length];
    Arrays.fill(array, Float.NaN);
    Arrays.fill(array, 0, OFFSET, -1f);
    return new CpuStorage(buffers, array, OFFSET, length);
  }

  /** Returns what a storage made by {@link #room} holds. */
  public static double[] values(CpuStorage storage) {
    double[] values = new double[storage.length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = storage.array[OFFSET + i];
    }
    return values;
  }

  /** Fails if something was written before the begin of a storage made by {@link #room}. */
  public static void assertNothingBefore(String what, CpuStorage storage) {
    for (int i = 0; i < OFFSET; i++) {
      assertThat(storage.array[i]).as(what + ", before the begin").isEqualTo(-1f);
    }
  }
}
