package dev.thumbnet.engine.onnx.operator;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.onnx.value.Arrangement;
import dev.thumbnet.engine.onnx.value.Atom;
import dev.thumbnet.engine.onnx.value.Value;
import dev.thumbnet.engine.onnx.value.Value.Live;
import dev.thumbnet.engine.onnx.value.Values;
import dev.thumbnet.engine.onnx.value.Weights.Role;
import dev.thumbnet.engine.op.Ops;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What takes parts of an axis, or puts them together. */
final class Slices {
  /** Most indices that are listed one by one. */
  private static final int MOST_INDICES = 1 << 20;

  private Slices() {}

  static void addTo(Map<String, Translator> table) {
    table.put("Slice", Translator.of(Slices::slice));
    table.put("Split", Slices::split);
    table.put("Concat", Translator.of(Slices::concat));
    table.put("Gather", Translator.of(Slices::gather));
  }

  /**
   * What is taken along an axis.
   *
   * @param from the first index
   * @param count number of indices
   * @param step distance of indices, which may be negative
   */
  record Range(int axis, int from, int count, int step) {
    /** Returns all the indices. */
    int[] indices() {
      Call.require(count <= MOST_INDICES, "it takes " + count + " of an axis, too many to list");
      return IntStream.range(0, count).map(i -> from + i * step).toArray();
    }
  }

  /** Returns what a node of type Slice takes of each of its axes. */
  static List<Range> ranges(Call call, int[] dims) {
    boolean attributes = call.opset() < 10;
    int[] starts = attributes ? required(call.wholes("starts")) : call.wholes(1);
    int[] ends = attributes ? required(call.wholes("ends")) : call.wholes(2);
    int[] axes = IntStream.range(0, starts.length).toArray();
    if (attributes && call.hasAttribute("axes")) {
      axes = required(call.wholes("axes"));
    } else if (!attributes && call.has(3)) {
      axes = call.wholes(3);
    }
    int[] steps = new int[starts.length];
    Arrays.fill(steps, 1);
    if (!attributes && call.has(4)) {
      steps = call.wholes(4);
    }
    Call.require(
        ends.length == starts.length
            && axes.length == starts.length
            && steps.length == starts.length,
        "it does not have as many starts as ends, axes and steps");
    List<Range> ranges = new ArrayList<>();
    for (int i = 0; i < starts.length; i++) {
      int axis = Call.axis(axes[i], dims.length);
      ranges.add(range(axis, dims[axis], starts[i], ends[i], steps[i]));
    }
    return ranges;
  }

  private static int[] required(int @Nullable [] values) {
    Call.require(values != null, "its starts, ends or axes are missing");
    return Objects.requireNonNull(values);
  }

  /** Negative starts and ends count from the end; beyond the ends there is nothing. */
  private static Range range(int axis, int extent, int start, int end, int step) {
    Call.require(step != 0 && step != Integer.MIN_VALUE, "it has a step of " + step);
    long from = start < 0 ? (long) start + extent : start;
    long to = end < 0 ? (long) end + extent : end;
    long low = step > 0 ? 0 : -1;
    long high = step > 0 ? extent : extent - 1;
    from = Math.clamp(from, 0, Math.max(0, high));
    to = Math.clamp(to, low, high);
    long count = step > 0 ? (to - from + step - 1) / step : (from - to - step - 1) / -step;
    return new Range(axis, (int) from, extent == 0 ? 0 : (int) Math.max(0, count), step);
  }

  /** Returns the lengths of the parts of a node of type Split. */
  static int[] lengths(Call call, int extent) {
    int[] lengths = call.opset() < 13 ? call.wholes("split") : call.has(1) ? call.wholes(1) : null;
    int parts = call.whole("num_outputs", call.outputs());
    Call.require(
        parts == call.outputs(), "it says num_outputs " + parts + " but has " + call.outputs());
    if (lengths == null) {
      Call.require(parts > 0 && parts <= extent, "it splits " + extent + " into " + parts);
      int length = (extent + parts - 1) / parts;
      lengths = new int[parts];
      Arrays.fill(lengths, length);
      lengths[parts - 1] = extent - length * (parts - 1);
    }
    int sum = 0;
    for (int length : lengths) {
      Call.require(length > 0 && length <= extent - sum, "its parts do not make " + extent);
      sum += length;
    }
    Call.require(sum == extent, "its parts have " + sum + " of " + extent);
    return lengths;
  }

