package dev.thumbnet.engine.backend;

import dev.thumbnet.engine.backend.problem.PoolProblem;
import org.jspecify.annotations.Nullable;

/**
 * The checks of a backend's arguments that {@link Primitives} promises, with an {@link
 * IllegalArgumentException} that names the method, the argument and what is wrong with it.
 *
 * @param <S> the storages of the backend
 */
final class Arguments<S extends Storage> {
  private final Object owner;

  /**
   * @param owner of the backend's storages
   */
  Arguments(Object owner) {
    this.owner = owner;
  }

  /** Returns the storage as one of this backend, which may be released. */
  @SuppressWarnings("unchecked") // a backend makes no other storages
  S owned(String method, String name, @Nullable Storage storage) {
    if (storage == null || storage.owner() != owner) {
      throw new IllegalArgumentException(
          method
              + ": "
              + name
              + (storage == null
                  ? " is missing"
                  : " belongs to another backend or device; copy it to this one first"));
    }
    return (S) storage;
  }

  /**
   * Returns the storage as a usable one of this backend with at least {@code length} elements from
   * {@code offset} on.
   */
  S checked(String method, String name, @Nullable Storage storage, int offset, int length) {
    S s = owned(method, name, storage);
    if (s.released()) {
      throw new IllegalArgumentException(
          method + ": " + name + " was released; keep the tensor or move it out of its scope");
    }
    if (offset < 0 || length < 0 || (long) offset + length > s.length()) {
      throw new IllegalArgumentException(
          method
              + ": "
              + name
              + " has "
              + s.length()
              + " elements, but "
              + length
              + (offset == 0 ? "" : " from " + offset + " on")
              + " are needed");
    }
    return s;
  }

  /** Checks that an array of the host has {@code length} elements from {@code offset} on. */
  static void checkHost(String method, int arrayLength, int offset, int length) {
    if (offset < 0 || length < 0 || (long) offset + length > arrayLength) {
      throw new IllegalArgumentException(
          method
              + ": host array has "
              + arrayLength
              + " elements, but "
              + length
              + " from "
              + offset
              + " on are needed");
    }
  }

  /** Returns the storage if it holds the rows of {@link Primitives#copyRows}. */
  S checkedRows(String name, Storage storage, int rows, int rowLength, int offset, int stride) {
    long end = rows == 0 ? 0 : offset + (long) (rows - 1) * stride + rowLength;
    if (rows < 0 || rowLength < 0 || offset < 0 || stride < 0 || end > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "copyRows: "
              + rows
              + " rows of "
              + rowLength
              + " from "
              + offset
              + " on with stride "
              + stride
              + " do not fit the "
              + name);
    }
    return checked("copyRows", name, storage, 0, (int) end);
  }

  /** Returns rows·cols, or a length that no storage has if that does not fit an int. */
  static int matrixSize(String method, int rows, int cols) {
    if (rows < 0 || cols < 0) {
      throw new IllegalArgumentException(
          method + ": extents must not be negative: " + rows + " rows of " + cols);
    }
    return (int) Math.min((long) rows * cols, Integer.MAX_VALUE);
  }

  /** Checks that the windows of a mean are whole. */
  static void checkMean(String method, PoolProblem p) {
    if (p.dilationH() != 1 || p.dilationW() != 1) {
      throw new IllegalArgumentException(
          method + ": windows of a mean have no dilation, but the problem is " + p);
    }
  }

  /** Checks that there is a label for each row, which names one of the classes. */
  static void checkLabels(String method, int rows, int cols, int[] labels) {
    if (labels.length < rows) {
      throw new IllegalArgumentException(
          method + ": " + labels.length + " labels for " + rows + " rows");
    }
    for (int row = 0; row < rows; row++) {
      if (labels[row] < 0 || labels[row] >= cols) {
        throw new IllegalArgumentException(
            method
                + ": label "
                + labels[row]
                + " of row "
                + row
                + " is outside [0, "
                + cols
                + "), the classes that there are");
      }
    }
  }
}
