package dev.thumbnet.engine.onnx.value;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How the axes of a value, as the file counts them, lie in memory. Each axis is a list of {@link
 * Atom}s, outermost first, and all atoms have an order in memory. A picture (n, c, h, w) that lies
 * in memory as (n, h, w, c) has four atoms; flattened to (n, c · h · w) it has the same four in the
 * same order, so that nothing moved, and whoever multiplies it by a matrix can see how the matrix's
 * rows must be ordered. Immutable.
 */
public final class Arrangement {
  /** The order of a picture's axes in memory. */
  private static final int[] PICTURE = {0, 2, 3, 1};

  private final List<List<Atom>> axes;
  private final List<Atom> order;

  /**
   * Makes an arrangement.
   *
   * @param axes atoms of each axis, outermost first
   * @param order the same atoms as they lie in memory, outermost first
   */
  public Arrangement(List<? extends List<Atom>> axes, List<Atom> order) {
    this.axes = axes.stream().map(List::copyOf).toList();
    this.order = List.copyOf(order);
  }

  /** Returns axes that lie in memory in their own order, none of which counts pictures. */
  public static Arrangement rows(int... dims) {
    List<List<Atom>> axes = new ArrayList<>();
    for (int extent : dims) {
      axes.add(axis(extent));
    }
    return new Arrangement(axes, axes.stream().flatMap(List::stream).toList());
  }

  /**
   * Returns axes, the first of which counts pictures.
   *
   * @param dims extents as the file counts axes
   * @param memory which of these axes is the first in memory, the second and so on
   */
  public static Arrangement pictures(int[] dims, int[] memory) {
    List<List<Atom>> axes = new ArrayList<>();
    for (int axis = 0; axis < dims.length; axis++) {
      axes.add(axis == 0 ? List.of(Atom.pictures(dims[0])) : axis(dims[axis]));
    }
    return new Arrangement(
        axes, IntStream.of(memory).boxed().flatMap(a -> axes.get(a).stream()).toList());
  }

  /** Returns the atoms of a new axis. */
  public static List<Atom> axis(int extent) {
    return extent == 1 ? List.of() : List.of(Atom.of(extent));
  }

  /** Returns the number of axes. */
  public int rank() {
    return axes.size();
  }

  /** Returns the extent of an axis. */
  public int dim(int axis) {
    return extent(axes.get(axis));
  }

  /** Returns the extents of all axes. */
  public int[] dims() {
    return IntStream.range(0, rank()).map(this::dim).toArray();
  }

  /** Returns the number of elements of atoms together. */
  public static int extent(List<Atom> atoms) {
    int product = 1;
    for (Atom atom : atoms) {
      product *= atom.extent();
    }
    return product;
  }

  /** Returns the atoms of all axes. */
  public List<List<Atom>> axes() {
    return axes;
  }

  /** Returns the atoms of some axes, one axis after the other. */
  public List<Atom> atoms(int... some) {
    return IntStream.of(some).boxed().flatMap(axis -> axes.get(axis).stream()).toList();
  }

  /** Returns the atoms of all axes, one axis after the other. */
  public List<Atom> atoms() {
    return axes.stream().flatMap(List::stream).toList();
  }

  /** Tells whether the first axis counts pictures and nothing else. */
  public boolean startsWithPictures() {
    return rank() > 0 && axes.getFirst().size() == 1 && axes.getFirst().getFirst().isPictures();
  }

  /** Returns the atoms as they lie in memory. */
  public List<Atom> order() {
    return order;
  }

  // ---------------------------------------------------------------- the same elements otherwise

  /** Returns the same elements in another order in memory, for whoever has moved them. */
  public Arrangement inOrder(List<Atom> other) {
    return new Arrangement(axes, other);
  }

  /** Returns the same elements with other axes, of the same atoms. */
  public Arrangement withAxes(List<? extends List<Atom>> other) {
    return new Arrangement(other, order);
  }

  /** Returns the axes counted in another order. */
  public Arrangement transposed(int... perm) {
    return withAxes(IntStream.of(perm).mapToObj(axes::get).toList());
  }

  /** Returns each of some atoms replaced by the pieces that it consists of. */
  public Arrangement split(Map<Atom, List<Atom>> pieces) {
    return new Arrangement(
        axes.stream().map(axis -> split(axis, pieces)).toList(), split(order, pieces));
  }

  private static List<Atom> split(List<Atom> atoms, Map<Atom, List<Atom>> pieces) {
    return atoms.stream()
        .flatMap(atom -> pieces.getOrDefault(atom, List.of(atom)).stream())
        .toList();
  }

  /**
   * Returns the same elements, in the order in which the file counts them, with other extents, if
   * that is only another way to count what lies in memory.
   *
   * @param dims extents with the same product
   */
  public @Nullable Arrangement reshaped(int... dims) {
    return Reshaping.of(this, dims);
  }

  /** Returns which axes are the first, the second and so on in memory, if each lies as a whole. */
  public int @Nullable [] memory() {
    if (rank() == PICTURE.length && atoms(PICTURE).equals(order)) {
      return PICTURE.clone();
    }
    return atoms().equals(order) ? IntStream.range(0, rank()).toArray() : null;
  }

  /** Returns the extents of the axes in memory: whole axes if they lie so, atoms otherwise. */
  public int[] memoryDims() {
    int[] memory = memory();
    return memory == null
        ? order.stream().mapToInt(Atom::extent).toArray()
        : IntStream.of(memory).map(this::dim).toArray();
  }

  /** Returns the atoms that lie in memory as one axis of a tensor of this shape each. */
  public List<List<Atom>> groups(int... shape) {
    List<List<Atom>> groups = new ArrayList<>();
    int next = 0;
    for (int extent : shape) {
      List<Atom> group = new ArrayList<>();
      int product = 1;
      while (product < extent || product == extent && group.isEmpty() && isSingle(next, extent)) {
        Atom atom = order.get(next++);
        group.add(atom);
        product *= atom.extent();
      }
      groups.add(group);
    }
    return groups;
  }

  /** Tells whether the next atom counts one picture and so does an axis of extent 1. */
  private boolean isSingle(int next, int extent) {
    return extent == 1 && next < order.size() && order.get(next).extent() == 1;
  }

  /** Returns what remains without some atoms, whose axes stay with extent 1. */
  public Arrangement without(List<Atom> atoms) {
    Set<Atom> gone = new HashSet<>(atoms);
    return new Arrangement(
        axes.stream().map(axis -> without(axis, gone)).toList(), without(order, gone));
  }

  private static List<Atom> without(List<Atom> atoms, Set<Atom> gone) {
    return atoms.stream().filter(atom -> !gone.contains(atom)).toList();
  }

  @Override
  public String toString() {
    return Arrays.toString(dims()) + " of " + axes + " in memory " + order;
  }
}
