package dev.thumbnet.engine.onnx.value;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts the elements of an arrangement with other extents: atoms are dealt out to the new axes,
 * and split where an axis ends within one, which is possible if its extent divides what is left of
 * it.
 */
final class Reshaping {
  private final List<Atom> atoms;
  private final Map<Atom, List<Atom>> pieces = new HashMap<>();
  private int next;
  private int left;

  private Reshaping(List<Atom> atoms) {
    this.atoms = atoms;
  }

  /** Returns the arrangement with these extents, or null if it is none. */
  static @Nullable Arrangement of(Arrangement from, int... dims) {
    Reshaping reshaping = new Reshaping(from.atoms());
    List<List<Atom>> axes = new ArrayList<>();
    for (int extent : dims) {
      List<Atom> axis = reshaping.axis(extent);
      if (axis == null) {
        return null;
      }
      axes.add(axis);
    }
    return reshaping.next < reshaping.atoms.size() || reshaping.left > 1
        ? null
        : from.split(reshaping.pieces).withAxes(axes);
  }

  /**
   * Returns the common pieces of two lists of atoms with the same number of elements, or null if
   * there are none; and puts down which pieces the atoms of either consist of.
   */
  static @Nullable List<Atom> common(
      List<Atom> a, List<Atom> b, Map<Atom, List<Atom>> piecesA, Map<Atom, List<Atom>> piecesB) {
    Reshaping ofA = new Reshaping(a);
    int[] extents = b.stream().mapToInt(Atom::extent).toArray();
    List<Atom> all = new ArrayList<>();
    for (int i = 0; i < extents.length; i++) {
      List<Atom> axis = ofA.axis(extents[i]);
      if (axis == null) {
        return null;
      }
      piecesB.put(b.get(i), axis);
      all.addAll(axis);
    }
    piecesA.putAll(ofA.pieces);
    return all;
  }

  /** Returns the atoms of the next axis; one picture belongs to the next axis of extent 1. */
  private @Nullable List<Atom> axis(int extent) {
    List<Atom> axis = new ArrayList<>();
    int wanted = extent;
    while (wanted > 1 || isPicture() && axis.isEmpty()) {
      if (next == atoms.size()) {
        return null;
      }
      Atom atom = atoms.get(next);
      int rest = left > 1 ? left : atom.extent();
      int taken = wanted % rest == 0 ? rest : wanted;
      if (rest % taken != 0) {
        return null;
      }
      boolean whole = taken == atom.extent();
      Atom piece = whole ? atom : Atom.of(taken);
      axis.add(piece);
      if (!whole) {
        pieces.computeIfAbsent(atom, _ -> new ArrayList<>()).add(piece);
      }
      left = rest / taken;
      wanted /= taken;
      next += left == 1 ? 1 : 0;
    }
    return axis;
  }

  private boolean isPicture() {
    return next < atoms.size() && atoms.get(next).extent() == 1;
  }
}
