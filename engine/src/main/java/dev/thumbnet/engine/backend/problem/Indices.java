package dev.thumbnet.engine.backend.problem;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Which elements along an axis of x become those of y, in y's order; {@link #NONE} where y has a
 * value of its own. Immutable; two lists of the same numbers are equal.
 */
public final class Indices {
  /** Stands for no element. */
  public static final int NONE = -1;

  private final int[] values;

  private Indices(int[] values) {
    this.values = values;
  }

  /** Returns a list of indices. */
  public static Indices of(int... values) {
    return new Indices(values.clone());
  }

  /** Returns all elements of an axis in their order. */
  public static Indices all(int extent) {
    return new Indices(IntStream.range(0, extent).toArray());
  }

  /** Returns how many there are. */
  public int size() {
    return values.length;
  }

  /** Returns one of them. */
  public int get(int i) {
    return values[i];
  }

  /** Returns a copy. */
  public int[] toArray() {
    return values.clone();
  }

  /** Returns where the run of neighbours ends that begins at i: elements in order, or all none. */
  public int runEnd(int i) {
    int step = values[i] == NONE ? 0 : 1;
    int end = i + 1;
    while (end < values.length && values[end] == values[i] + (end - i) * step) {
      end++;
    }
    return end;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Indices indices && Arrays.equals(values, indices.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  /** Returns the indices, or the first ones of many. */
  @Override
  public String toString() {
    int shown = Math.min(values.length, 8);
    String text = Arrays.toString(Arrays.copyOf(values, shown));
    return shown == values.length ? text : text.replace("]", ", … " + values.length + " of them]");
  }
}
