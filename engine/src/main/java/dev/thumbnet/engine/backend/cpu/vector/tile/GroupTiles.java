package dev.thumbnet.engine.backend.cpu.vector.tile;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link dev.thumbnet.engine.backend.cpu.kernel.GroupKernels} by tiles of four results. In the
 * usual kernels, with three or five elements in a row and a stride of one or two, each pixel of a
 * row is loaded once for all results that see it: nine loads for twelve multiply-adds, where one at
 * a time would need 24. Four sums, a row of weights and a pixel are at most ten vectors, which any
 * machine has registers for.
 */
public final class GroupTiles {
  /** Results of a tile. */
  private static final int WIDTH = 4;

  private static final VectorSpecies<Float> F = Lanes.F;
  private static final int L = F.length();

  /** For groups of 2, 4, 8 and so on channels below a vector, and each member of a group. */
  private static final VectorShuffle<Float>[][] SPREAD = shuffles();

  private GroupTiles() {}

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static VectorShuffle<Float>[][] shuffles() {
    VectorShuffle[][] all = new VectorShuffle[Integer.numberOfTrailingZeros(L)][];
    for (int i = 1; i < all.length; i++) {
      int size = 1 << i;
      all[i] = new VectorShuffle[size];
      for (int m = 0; m < size; m++) {
        int member = m;
        all[i][m] = VectorShuffle.fromOp(F, lane -> lane / size * size + member);
      }
    }
    return all;
  }

  public static void copy(
      int count, int valid, float[] x, int xBase, int xStep, float[] to, int toBase) {
    int p = xBase;
    int q = toBase;
    if (valid == L) {
      for (int m = 0; m < count; m++) {
        load(x, p).intoArray(to, q);
        p += xStep;
        q += L;
      }
      return;
    }
    VectorMask<Float> lanes = F.indexInRange(0, valid);
    for (int m = 0; m < count; m++) {
      FloatVector.fromArray(F, x, p, lanes).intoArray(to, q);
      p += xStep;
      q += L;
    }
  }

  public static void spread(
      int count,
      int valid,
      int size,
      int member,
      float[] x,
      int xBase,
      int xStep,
      float[] to,
      int toBase) {
    VectorShuffle<Float> shuffle = SPREAD[Integer.numberOfTrailingZeros(size)][member];
    VectorMask<Float> lanes = F.indexInRange(0, valid);
    int p = xBase;
    int q = toBase;
    for (int m = 0; m < count; m++) {
      FloatVector.fromArray(F, x, p, lanes).rearrange(shuffle).intoArray(to, q);
      p += xStep;
      q += L;
    }
  }

  /** The last tile may compute results again that were written before, with the same bits. */
  public static void multiply(
      int count,
      int stride,
      int[] rows,
      int elements,
      int elementStep,
      float[] x,
      int xBase,
      float[] w,
      int wBase,
      float[] y,
      int yBase,
      int yStep) {
    boolean near = elementStep == 1 && stride <= 2;
    if (count < WIDTH) {
      for (int m = 0; m < count; m++) {
        int p = xBase + m * stride * L;
        single(rows, elements, elementStep, x, p, w, wBase, y, yBase + m * yStep);
      }
    } else if (near && elements == 3 && stride == 1) {
      for (int m = 0; m < count; m += WIDTH) {
        int at = Math.min(m, count - WIDTH);
        tile3(rows, x, xBase + at * stride * L, w, wBase, y, yBase + at * yStep, yStep);
      }
    } else if (near && elements == 3) {
      for (int m = 0; m < count; m += WIDTH) {
        int at = Math.min(m, count - WIDTH);
        tile3Strided(rows, x, xBase + at * stride * L, w, wBase, y, yBase + at * yStep, yStep);
      }
    } else if (near && elements == 5 && stride == 1) {
      for (int m = 0; m < count; m += WIDTH) {
        int at = Math.min(m, count - WIDTH);
        tile5(rows, x, xBase + at * stride * L, w, wBase, y, yBase + at * yStep, yStep);
      }
    } else if (near && elements == 5) {
      for (int m = 0; m < count; m += WIDTH) {
        int at = Math.min(m, count - WIDTH);
        tile5Strided(rows, x, xBase + at * stride * L, w, wBase, y, yBase + at * yStep, yStep);
      }
    } else {
      for (int m = 0; m < count; m += WIDTH) {
        int at = Math.min(m, count - WIDTH);
        int p = xBase + at * stride * L;
        any(stride, rows, elements, elementStep, x, p, w, wBase, y, yBase + at * yStep, yStep);
      }
    }
  }

