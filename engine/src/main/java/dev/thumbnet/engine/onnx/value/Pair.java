package dev.thumbnet.engine.onnx.value;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.onnx.value.Value.Live;
import dev.thumbnet.engine.onnx.value.Value.Numbers;
import dev.thumbnet.engine.onnx.value.Weights.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Two values of an operation that goes element by element, made to lie alike in memory. Their
 * shapes are aligned at the last axes as the file counts them, and extents of 1 are repeated.
 *
 * @param a the first, with a shape that goes with that of b
 * @param b the second
 * @param result how the axes of what comes out lie
 */
public record Pair(Tensor a, Tensor b, Arrangement result) {

  /** Aligns two values; b is moved rather than a, constants rather than either. */
  public static Pair of(Value a, Value b, Weights weights, Role role) {
    Value left = a instanceof Numbers ? Values.live(a, weights, role) : a;
    Value right = b instanceof Numbers ? Values.live(b, weights, role) : b;
    if (!(left instanceof Live) || right instanceof Live && isSmaller(left, right)) {
      Pair swapped = Aligner.align(right, left, weights, role);
      return new Pair(swapped.b, swapped.a, swapped.result);
    }
    return Aligner.align(left, right, weights, role);
  }

  private static boolean isSmaller(Value a, Value b) {
    return Arrangement.extent(Values.arrangement(a).order())
        < Arrangement.extent(Values.arrangement(b).order());
  }

  /** Aligns a value to another, the base. */
  private static final class Aligner {
    private final List<List<Atom>> axes = new ArrayList<>();
    private final Map<Atom, List<Atom>> piecesOfBase = new HashMap<>();
    private final Map<Atom, List<Atom>> piecesOfOther = new HashMap<>();

    static Pair align(Value base, Value other, Weights weights, Role role) {
      Aligner aligner = new Aligner();
      if (aligner.axes(Values.arrangement(base), Values.arrangement(other))) {
        return aligner.pair(base, other, weights, role);
      }
      // What was flattened in one way meets what was flattened in another.
      Live rows = rows(Values.live(base, weights, role));
      Live otherRows = rows(Values.live(other, weights, role));
      Aligner again = new Aligner();
      if (!again.axes(rows.arrangement(), otherRows.arrangement())) {
        throw new IllegalStateException("whole axes of one extent are alike");
      }
      return again.pair(rows, otherRows, weights, role);
    }

    private static Live rows(Live value) {
      Live rows = Values.inRows(value);
      return new Live(rows.tensor(), Values.rowsLike(rows.arrangement(), rows.dims()));
    }

    private boolean axes(Arrangement base, Arrangement other) {
      int rank = Math.max(base.rank(), other.rank());
      List<List<Atom>> a = aligned(base, rank);
      List<List<Atom>> b = aligned(other, rank);
      for (int axis = 0; axis < rank; axis++) {
        List<Atom> common = common(a.get(axis), b.get(axis), base, other);
        if (common == null) {
          return false;
        }
        axes.add(common);
      }
      return true;
    }

    private static List<List<Atom>> aligned(Arrangement arrangement, int rank) {
      List<List<Atom>> axes = new ArrayList<>(Collections.nCopies(rank, List.of()));
      for (int i = 0; i < arrangement.rank(); i++) {
        axes.set(rank - arrangement.rank() + i, arrangement.axes().get(i));
      }
      return axes;
    }

    private @Nullable List<Atom> common(
        List<Atom> a, List<Atom> b, Arrangement base, Arrangement other) {
      int extentA = Arrangement.extent(a);
      int extentB = Arrangement.extent(b);
      if (extentA == extentB && !a.isEmpty() && !b.isEmpty()) {
        return Reshaping.common(a, b, piecesOfBase, piecesOfOther);
      }
      if (extentA != 1 && extentB != 1) {
        throw new IllegalArgumentException(
            "shapes "
                + Arrays.toString(base.dims())
                + " and "
                + Arrays.toString(other.dims())
                + " do not fit; aligned at the last axis, extents must be equal or 1");
      }
      List<Atom> single = extentB == 1 && !a.isEmpty() ? b : a;
      // One picture's atom where the other has more elements or the same: it is none of the result.
      (single == b ? piecesOfOther : piecesOfBase)
          .putAll(single.stream().collect(Collectors.toMap(s -> s, _ -> List.of())));
      return single == b ? a : b;
    }

    private Pair pair(Value base, Value other, Weights weights, Role role) {
      Value first = split(base, piecesOfBase);
      Value second = split(other, piecesOfOther);
      List<Atom> order =
          merged(Values.arrangement(first).order(), Values.arrangement(second).order());
      Arrangement result = new Arrangement(axes, order);
      List<List<Atom>> groups = result.groups(result.memoryDims());
      return new Pair(
          tensor(first, order, groups, weights, role),
          tensor(second, order, groups, weights, role),
          result);
    }

    private static Value split(Value value, Map<Atom, List<Atom>> pieces) {
      return switch (value) {
        case Live(Tensor tensor, Arrangement a) -> new Live(tensor, a.split(pieces));
        case Value.Weight(Literal literal, Arrangement a) ->
            new Value.Weight(literal, a.split(pieces));
        case Numbers _ -> throw new IllegalStateException("numbers have no atoms");
      };
    }

    /** The base's order; what only the other has comes behind what it comes behind there. */
    private static List<Atom> merged(List<Atom> base, List<Atom> other) {
      List<Atom> order = new ArrayList<>(base);
      int place = 0;
      for (Atom atom : other) {
        int known = order.indexOf(atom);
        if (known < 0) {
          order.add(place++, atom);
        } else {
          place = known + 1;
        }
      }
      return order;
    }

    private static Tensor tensor(
        Value value, List<Atom> order, List<List<Atom>> groups, Weights weights, Role role) {
      Set<Atom> own = new HashSet<>(Values.arrangement(value).order());
      int[] shape =
          groups.stream()
              .mapToInt(g -> Arrangement.extent(g.stream().filter(own::contains).toList()))
              .toArray();
      int ones = 0;
      while (!(value instanceof Live) && ones < shape.length - 1 && shape[ones] == 1) {
        ones++;
      }
      return Values.tensor(
          value,
          order.stream().filter(own::contains).toList(),
          Arrays.copyOfRange(shape, ones, shape.length),
          weights,
          role);
    }
  }
}
