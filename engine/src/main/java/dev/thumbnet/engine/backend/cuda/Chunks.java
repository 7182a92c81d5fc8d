package dev.thumbnet.engine.backend.cuda;

import dev.thumbnet.engine.backend.problem.AxisProblem;

/**
 * How a reduction over the middle axis is shared out among blocks of threads. A block takes a
 * number of neighbouring columns, one for each of {@code lanes} threads, and a chunk of their rows.
 * The partial sums of the chunks are added up afterwards. All of it follows from the shape, not
 * from the device, so that sums have the same order everywhere.
 *
 * @param lanes columns of a block, a power of two up to 32
 * @param rows rows of a chunk; the last one may have fewer
 * @param count number of chunks
 * @param blocks number of blocks of {@link #THREADS} threads
 */
record Chunks(int lanes, int rows, int count, int blocks) {
  /** Threads of a block. */
  static final int THREADS = 256;

  private static final int MOST_LANES = 32;

  /** Blocks that are wanted: some for each multiprocessor of a large device. */
  private static final int WANTED_BLOCKS = 1024;

  /** Rows that a thread takes at least, lest partial sums cost more than they bring. */
  private static final int ROWS_OF_THREAD = 16;

  /** Shares out a reduction. */
  static Chunks of(AxisProblem p) {
    int lanes = lanes(p.inner());
    int tiles = p.outer() * Math.ceilDiv(p.inner(), lanes);
    int most = p.repeat() / (THREADS / lanes * ROWS_OF_THREAD);
    int wanted = Math.clamp(WANTED_BLOCKS / tiles, 1, Math.max(1, most));
    int rows = Math.ceilDiv(p.repeat(), wanted);
    int count = Math.ceilDiv(p.repeat(), rows);
    return new Chunks(lanes, rows, count, tiles * count);
  }

  /** Keeps all rows of a column in one chunk. */
  static Chunks whole(AxisProblem p) {
    int lanes = lanes(p.inner());
    return new Chunks(lanes, p.repeat(), 1, p.outer() * Math.ceilDiv(p.inner(), lanes));
  }

  private static int lanes(int inner) {
    return inner == 1 ? 1 : Math.min(MOST_LANES, 2 * Integer.highestOneBit(inner - 1));
  }
}
