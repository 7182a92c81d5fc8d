package dev.thumbnet.engine.backend.cpu.runtime;

import org.jspecify.annotations.Nullable;

/** Copies a long run of floats on several threads; may be used again, which allocates nothing. */
public final class ArrayCopy implements WorkerPool.Task {
  /** Floats that a task copies: 256 KB. */
  private static final int PIECE = 64 * 1024;

  private float @Nullable [] source;
  private int from;
  private float @Nullable [] target;
  private int to;
  private int length;

  public void run(
      float[] source, int from, float[] target, int to, int length, WorkerPool workers) {
    this.source = source;
    this.from = from;
    this.target = target;
    this.to = to;
    this.length = length;
    workers.run(Math.ceilDiv(length, PIECE), this);
    this.source = null; // or the application's array would live as long as this
    this.target = null;
  }

  @Override
  public void run(int index) {
    int first = index * PIECE;
    System.arraycopy(source, from + first, target, to + first, Math.min(PIECE, length - first));
  }
}
