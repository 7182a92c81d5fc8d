package dev.thumbnet.engine.onnx.operator;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.onnx.value.Arrangement;
import dev.thumbnet.engine.onnx.value.Atom;
import dev.thumbnet.engine.onnx.value.Value;
import dev.thumbnet.engine.onnx.value.Value.Live;
import dev.thumbnet.engine.onnx.value.Values;
import dev.thumbnet.engine.op.Ops;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** What goes along axes: sums and the like, softmax. */
final class Reductions {
  private Reductions() {}

  static void addTo(Map<String, Translator> table) {
    table.put("ReduceSum", reduction(13, Ops::sum));
    table.put("ReduceMean", reduction(18, Ops::mean));
    table.put("ReduceSumSquare", reduction(18, (x, axes) -> Ops.sum(Ops.square(x), axes)));
    table.put("ReduceL1", reduction(18, (x, axes) -> Ops.sum(Ops.abs(x), axes)));
    table.put("ReduceL2", reduction(18, (x, axes) -> Ops.sqrt(Ops.sum(Ops.square(x), axes))));
    table.put("ReduceMax", reduction(18, Ops::max));
    table.put("ReduceMin", reduction(18, Ops::min));
    table.put("GlobalAveragePool", Translator.of(call -> global(call, Ops::mean)));
    table.put("GlobalMaxPool", Translator.of(call -> global(call, Ops::max)));
    table.put("Softmax", Translator.of(call -> softmax(call, Ops::softmax)));
    table.put("LogSoftmax", Translator.of(call -> softmax(call, Ops::logSoftmax)));
  }

  /** Takes axes away. */
  private interface Reduction {
    Tensor reduce(Tensor x, int... axes);
  }

  /** Since some version axes are an input, before they were an attribute. */
  private static Translator reduction(int inputSince, Reduction f) {
    return Translator.of(
        call -> {
          Live x = call.live(0);
          boolean keep = call.whole("keepdims", 1) != 0;
          int[] axes = axes(call, inputSince, x.dims().length);
          return axes.length == 0 ? x : reduced(x, keep, f, axes);
        });
  }

  /** Returns the axes of a reduction of numbers that are known beforehand. */
  static int[] axes(Call call, int rank) {
    return axes(call, call.hasAttribute("axes") ? Integer.MAX_VALUE : 0, rank);
  }

  private static int[] axes(Call call, int inputSince, int rank) {
    int[] named = Views.axes(call, inputSince);
    boolean none = call.whole("noop_with_empty_axes", 0) != 0;
    if (named == null || named.length == 0) {
      return IntStream.range(0, none ? 0 : rank).toArray();
    }
    return IntStream.of(named).map(axis -> Call.axis(axis, rank)).distinct().toArray();
  }

  private static Live reduced(Live x, boolean keep, Reduction f, int... axes) {
    Set<Atom> gone = new HashSet<>(x.arrangement().atoms(axes));
    Live parted = parted(x, gone);
    List<List<Atom>> groups = parted.arrangement().groups(parted.tensor().shape().toArray());
    int[] places =
        IntStream.range(0, groups.size())
            .filter(i -> !groups.get(i).isEmpty() && gone.containsAll(groups.get(i)))
            .toArray();
    Tensor y =
        places.length == 0
            ? f.reduce(Ops.reshape(x.tensor(), oneMore(x)), -1)
            : f.reduce(parted.tensor(), places);
    Live kept = new Live(y, x.arrangement().without(List.copyOf(gone)));
    return keep ? kept : (Live) Views.squeezed(kept, axes);
  }

  /** Returns the shape with an axis of extent 1 at the end. */
  private static int[] oneMore(Live x) {
    int[] shape = x.tensor().shape().toArray();
    int[] longer = Arrays.copyOf(shape, shape.length + 1);
    longer[shape.length] = 1;
    return longer;
  }

  /** Returns the value with a tensor no axis of which has only some of its atoms in a set. */
  private static Live parted(Live x, Set<Atom> set) {
    Arrangement a = x.arrangement();
    boolean apart =
        a.groups(x.tensor().shape().toArray()).stream()
            .allMatch(g -> set.containsAll(g) || g.stream().noneMatch(set::contains));
    int[] atoms = a.order().stream().mapToInt(Atom::extent).toArray();
    return apart ? x : new Live(Values.shaped(x.tensor(), atoms), a);
  }

  private static Value global(Call call, Reduction f) {
    Live x = call.live(0);
    int rank = x.dims().length;
    Call.require(rank > 2, "it takes pictures");
    return reduced(x, true, f, IntStream.range(2, rank).toArray());
  }

  /** Up to opset 12 all axes from one on are one row, since then a row is one axis. */
  private static Value softmax(Call call, UnaryOperator<Tensor> f) {
    Live x = call.live(0);
    int rank = x.dims().length;
    boolean rows = call.opset() < 13;
    int axis = Call.axis(call.whole("axis", rows ? 1 : -1), rank);
    Arrangement before = x.arrangement();
    List<Atom> along =
        rows ? before.atoms(IntStream.range(axis, rank).toArray()) : before.atoms(axis);
    List<Atom> order = new ArrayList<>(before.order());
    order.removeAll(along);
    List<Atom> inMemory = new ArrayList<>(before.order());
    inMemory.retainAll(along);
    int[] shape =
        IntStream.concat(
                order.stream().mapToInt(Atom::extent), IntStream.of(Arrangement.extent(along)))
            .toArray();
    order.addAll(inMemory);
    Live moved = Values.moved(x, order);
    Tensor y = f.apply(Values.shaped(moved.tensor(), shape));
    return new Live(y, moved.arrangement());
  }
}