  /** Kernel rows of 3 elements; neighbouring results read neighbouring pixels. */
  private static void tile3(
      int[] rows, float[] x, int xBase, float[] w, int wBase, float[] y, int yBase, int yStep) {
    FloatVector s0 = load(w, wBase);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int q = wBase + L;
    for (int row : rows) {
      int p = xBase + row;
      FloatVector w0 = load(w, q);
      FloatVector w1 = load(w, q + L);
      FloatVector w2 = load(w, q + 2 * L);
      FloatVector v = load(x, p);
      s0 = v.fma(w0, s0);
      v = load(x, p + L);
      s0 = v.fma(w1, s0);
      s1 = v.fma(w0, s1);
      v = load(x, p + 2 * L);
      s0 = v.fma(w2, s0);
      s1 = v.fma(w1, s1);
      s2 = v.fma(w0, s2);
      v = load(x, p + 3 * L);
      s1 = v.fma(w2, s1);
      s2 = v.fma(w1, s2);
      s3 = v.fma(w0, s3);
      v = load(x, p + 4 * L);
      s2 = v.fma(w2, s2);
      s3 = v.fma(w1, s3);
      v = load(x, p + 5 * L);
      s3 = v.fma(w2, s3);
      q += 3 * L;
    }
    s0.intoArray(y, yBase);
    s1.intoArray(y, yBase + yStep);
    s2.intoArray(y, yBase + 2 * yStep);
    s3.intoArray(y, yBase + 3 * yStep);
  }

  /** Kernel rows of 3 elements; results read every second pixel. */
  private static void tile3Strided(
      int[] rows, float[] x, int xBase, float[] w, int wBase, float[] y, int yBase, int yStep) {
    FloatVector s0 = load(w, wBase);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int q = wBase + L;
    for (int row : rows) {
      int p = xBase + row;
      FloatVector w0 = load(w, q);
      FloatVector w1 = load(w, q + L);
      FloatVector w2 = load(w, q + 2 * L);
      FloatVector v = load(x, p);
      s0 = v.fma(w0, s0);
      v = load(x, p + L);
      s0 = v.fma(w1, s0);
      v = load(x, p + 2 * L);
      s0 = v.fma(w2, s0);
      s1 = v.fma(w0, s1);
      v = load(x, p + 3 * L);
      s1 = v.fma(w1, s1);
      v = load(x, p + 4 * L);
      s1 = v.fma(w2, s1);
      s2 = v.fma(w0, s2);
      v = load(x, p + 5 * L);
      s2 = v.fma(w1, s2);
      v = load(x, p + 6 * L);
      s2 = v.fma(w2, s2);
      s3 = v.fma(w0, s3);
      v = load(x, p + 7 * L);
      s3 = v.fma(w1, s3);
      v = load(x, p + 8 * L);
      s3 = v.fma(w2, s3);
      q += 3 * L;
    }
    s0.intoArray(y, yBase);
    s1.intoArray(y, yBase + yStep);
    s2.intoArray(y, yBase + 2 * yStep);
    s3.intoArray(y, yBase + 3 * yStep);
  }

  /** Kernel rows of 5 elements; neighbouring results read neighbouring pixels. */
  private static void tile5(
      int[] rows, float[] x, int xBase, float[] w, int wBase, float[] y, int yBase, int yStep) {
    FloatVector s0 = load(w, wBase);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int q = wBase + L;
    for (int row : rows) {
      int p = xBase + row;
      FloatVector w0 = load(w, q);
      FloatVector w1 = load(w, q + L);
      FloatVector w2 = load(w, q + 2 * L);
      FloatVector w3 = load(w, q + 3 * L);
      FloatVector w4 = load(w, q + 4 * L);
      FloatVector v = load(x, p);
      s0 = v.fma(w0, s0);
      v = load(x, p + L);
      s0 = v.fma(w1, s0);
      s1 = v.fma(w0, s1);
      v = load(x, p + 2 * L);
      s0 = v.fma(w2, s0);
      s1 = v.fma(w1, s1);
      s2 = v.fma(w0, s2);
      v = load(x, p + 3 * L);
      s0 = v.fma(w3, s0);
      s1 = v.fma(w2, s1);
      s2 = v.fma(w1, s2);
      s3 = v.fma(w0, s3);
      v = load(x, p + 4 * L);
      s0 = v.fma(w4, s0);
      s1 = v.fma(w3, s1);
      s2 = v.fma(w2, s2);
      s3 = v.fma(w1, s3);
      v = load(x, p + 5 * L);
      s1 = v.fma(w4, s1);
      s2 = v.fma(w3, s2);
      s3 = v.fma(w2, s3);
      v = load(x, p + 6 * L);
      s2 = v.fma(w4, s2);
      s3 = v.fma(w3, s3);
      v = load(x, p + 7 * L);
      s3 = v.fma(w4, s3);
      q += 5 * L;
    }
    s0.intoArray(y, yBase);
    s1.intoArray(y, yBase + yStep);
    s2.intoArray(y, yBase + 2 * yStep);
    s3.intoArray(y, yBase + 3 * yStep);
  }

