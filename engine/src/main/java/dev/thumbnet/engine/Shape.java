package dev.thumbnet.engine;

import java.util.Arrays;

/**
 * The extents of a tensor, outermost first. Images are (n, h, w, c). Immutable. The empty shape is
 * a scalar's.
 */
public final class Shape {
  private final int[] dims;
  private final int size;

  private Shape(int[] dims) {
    long product = 1;
    for (int d : dims) {
      if (d < 0) {
        throw new IllegalArgumentException("negative extent in shape " + Arrays.toString(dims));
      }
      product *= d;
      if (product > Integer.MAX_VALUE - 64) {
        throw new IllegalArgumentException(
            "shape " + Arrays.toString(dims) + " has too many elements for one array");
      }
    }
    this.dims = dims;
    this.size = (int) product;
  }

  /**
   * Returns a shape.
   *
   * @param dims extents, outermost first, none negative
   */
  public static Shape of(int... dims) {
    return new Shape(dims.clone());
  }

  /** Returns the number of axes. */
  public int rank() {
    return dims.length;
  }

  /** Returns the extent of an axis; negative numbers count from the end. */
  public int dim(int axis) {
    return dims[axis(axis)];
  }

  /** Returns the axis as a number from 0; negative numbers count from the end. */
  public int axis(int axis) {
    int a = axis < 0 ? axis + dims.length : axis;
    if (a < 0 || a >= dims.length) {
      throw new IllegalArgumentException("shape " + this + " has no axis " + axis);
    }
    return a;
  }

  /** Returns the number of elements, 1 for a scalar. */
  public int size() {
    return size;
  }

  /**
   * Returns the product of the extents of the axes from {@code from} up to, not with, {@code to}.
   */
  public int size(int from, int to) {
    int product = 1;
    for (int i = from; i < to; i++) {
      product *= dims[i];
    }
    return product;
  }

  /** Returns a copy of the extents. */
  public int[] toArray() {
    return dims.clone();
  }

  /** Returns a shape with one extent replaced. */
  public Shape with(int axis, int extent) {
    int[] changed = dims.clone();
    changed[axis(axis)] = extent;
    return new Shape(changed);
  }

  /**
   * Returns the shape with axes of extent 1 put in front, as broadcasting does.
   *
   * @param rank number of axes, at least as many as there are
   */
  public Shape aligned(int rank) {
    int lead = rank - dims.length;
    if (lead < 0) {
      throw new IllegalArgumentException("shape " + this + " has more than " + rank + " axes");
    }
    int[] aligned = new int[rank];
    Arrays.fill(aligned, 0, lead, 1);
    System.arraycopy(dims, 0, aligned, lead, dims.length);
    return new Shape(aligned);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape s && Arrays.equals(dims, s.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("(");
    for (int i = 0; i < dims.length; i++) {
      text.append(i == 0 ? "" : ", ").append(dims[i]);
    }
    return text.append(')').toString();
  }
}