  // ---------------------------------------------------------------- tensors

  private static Value slice(Call call) {
    Live y = call.live(0);
    for (Range range : ranges(call, y.dims())) {
      y = part(y, range);
    }
    return y;
  }

  private static Live part(Live x, Range range) {
    int axis = range.axis();
    if (range.step() == 1 && range.count() == x.arrangement().dim(axis)) {
      return x;
    }
    Call.require(range.count() > 0, "nothing would be left of axis " + axis);
    Live whole = Values.wholeAxes(x);
    int place = place(whole, axis);
    Tensor y =
        range.step() == 1
            ? Ops.slice(whole.tensor(), place, range.from(), range.from() + range.count())
            : Ops.gather(whole.tensor(), place, range.indices());
    return new Live(y, resized(whole.arrangement(), axis, range.count()));
  }

  /** Returns which axis in memory an axis is, of a value whose axes lie as wholes. */
  static int place(Live whole, int axis) {
    int[] memory = Objects.requireNonNull(whole.arrangement().memory());
    return IntStream.range(0, memory.length)
        .filter(i -> memory[i] == axis)
        .findFirst()
        .orElseThrow();
  }

  /** Returns an arrangement of whole axes with one of them of another extent. */
  static Arrangement resized(Arrangement whole, int axis, int extent) {
    int[] memory = Objects.requireNonNull(whole.memory());
    List<List<Atom>> axes = new ArrayList<>(whole.axes());
    axes.set(axis, Arrangement.axis(extent));
    Arrangement changed = new Arrangement(axes, List.of());
    return changed.inOrder(changed.atoms(memory));
  }

  private static List<Value> split(Call call) {
    Live x = call.live(0);
    int axis = Call.axis(call.whole("axis", 0), x.dims().length);
    List<Value> parts = new ArrayList<>();
    int from = 0;
    for (int length : lengths(call, x.dims()[axis])) {
      parts.add(part(x, new Range(axis, from, length, 1)));
      from += length;
    }
    return parts;
  }

  private static Value concat(Call call) {
    Live base = Values.wholeAxes(call.live(base(call)));
    int axis = Call.axis(call.whole("axis", 1), base.dims().length);
    int[] memory = Objects.requireNonNull(base.arrangement().memory());
    Tensor[] parts = new Tensor[call.inputs()];
    int extent = 0;
    for (int i = 0; i < parts.length; i++) {
      int[] dims = call.value(i).dims();
      Call.require(dims.length == memory.length, "its inputs have several numbers of axes");
      parts[i] = call.tensor(call.value(i), Role.WEIGHT, memory);
      extent = Math.addExact(extent, dims[axis]);
    }
    Tensor y = parts.length == 1 ? parts[0] : Ops.concat(place(base, axis), parts);
    return new Live(y, resized(base.arrangement(), axis, extent));
  }

  /** Returns the first input that has pictures, or is no constant at least. */
  private static int base(Call call) {
    IntStream pictures =
        IntStream.range(0, call.inputs()).filter(i -> call.arrangement(i).startsWithPictures());
    IntStream live = IntStream.range(0, call.inputs()).filter(i -> call.value(i) instanceof Live);
    return IntStream.concat(pictures, live).findFirst().orElse(0);
  }

  /** The axis is replaced by those of the indices: one index takes it away. */
  private static Value gather(Call call) {
    Live x = call.live(0);
    int[] dims = x.dims();
    int axis = Call.axis(call.whole("axis", 0), dims.length);
    int[] indices = call.wholes(1);
    Call.require(indices.length > 0, "it gathers nothing");
    for (int i = 0; i < indices.length; i++) {
      indices[i] = Call.axis(indices[i], dims[axis]);
    }
    int[] shape = call.value(1).dims();
    if (indices.length == 1 && shape.length == 0) {
      return Views.squeezed(part(x, new Range(axis, indices[0], 1, 1)), axis);
    }
    Live whole = Values.wholeAxes(x);
    Tensor y = Ops.gather(whole.tensor(), place(whole, axis), indices);
    Live gathered = new Live(y, resized(whole.arrangement(), axis, indices.length));
    IntStream before = Arrays.stream(dims, 0, axis);
    IntStream after = Arrays.stream(dims, axis + 1, dims.length);
    int[] wanted = IntStream.concat(IntStream.concat(before, IntStream.of(shape)), after).toArray();
    return Views.reshaped(gathered, wanted);
  }
}
