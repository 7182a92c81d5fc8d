package dev.thumbnet.engine.backend.cpu.vector.tile;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link dev.thumbnet.engine.backend.cpu.kernel.GroupKernels#addGradient} with the sums of a kernel
 * row in registers while a row of results passes by. As in {@link GroupTiles}, in the usual kernels
 * each pixel is loaded once for all elements that it meets. Rows of three elements have two sums
 * for each, of even and of odd results, because three chains of additions would wait for each
 * other.
 */
public final class GroupGradientTiles {
  /** Results of a step of the loops of three elements; those of five take half as many. */
  private static final int WIDTH = 4;

  private static final VectorSpecies<Float> F = Lanes.F;
  private static final int L = F.length();

  private GroupGradientTiles() {}

  public static void addGradient(
      int count,
      int stride,
      int[] rows,
      int elements,
      int elementStep,
      float[] x,
      int xBase,
      float[] dy,
      int dyBase,
      float[] sums) {
    boolean near = elementStep == 1 && stride <= 2 && (elements == 3 || elements == 5);
    int whole = near ? count / WIDTH * WIDTH : 0;
    for (int i = 0; i < rows.length && whole > 0; i++) {
      row(whole, stride, elements, x, xBase + rows[i], dy, dyBase, sums, i * elements * L);
    }
    int to = 0;
    for (int row : rows) {
      int p = xBase + row + whole * stride * L;
      for (int s = 0; s < elements && whole < count; s++) {
        element(count - whole, stride, x, p, dy, dyBase + whole * L, sums, to + s * L);
        p += elementStep * L;
      }
      to += elements * L;
    }
  }

  private static void row(
      int count,
      int stride,
      int elements,
      float[] x,
      int xBase,
      float[] dy,
      int dyBase,
      float[] sums,
      int to) {
    if (elements == 3 && stride == 1) {
      row3(count, x, xBase, dy, dyBase, sums, to);
    } else if (elements == 3) {
      row3Strided(count, x, xBase, dy, dyBase, sums, to);
    } else if (stride == 1) {
      row5(count, x, xBase, dy, dyBase, sums, to);
    } else {
      row5Strided(count, x, xBase, dy, dyBase, sums, to);
    }
  }

  /** 3 elements of a row, neighbouring pixels. */
  private static void row3(
      int count, float[] x, int xBase, float[] dy, int dyBase, float[] sums, int to) {
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = FloatVector.zero(F);
    FloatVector s2 = FloatVector.zero(F);
    FloatVector t0 = FloatVector.zero(F);
    FloatVector t1 = FloatVector.zero(F);
    FloatVector t2 = FloatVector.zero(F);
    int p = xBase;
    int q = dyBase;
    for (int m = 0; m < count; m += 4) {
      FloatVector d0 = load(dy, q);
      FloatVector d1 = load(dy, q + L);
      FloatVector d2 = load(dy, q + 2 * L);
      FloatVector d3 = load(dy, q + 3 * L);
      FloatVector v = load(x, p);
      s0 = v.fma(d0, s0);
      v = load(x, p + L);
      s1 = v.fma(d0, s1);
      t0 = v.fma(d1, t0);
      v = load(x, p + 2 * L);
      s2 = v.fma(d0, s2);
      t1 = v.fma(d1, t1);
      s0 = v.fma(d2, s0);
      v = load(x, p + 3 * L);
      t2 = v.fma(d1, t2);
      s1 = v.fma(d2, s1);
      t0 = v.fma(d3, t0);
      v = load(x, p + 4 * L);
      s2 = v.fma(d2, s2);
      t1 = v.fma(d3, t1);
      v = load(x, p + 5 * L);
      t2 = v.fma(d3, t2);
      p += 4 * L;
      q += 4 * L;
    }
    add(sums, to, s0.add(t0));
    add(sums, to + L, s1.add(t1));
    add(sums, to + 2 * L, s2.add(t2));
  }

