package dev.thumbnet.engine.backend.cpu.gradient;

import dev.thumbnet.engine.backend.cpu.runtime.BufferPool;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.cpu.runtime.WorkerPool;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;

/**
 * How the sum over all pixels of a batch walks through x and dy: for each of {@code pictures}, over
 * lines, and within a line over steps of constant distance in both arrays.
 *
 * <p><b>Natural</b> order takes the arrays as they are. <b>Batched</b> order is for small maps,
 * whose lines are too short for a fast inner loop: both arrays are copied so that the pixels at one
 * place of all pictures are neighbours, (row, column, picture, channel); then the batch is one
 * picture with lines as many times as long. Columns of x are sorted by their remainder modulo the
 * stride there, so that the columns which a line of dy meets are neighbours too.
 */
record PixelWalk(
    int pictures,
    int repeat,
    int phases,
    float[] x,
    int xBase,
    int xPicture,
    int xRow,
    int xPhase,
    int xCol,
    int xStep,
    float[] dy,
    int dyBase,
    int dyPicture,
    int dyRow,
    int dyCol) {

  static PixelWalk natural(Conv2dProblem p, float[] x, int xBase, float[] dy, int dyBase) {
    return new PixelWalk(
        p.n(),
        1,
        p.strideW(),
        x,
        xBase,
        p.h() * p.w() * p.c(),
        p.w() * p.c(),
        p.c(),
        p.strideW() * p.c(),
        p.strideW() * p.c(),
        dy,
        dyBase,
        p.outH() * p.outW() * p.k(),
        p.outW() * p.k(),
        p.k());
  }

  /**
   * Copies x and dy into batched order.
   *
   * @param slack number of floats that may be read behind the end of dy
   */
  static PixelWalk batched(
      Conv2dProblem p,
      CpuStorage x,
      CpuStorage dy,
      int slack,
      BufferPool buffers,
      WorkerPool workers) {
    int n = p.n();
    int phases = p.strideW();
    int columns = Math.ceilDiv(p.w(), phases);
    float[] newX = buffers.take(Math.toIntExact((long) p.h() * phases * columns * n * p.c()));
    float[] newDy = buffers.take(Math.toIntExact((long) p.outputSize() + slack));
    workers.run(
        p.h(),
        row -> {
          for (int col = 0; col < p.w(); col++) {
            int place = (row * phases + col % phases) * columns + col / phases;
            int pixel = row * p.w() + col;
            gather(x, pixel, p.h() * p.w(), p.c(), newX, place * n * p.c(), n);
          }
        });
    workers.run(
        p.outH(),
        row -> {
          for (int col = 0; col < p.outW(); col++) {
            int pixel = row * p.outW() + col;
            gather(dy, pixel, p.outH() * p.outW(), p.k(), newDy, pixel * n * p.k(), n);
          }
        });
    return new PixelWalk(
        1,
        n,
        phases,
        newX,
        0,
        0,
        phases * columns * n * p.c(),
        columns * n * p.c(),
        n * p.c(),
        p.c(),
        newDy,
        0,
        0,
        p.outW() * n * p.k(),
        n * p.k());
  }

  private static void gather(
      CpuStorage from, int pixel, int pixels, int channels, float[] to, int toBase, int n) {
    for (int picture = 0; picture < n; picture++) {
      System.arraycopy(
          from.array,
          from.offset + (picture * pixels + pixel) * channels,
          to,
          toBase + picture * channels,
          channels);
    }
  }

  /** Returns where channel 0 of the first pixel at (row, col) of x lies. */
  int xAt(int picture, int row, int col) {
    return xBase + picture * xPicture + row * xRow + col % phases * xPhase + col / phases * xCol;
  }
}
