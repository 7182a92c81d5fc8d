package dev.thumbnet.engine.onnx.operator;

import dev.thumbnet.engine.onnx.file.ValueInfo;
import dev.thumbnet.engine.onnx.value.Arrangement;
import dev.thumbnet.engine.onnx.value.Atom;
import dev.thumbnet.engine.onnx.value.Value;
import dev.thumbnet.engine.onnx.value.Value.Live;
import dev.thumbnet.engine.onnx.value.Value.Numbers;
import dev.thumbnet.engine.onnx.value.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What counts axes anew, and so moves nothing but where it cannot be helped. */
final class Views {
  private Views() {}

  static void addTo(Map<String, Translator> table) {
    table.put("Reshape", Translator.of(c -> reshaped(c.value(0), dims(c, c.value(0).dims()))));
    table.put("Flatten", Translator.of(Views::flatten));
    table.put("Transpose", Translator.of(Views::transpose));
    table.put("Squeeze", Translator.of(Views::squeeze));
    table.put("Unsqueeze", Translator.of(Views::unsqueeze));
    table.put("DepthToSpace", Translator.of(Views::depthToSpace));
    table.put("SpaceToDepth", Translator.of(Views::spaceToDepth));
  }

  // ---------------------------------------------------------------- reshaping

  /**
   * Returns the extents that a node of type Reshape wants: 0 is that of the input, −1 follows from
   * the others, and a number of pictures that the file fixed is the one that there is.
   */
  static int[] dims(Call call, int[] from) {
    int[] dims = call.wholes(1);
    requireRank(dims.length);
    boolean zeros = call.whole("allowzero", 0) != 0;
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] == 0 && !zeros) {
        Call.require(i < from.length, "its shape " + Arrays.toString(dims) + " has no axis " + i);
        dims[i] = from[i];
      }
    }
    int pictures = call.run().pictures();
    if (dims.length > 0 && pictures > 0 && dims[0] == pictures && isOfPictures(call)) {
      dims[0] = from[0];
    }
    return closed(dims, from);
  }

  private static void requireRank(int rank) {
    Call.require(rank <= ValueInfo.MOST_AXES, "it wants " + rank + " axes");
  }

  private static boolean isOfPictures(Call call) {
    return call.value(0) instanceof Live(var _, Arrangement a) && a.startsWithPictures();
  }

  private static int[] closed(int[] dims, int[] from) {
    long size = Arrays.stream(from).asLongStream().reduce(1, Math::multiplyExact);
    long known = 1;
    int open = -1;
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] == -1 && open < 0) {
        open = i;
      } else {
        known = Math.multiplyExact(known, (long) dims[i]);
      }
    }
    if (open >= 0 && known > 0 && size % known == 0) {
      dims[open] = Math.toIntExact(size / known);
      known *= dims[open];
    }
    Call.require(
        known == size && Arrays.stream(dims).allMatch(d -> d >= 0),
        "shape " + Arrays.toString(from) + " does not become " + Arrays.toString(dims));
    return dims;
  }

  /** Returns a value with other extents. */
  static Value reshaped(Value x, int... dims) {
    if (x instanceof Numbers n) {
      return new Numbers(n.whole(), dims, n.values());
    }
    requireRank(dims.length);
    Call.require(Arrays.stream(dims).allMatch(d -> d > 0), "it has no elements");
    Arrangement before = Values.arrangement(x);
    Arrangement after = before.reshaped(dims);
    if (after != null) {
      return Values.counted(x, after);
    }
    if (!(x instanceof Live live)) {
      Call.require(before.order().equals(before.atoms()), "it reshapes a transposed weight");
      return Values.counted(x, Arrangement.rows(dims));
    }
    Live rows = Values.inRows(live);
    return new Live(Values.shaped(rows.tensor(), dims), Values.rowsLike(before, dims));
  }

  private static Value flatten(Call call) {
    int[] from = call.value(0).dims();
    int split = call.whole("axis", 1);
    Call.require(split >= -from.length && split <= from.length, "there is no axis " + split);
    int axis = split < 0 ? split + from.length : split;
    return reshaped(call.value(0), product(from, 0, axis), product(from, axis, from.length));
  }

  private static int product(int[] dims, int from, int to) {
    return IntStream.range(from, to).map(i -> dims[i]).reduce(1, Math::multiplyExact);
  }

  // ---------------------------------------------------------------- axes

  private static Value transpose(Call call) {
    Value x = call.value(0);
    int rank = x.dims().length;
    int[] perm = call.wholes("perm");
    if (perm == null) {
      perm = IntStream.range(0, rank).map(i -> rank - 1 - i).toArray();
    }
    int[] sorted = perm.clone();
    Arrays.sort(sorted);
    Call.require(
        Arrays.equals(sorted, IntStream.range(0, rank).toArray()),
        "perm " + Arrays.toString(perm) + " is no order of " + rank + " axes");
    return transposed(x, perm);
  }

  /** Returns a value with its axes counted in another order. */
  static Value transposed(Value x, int... perm) {
    Call.require(
        !(x instanceof Numbers) || x.dims().length < 2, "it transposes numbers known beforehand");
    return Values.counted(x, Values.arrangement(x).transposed(perm));
  }

  /** Returns the axes that a node names, by attribute in old models, else by its second input. */
  static int @Nullable [] axes(Call call, int inputSince) {
    if (call.opset() < inputSince) {
      return call.wholes("axes");
    }
    return call.has(1) ? call.wholes(1) : null;
  }

  private static Value squeeze(Call call) {
    Value x = call.value(0);
    int[] dims = x.dims();
    int[] named = axes(call, 13);
    int[] axes;
    if (named == null) {
      int first = isOfPictures(call) ? 1 : 0;
      axes = IntStream.range(first, dims.length).filter(a -> dims[a] == 1).toArray();
    } else {
      axes = IntStream.of(named).map(a -> Call.axis(a, dims.length)).distinct().toArray();
    }
    for (int axis : axes) {
      Call.require(dims[axis] == 1, "axis " + axis + " of " + Arrays.toString(dims) + " is not 1");
    }
    return squeezed(x, axes);
  }

  /** Returns a value without some axes of extent 1. */
  static Value squeezed(Value x, int... gone) {
    List<List<Atom>> axes = new ArrayList<>();
    List<Atom> orphans = new ArrayList<>();
    Arrangement before = Values.arrangement(x);
    for (int axis = 0; axis < before.rank(); axis++) {
      List<Atom> atoms = new ArrayList<>(orphans);
      atoms.addAll(before.axes().get(axis));
      int a = axis;
      if (IntStream.of(gone).anyMatch(g -> g == a)) {
        orphans = atoms; // one picture belongs to the next axis then
      } else {
        orphans = new ArrayList<>();
        axes.add(atoms);
      }
    }
    Call.require(orphans.isEmpty(), "it takes away the axis of pictures");
    return Values.counted(x, before.withAxes(axes));
  }

  private static Value unsqueeze(Call call) {
    Value x = call.value(0);
    int[] named = axes(call, 13);
    Call.require(named != null, "its axes are missing");
    int rank = x.dims().length + (named == null ? 0 : named.length);
    requireRank(rank);
    return unsqueezed(x, IntStream.of(named).map(a -> Call.axis(a, rank)).toArray());
  }

  /** Returns a value with axes of extent 1 at these places of the result. */
  static Value unsqueezed(Value x, int... places) {
    List<List<Atom>> axes = new ArrayList<>(Values.arrangement(x).axes());
    int[] sorted = IntStream.of(places).sorted().toArray();
    for (int place : sorted) {
      Call.require(place <= axes.size(), "an axis is named twice");
      axes.add(place, List.of());
    }
    return Values.counted(x, Values.arrangement(x).withAxes(axes));
  }

  // ---------------------------------------------------------------- pixels and channels

  private static Value depthToSpace(Call call) {
    Value x = call.value(0);
    int b = block(call);
    int[] d = x.dims();
    boolean blocksFirst = call.text("mode", "DCR").equals("DCR");
    Call.require(d[1] % (b * b) == 0, d[1] + " channels do not make blocks of " + b);
    int c = d[1] / (b * b);
    Value blocks =
        blocksFirst
            ? transposed(reshaped(x, d[0], b, b, c, d[2], d[3]), 0, 3, 4, 1, 5, 2)
            : transposed(reshaped(x, d[0], c, b, b, d[2], d[3]), 0, 1, 4, 2, 5, 3);
    return reshaped(blocks, d[0], c, Math.multiplyExact(d[2], b), Math.multiplyExact(d[3], b));
  }

  private static Value spaceToDepth(Call call) {
    Value x = call.value(0);
    int b = block(call);
    int[] d = x.dims();
    Call.require(d[2] % b == 0 && d[3] % b == 0, "the picture does not consist of such blocks");
    Value blocks = transposed(reshaped(x, d[0], d[1], d[2] / b, b, d[3] / b, b), 0, 3, 5, 1, 2, 4);
    return reshaped(blocks, d[0], Math.multiplyExact(d[1], b * b), d[2] / b, d[3] / b);
  }

  private static int block(Call call) {
    Call.require(call.value(0).dims().length == 4, "it takes pictures, of rank 4");
    int b = call.whole("blocksize", 0);
    Call.require(b > 0 && b < 1 << 12, "its block size is " + b);
    return b;
  }
}
