package dev.thumbnet.engine.onnx.value;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.op.Ops;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * How elements move when the axes they lie along change places; neighbours that stay neighbours are
 * one axis.
 *
 * @param extents of the axes before
 * @param perm which of them is the first after, the second and so on
 */
record Rearrangement(int[] extents, int[] perm) {
  /** Returns how the same atoms come from one order into another. */
  static Rearrangement of(List<Atom> from, List<Atom> to) {
    Map<Atom, Integer> places = new HashMap<>();
    for (int i = 0; i < to.size(); i++) {
      places.put(to.get(i), i);
    }
    List<Integer> extents = new ArrayList<>();
    List<Integer> firsts = new ArrayList<>();
    int previous = -2; // Pictures stay an axis of their own, which plans want to see.
    for (Atom atom : from) {
      int place = Objects.requireNonNull(places.get(atom));
      int last = extents.size() - 1;
      if (place == previous + 1) {
        extents.set(last, extents.get(last) * atom.extent());
      } else {
        extents.add(atom.extent());
        firsts.add(place);
      }
      previous = atom.isPictures() ? -2 : place;
    }
    int[] perm =
        IntStream.range(0, firsts.size())
            .boxed()
            .sorted(Comparator.comparing(firsts::get))
            .mapToInt(Integer::intValue)
            .toArray();
    return new Rearrangement(extents.stream().mapToInt(Integer::intValue).toArray(), perm);
  }

  /** Tells whether nothing moves. */
  boolean isNone() {
    return IntStream.range(0, perm.length).allMatch(axis -> perm[axis] == axis);
  }

  /** Returns the extents after. */
  int[] result() {
    return Arrays.stream(perm).map(axis -> extents[axis]).toArray();
  }

  /** Returns how elements move back. */
  Rearrangement inverse() {
    int[] back = new int[perm.length];
    for (int axis = 0; axis < back.length; axis++) {
      back[perm[axis]] = axis;
    }
    return new Rearrangement(result(), back);
  }

  /** Returns a tensor with the elements after. */
  Tensor apply(Tensor tensor) {
    return isNone() ? tensor : Ops.transpose(Values.shaped(tensor, extents), perm);
  }

  /** Returns the elements after; the same array if nothing moves. */
  float[] apply(float[] values) {
    if (isNone()) {
      return values;
    }
    int[] strides = new int[extents.length];
    int stride = 1;
    for (int axis = extents.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= extents[axis];
    }
    int[] to = result();
    int inner = to.length - 1;
    int step = strides[perm[inner]];
    int[] position = new int[to.length];
    float[] moved = new float[values.length];
    for (int i = 0; i < moved.length; i += to[inner]) {
      int from = 0;
      for (int axis = 0; axis < inner; axis++) {
        from += position[axis] * strides[perm[axis]];
      }
      for (int j = 0; j < to[inner]; j++) {
        moved[i + j] = values[from + j * step];
      }
      advance(position, to);
    }
    return moved;
  }

  /** Moves a position to the next along all axes but the last. */
  private static void advance(int[] position, int[] extents) {
    for (int axis = extents.length - 2; axis >= 0; axis--) {
      position[axis]++;
      if (position[axis] < extents[axis]) {
        return;
      }
      position[axis] = 0;
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Rearrangement(int[] otherExtents, int[] otherPerm)
        && Arrays.equals(extents, otherExtents)
        && Arrays.equals(perm, otherPerm);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(extents) + Arrays.hashCode(perm);
  }

  @Override
  public String toString() {
    return Arrays.toString(extents) + " as " + Arrays.toString(perm);
  }
}