  /** 3 elements of a row, every second pixel. */
  private static void row3Strided(
      int count, float[] x, int xBase, float[] dy, int dyBase, float[] sums, int to) {
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = FloatVector.zero(F);
    FloatVector s2 = FloatVector.zero(F);
    FloatVector t0 = FloatVector.zero(F);
    FloatVector t1 = FloatVector.zero(F);
    FloatVector t2 = FloatVector.zero(F);
    int p = xBase;
    int q = dyBase;
    for (int m = 0; m < count; m += 4) {
      FloatVector d0 = load(dy, q);
      FloatVector d1 = load(dy, q + L);
      FloatVector d2 = load(dy, q + 2 * L);
      FloatVector d3 = load(dy, q + 3 * L);
      FloatVector v = load(x, p);
      s0 = v.fma(d0, s0);
      v = load(x, p + L);
      s1 = v.fma(d0, s1);
      v = load(x, p + 2 * L);
      s2 = v.fma(d0, s2);
      t0 = v.fma(d1, t0);
      v = load(x, p + 3 * L);
      t1 = v.fma(d1, t1);
      v = load(x, p + 4 * L);
      t2 = v.fma(d1, t2);
      s0 = v.fma(d2, s0);
      v = load(x, p + 5 * L);
      s1 = v.fma(d2, s1);
      v = load(x, p + 6 * L);
      s2 = v.fma(d2, s2);
      t0 = v.fma(d3, t0);
      v = load(x, p + 7 * L);
      t1 = v.fma(d3, t1);
      v = load(x, p + 8 * L);
      t2 = v.fma(d3, t2);
      p += 8 * L;
      q += 4 * L;
    }
    add(sums, to, s0.add(t0));
    add(sums, to + L, s1.add(t1));
    add(sums, to + 2 * L, s2.add(t2));
  }

  /** 5 elements of a row, neighbouring pixels. */
  private static void row5(
      int count, float[] x, int xBase, float[] dy, int dyBase, float[] sums, int to) {
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = FloatVector.zero(F);
    FloatVector s2 = FloatVector.zero(F);
    FloatVector s3 = FloatVector.zero(F);
    FloatVector s4 = FloatVector.zero(F);
    int p = xBase;
    int q = dyBase;
    for (int m = 0; m < count; m += 2) {
      FloatVector d0 = load(dy, q);
      FloatVector d1 = load(dy, q + L);
      FloatVector v = load(x, p);
      s0 = v.fma(d0, s0);
      v = load(x, p + L);
      s1 = v.fma(d0, s1);
      s0 = v.fma(d1, s0);
      v = load(x, p + 2 * L);
      s2 = v.fma(d0, s2);
      s1 = v.fma(d1, s1);
      v = load(x, p + 3 * L);
      s3 = v.fma(d0, s3);
      s2 = v.fma(d1, s2);
      v = load(x, p + 4 * L);
      s4 = v.fma(d0, s4);
      s3 = v.fma(d1, s3);
      v = load(x, p + 5 * L);
      s4 = v.fma(d1, s4);
      p += 2 * L;
      q += 2 * L;
    }
    add(sums, to, s0);
    add(sums, to + L, s1);
    add(sums, to + 2 * L, s2);
    add(sums, to + 3 * L, s3);
    add(sums, to + 4 * L, s4);
  }

  /** 5 elements of a row, every second pixel. */
  private static void row5Strided(
      int count, float[] x, int xBase, float[] dy, int dyBase, float[] sums, int to) {
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = FloatVector.zero(F);
    FloatVector s2 = FloatVector.zero(F);
    FloatVector s3 = FloatVector.zero(F);
    FloatVector s4 = FloatVector.zero(F);
    int p = xBase;
    int q = dyBase;
    for (int m = 0; m < count; m += 2) {
      FloatVector d0 = load(dy, q);
      FloatVector d1 = load(dy, q + L);
      FloatVector v = load(x, p);
      s0 = v.fma(d0, s0);
      v = load(x, p + L);
      s1 = v.fma(d0, s1);
      v = load(x, p + 2 * L);
      s2 = v.fma(d0, s2);
      s0 = v.fma(d1, s0);
      v = load(x, p + 3 * L);
      s3 = v.fma(d0, s3);
      s1 = v.fma(d1, s1);
      v = load(x, p + 4 * L);
      s4 = v.fma(d0, s4);
      s2 = v.fma(d1, s2);
      v = load(x, p + 5 * L);
      s3 = v.fma(d1, s3);
      v = load(x, p + 6 * L);
      s4 = v.fma(d1, s4);
      p += 4 * L;
      q += 2 * L;
    }
    add(sums, to, s0);
    add(sums, to + L, s1);
    add(sums, to + 2 * L, s2);
    add(sums, to + 3 * L, s3);
    add(sums, to + 4 * L, s4);
  }

  /** One element. */
  private static void element(
      int count, int stride, float[] x, int xBase, float[] dy, int dyBase, float[] sums, int to) {
    FloatVector sum = FloatVector.zero(F);
    int p = xBase;
    int q = dyBase;
    for (int m = 0; m < count; m++) {
      sum = load(x, p).fma(load(dy, q), sum);
      p += stride * L;
      q += L;
    }
    add(sums, to, sum);
  }

  private static void add(float[] sums, int at, FloatVector v) {
    load(sums, at).add(v).intoArray(sums, at);
  }

  private static FloatVector load(float[] array, int at) {
    return FloatVector.fromArray(F, array, at);
  }
}
