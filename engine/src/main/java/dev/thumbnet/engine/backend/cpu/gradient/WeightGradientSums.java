package dev.thumbnet.engine.backend.cpu.gradient;

import dev.thumbnet.engine.backend.cpu.runtime.BufferPool;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.cpu.runtime.WorkerPool;
import org.jspecify.annotations.Nullable;

/**
 * Where the tasks of a weight gradient put their results. If there are enough tasks anyway, each
 * owns a piece of the gradient and writes it there. Otherwise the pixels are cut into {@code
 * splits} parts, each with a copy of the whole gradient, and the copies are added in order at the
 * end. The cut depends on the problem only, so the bits do not depend on the number of threads.
 */
final class WeightGradientSums implements AutoCloseable {
  /** So many tasks give any usual number of threads an even share. */
  private static final int ENOUGH_TASKS = 32;

  /** Elements that one task adds up. */
  private static final int BLOCK = 4096;

  final int splits;
  private final int items;
  private final int size;
  private final CpuStorage target;
  private final float @Nullable [] copies;
  private final BufferPool buffers;

  /**
   * @param tasks number of tasks without a cut
   * @param items number of pieces of the sum over pixels that can be cut apart
   */
  WeightGradientSums(int tasks, int items, int size, CpuStorage target, BufferPool buffers) {
    this.splits = Math.min(items, Math.ceilDiv(ENOUGH_TASKS, tasks));
    this.items = items;
    this.size = size;
    this.target = target;
    this.buffers = buffers;
    copies = splits == 1 ? null : buffers.take(Math.multiplyExact(splits, size));
  }

  /** Returns the first item of a split; that of split number {@code splits} is the end. */
  int firstItem(int split) {
    return (int) ((long) items * split / splits);
  }

  float[] array() {
    return copies == null ? target.array : copies;
  }

  int base(int split) {
    return splits == 1 ? target.offset : split * size;
  }

  /** Adds the copies, if there are any. */
  void finish(WorkerPool workers) {
    float[] from = copies;
    if (from == null) {
      return;
    }
    workers.run(
        Math.ceilDiv(size, BLOCK),
        i -> {
          int begin = i * BLOCK;
          int count = Math.min(BLOCK, size - begin);
          System.arraycopy(from, begin, target.array, target.offset + begin, count);
          for (int split = 1; split < splits; split++) {
            add(count, from, split * size + begin, target.array, target.offset + begin);
          }
        });
  }

  private static void add(int count, float[] from, int fromBase, float[] to, int toBase) {
    for (int i = 0; i < count; i++) {
      to[toBase + i] += from[fromBase + i];
    }
  }

  /** Gives the memory back. */
  @Override
  public void close() {
    if (copies != null) {
      buffers.give(copies);
    }
  }
}