  /** Kernel rows of 5 elements; results read every second pixel. */
  private static void tile5Strided(
      int[] rows, float[] x, int xBase, float[] w, int wBase, float[] y, int yBase, int yStep) {
    FloatVector s0 = load(w, wBase);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int q = wBase + L;
    for (int row : rows) {
      int p = xBase + row;
      FloatVector w0 = load(w, q);
      FloatVector w1 = load(w, q + L);
      FloatVector w2 = load(w, q + 2 * L);
      FloatVector w3 = load(w, q + 3 * L);
      FloatVector w4 = load(w, q + 4 * L);
      FloatVector v = load(x, p);
      s0 = v.fma(w0, s0);
      v = load(x, p + L);
      s0 = v.fma(w1, s0);
      v = load(x, p + 2 * L);
      s0 = v.fma(w2, s0);
      s1 = v.fma(w0, s1);
      v = load(x, p + 3 * L);
      s0 = v.fma(w3, s0);
      s1 = v.fma(w1, s1);
      v = load(x, p + 4 * L);
      s0 = v.fma(w4, s0);
      s1 = v.fma(w2, s1);
      s2 = v.fma(w0, s2);
      v = load(x, p + 5 * L);
      s1 = v.fma(w3, s1);
      s2 = v.fma(w1, s2);
      v = load(x, p + 6 * L);
      s1 = v.fma(w4, s1);
      s2 = v.fma(w2, s2);
      s3 = v.fma(w0, s3);
      v = load(x, p + 7 * L);
      s2 = v.fma(w3, s2);
      s3 = v.fma(w1, s3);
      v = load(x, p + 8 * L);
      s2 = v.fma(w4, s2);
      s3 = v.fma(w2, s3);
      v = load(x, p + 9 * L);
      s3 = v.fma(w3, s3);
      v = load(x, p + 10 * L);
      s3 = v.fma(w4, s3);
      q += 5 * L;
    }
    s0.intoArray(y, yBase);
    s1.intoArray(y, yBase + yStep);
    s2.intoArray(y, yBase + 2 * yStep);
    s3.intoArray(y, yBase + 3 * yStep);
  }

  /** Kernel rows of any length, one element at a time. */
  private static void any(
      int stride,
      int[] rows,
      int elements,
      int elementStep,
      float[] x,
      int xBase,
      float[] w,
      int wBase,
      float[] y,
      int yBase,
      int yStep) {
    FloatVector s0 = load(w, wBase);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int step = stride * L;
    int q = wBase + L;
    for (int row : rows) {
      int p = xBase + row;
      for (int s = 0; s < elements; s++) {
        FloatVector v = load(w, q);
        s0 = load(x, p).fma(v, s0);
        s1 = load(x, p + step).fma(v, s1);
        s2 = load(x, p + 2 * step).fma(v, s2);
        s3 = load(x, p + 3 * step).fma(v, s3);
        p += elementStep * L;
        q += L;
      }
    }
    s0.intoArray(y, yBase);
    s1.intoArray(y, yBase + yStep);
    s2.intoArray(y, yBase + 2 * yStep);
    s3.intoArray(y, yBase + 3 * yStep);
  }

  /** One result. */
  private static void single(
      int[] rows,
      int elements,
      int elementStep,
      float[] x,
      int xBase,
      float[] w,
      int wBase,
      float[] y,
      int yBase) {
    FloatVector sum = load(w, wBase);
    int q = wBase + L;
    for (int row : rows) {
      int p = xBase + row;
      for (int s = 0; s < elements; s++) {
        sum = load(x, p).fma(load(w, q), sum);
        p += elementStep * L;
        q += L;
      }
    }
    sum.intoArray(y, yBase);
  }

  private static FloatVector load(float[] array, int at) {
    return FloatVector.fromArray(F, array, at);
  }
}
