package dev.thumbnet.engine.onnx.operator;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.onnx.value.Arrangement;
import dev.thumbnet.engine.onnx.value.Atom;
import dev.thumbnet.engine.onnx.value.Value;
import dev.thumbnet.engine.onnx.value.Value.Live;
import dev.thumbnet.engine.onnx.value.Values;
import dev.thumbnet.engine.op.Ops;
import dev.thumbnet.engine.op.PadMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** What makes values larger: padding, repetition. */
final class Repetitions {
  /** The longest axis that is made; each element of it has an index. */
  private static final int LONGEST = 1 << 18;

  private Repetitions() {}

  static void addTo(Map<String, Translator> table) {
    table.put("Pad", Translator.of(Repetitions::pad));
    table.put("Expand", Translator.of(Repetitions::expand));
    table.put("Tile", Translator.of(Repetitions::tile));
  }

  private static Value pad(Call call) {
    Live x = Values.wholeAxes(call.live(0));
    int rank = x.dims().length;
    boolean attributes = call.opset() < 11;
    int[] named = attributes ? call.wholes("pads") : call.wholes(1);
    int[] pads = named == null ? new int[0] : named;
    int[] before = new int[rank];
    int[] after = new int[rank];
    int[] axes = axes(call, rank);
    Call.require(pads.length == 2 * axes.length, "pads has " + pads.length + " numbers");
    for (int i = 0; i < axes.length; i++) {
      before[axes[i]] = pads[i];
      after[axes[i]] = pads[axes.length + i];
    }
    int[] memory = Objects.requireNonNull(x.arrangement().memory());
    int[] first = inMemory(memory, axis -> before[axis]);
    int[] last = inMemory(memory, axis -> after[axis]);
    for (int axis = 0; axis < rank; axis++) {
      long extent = (long) before[axis] + x.dims()[axis] + after[axis];
      Call.require(extent > 0 && extent <= LONGEST, "an axis would have " + extent + " elements");
    }
    double value = attributes ? call.real("value", 0) : call.number(2, 0);
    Tensor y =
        switch (call.text("mode", "constant")) {
          case "constant" -> Ops.pad(x.tensor(), first, last, value);
          case "reflect" -> Ops.pad(x.tensor(), first, last, PadMode.REFLECT);
          case "edge" -> Ops.pad(x.tensor(), first, last, PadMode.EDGE);
          default ->
              throw new IllegalArgumentException("mode " + call.text("mode", "") + " is not known");
        };
    int[] dims = x.dims();
    Arrays.setAll(dims, axis -> before[axis] + dims[axis] + after[axis]);
    return new Live(y, enlarged(x, dims));
  }

  private static int[] axes(Call call, int rank) {
    return call.has(3)
        ? IntStream.of(call.wholes(3)).map(axis -> Call.axis(axis, rank)).toArray()
        : IntStream.range(0, rank).toArray();
  }

  private static int[] inMemory(int[] memory, IntUnaryOperator ofAxis) {
    return IntStream.of(memory).map(ofAxis).toArray();
  }

  private static Value expand(Call call) {
    int[] wanted = call.wholes(1);
    Live x = wide(call, wanted.length);
    int[] dims = x.dims();
    int lead = dims.length - wanted.length;
    for (int i = 0; i < wanted.length; i++) {
      int extent = dims[lead + i];
      boolean pictures = lead + i == 0 && x.arrangement().startsWithPictures();
      boolean fixed = pictures && wanted[i] == call.run().pictures();
      if (extent == 1 && !fixed) {
        dims[lead + i] = wanted[i];
      }
      Call.require(
          dims[lead + i] > 0 && (wanted[i] == 1 || wanted[i] == dims[lead + i] || fixed),
          "shape " + Arrays.toString(x.dims()) + " is not repeated to " + Arrays.toString(wanted));
    }
    return larger(x, dims, (tensor, shape) -> Ops.expand(tensor, shape));
  }

  /** Returns the input with axes as wholes, at least so many of them. */
  private static Live wide(Call call, int rank) {
    int more = rank - call.value(0).dims().length;
    Live x = call.live(0);
    return Values.wholeAxes(
        more > 0 ? (Live) Views.unsqueezed(x, IntStream.range(0, more).toArray()) : x);
  }

  /** Makes a tensor of numbers for each axis in memory. */
  private interface Enlargement {
    Tensor apply(Tensor x, int... numbers);
  }

  private static Value larger(Live x, int[] dims, Enlargement f) {
    int[] memory = Objects.requireNonNull(x.arrangement().memory());
    Tensor y = f.apply(x.tensor(), inMemory(memory, axis -> dims[axis]));
    return new Live(y, enlarged(x, dims));
  }

  private static Arrangement enlarged(Live x, int... dims) {
    Arrangement whole = x.arrangement();
    int[] memory = Objects.requireNonNull(whole.memory());
    List<List<Atom>> axes = new ArrayList<>(whole.axes());
    for (int axis = 0; axis < dims.length; axis++) {
      if (dims[axis] != whole.dim(axis)) {
        axes.set(axis, Arrangement.axis(dims[axis]));
      }
    }
    Arrangement changed = new Arrangement(axes, List.of());
    return changed.inOrder(changed.atoms(memory));
  }

  private static Value tile(Call call) {
    int[] repeats = call.wholes(1);
    Live x = wide(call, repeats.length);
    int[] dims = x.dims();
    Call.require(repeats.length == dims.length, "it has " + repeats.length + " repeats");
    for (int axis = 0; axis < dims.length; axis++) {
      long extent = (long) dims[axis] * repeats[axis];
      Call.require(extent > 0 && extent <= LONGEST, "an axis would have " + extent + " elements");
      dims[axis] = (int) extent;
    }
    return larger(
        x, dims, (tensor, shape) -> Ops.tile(tensor, ratios(shape, tensor.shape().toArray())));
  }

  private static int[] ratios(int[] to, int[] from) {
    return IntStream.range(0, to.length).map(axis -> to[axis] / from[axis]).toArray();
  }
}
