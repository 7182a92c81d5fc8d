package dev.thumbnet.engine.onnx.operator;

import static dev.thumbnet.engine.onnx.operator.KnownNumbers.numbers;
import static dev.thumbnet.engine.onnx.operator.KnownNumbers.size;

import dev.thumbnet.engine.onnx.value.Value;
import dev.thumbnet.engine.onnx.value.Value.Numbers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;

/** What takes, joins and makes lists of numbers that are known beforehand. */
final class KnownLists {
  private KnownLists() {}

  static void addTo(Map<String, Translator> table) {
    table.put("Concat", Translator.of(KnownLists::concat));
    table.put("Gather", Translator.of(KnownLists::gather));
    table.put("Slice", Translator.of(KnownLists::slice));
    table.put("Split", KnownLists::split);
    table.put("Reshape", Translator.of(KnownLists::reshape));
    table.put("Expand", Translator.of(KnownLists::expand));
    table.put("Range", Translator.of(KnownLists::range));
    table.put("ReduceProd", reduction(1, (a, b) -> a * b));
    table.put("ReduceSum", reduction(0, Double::sum));
    table.put("ReduceMax", reduction(Double.NEGATIVE_INFINITY, Math::max));
    table.put("ReduceMin", reduction(Double.POSITIVE_INFINITY, Math::min));
  }

  /** Returns the elements whose index along an axis is one of these. */
  private static Numbers taken(Numbers x, int axis, int... indices) {
    int[] dims = x.dims().clone();
    int extent = dims[axis];
    dims[axis] = indices.length;
    double[] values = new double[size(dims)];
    int inner = size(Arrays.copyOfRange(dims, axis + 1, dims.length));
    for (int i = 0; i < values.length; i++) {
      int outer = i / inner / indices.length;
      int index = indices[i / inner % indices.length];
      values[i] = x.values()[(outer * extent + index) * inner + i % inner];
    }
    return new Numbers(x.whole(), dims, values);
  }

  private static Value concat(Call call) {
    Numbers first = numbers(call, 0);
    int axis = Call.axis(call.whole("axis", 0), first.dims().length);
    int[] dims = first.dims().clone();
    boolean whole = first.whole();
    for (int i = 1; i < call.inputs(); i++) {
      Numbers next = numbers(call, i);
      whole &= next.whole();
      Call.require(next.dims().length == dims.length, "its inputs have several numbers of axes");
      for (int a = 0; a < dims.length; a++) {
        Call.require(a == axis || next.dims()[a] == dims[a], "the shapes of its inputs differ");
      }
      dims[axis] = Math.addExact(dims[axis], next.dims()[axis]);
    }
    double[] values = new double[size(dims)];
    int outer = size(Arrays.copyOf(dims, axis));
    int row = outer == 0 ? 0 : values.length / outer;
    int place = 0;
    for (int i = 0; i < call.inputs(); i++) {
      double[] part = numbers(call, i).values();
      int length = outer == 0 ? 0 : part.length / outer;
      for (int o = 0; o < outer; o++) {
        System.arraycopy(part, o * length, values, o * row + place, length);
      }
      place += length;
    }
    return new Numbers(whole, dims, values);
  }

  private static Value gather(Call call) {
    Numbers x = numbers(call, 0);
    Numbers indices = numbers(call, 1);
    int axis = Call.axis(call.whole("axis", 0), x.dims().length);
    int[] chosen =
        Arrays.stream(indices.values())
            .mapToInt(index -> Call.axis((long) index, x.dims()[axis]))
            .toArray();
    Numbers y = taken(x, axis, chosen);
    List<Integer> dims = new ArrayList<>();
    for (int a = 0; a < x.dims().length; a++) {
      if (a == axis) {
        Arrays.stream(indices.dims()).forEach(dims::add);
      } else {
        dims.add(x.dims()[a]);
      }
    }
    return new Numbers(x.whole(), dims.stream().mapToInt(d -> d).toArray(), y.values());
  }

  private static Value slice(Call call) {
    Numbers y = numbers(call, 0);
    for (Slices.Range range : Slices.ranges(call, y.dims())) {
      y = taken(y, range.axis(), range.indices());
    }
    return y;
  }

  private static List<Value> split(Call call) {
    Numbers x = numbers(call, 0);
    int axis = Call.axis(call.whole("axis", 0), x.dims().length);
    List<Value> parts = new ArrayList<>();
    int from = 0;
    for (int length : Slices.lengths(call, x.dims()[axis])) {
      parts.add(taken(x, axis, new Slices.Range(axis, from, length, 1).indices()));
      from += length;
    }
    return parts;
  }

  private static Value reshape(Call call) {
    Numbers x = numbers(call, 0);
    int[] dims = Views.dims(call, x.dims());
    return new Numbers(x.whole(), dims, x.values());
  }

  private static Value expand(Call call) {
    Numbers x = numbers(call, 0);
    int[] wanted = call.wholes(1);
    size(wanted);
    return KnownNumbers.repeated(x, KnownNumbers.broadcast(x.dims(), wanted));
  }

  private static Value range(Call call) {
    double start = call.number(0, 0);
    double limit = call.number(1, 0);
    double delta = call.number(2, 1);
    double count = Math.ceil((limit - start) / delta);
    Call.require(count <= Numbers.MOST, "it counts from " + start + " to " + limit + ", too far");
    double[] values = new double[(int) Math.max(0, count)];
    Arrays.setAll(values, i -> start + i * delta);
    return new Numbers(numbers(call, 0).whole(), new int[] {values.length}, values);
  }

  private static Translator reduction(double initial, DoubleBinaryOperator f) {
    return Translator.of(
        call -> {
          Numbers x = numbers(call, 0);
          int[] axes = Reductions.axes(call, x.dims().length);
          boolean keep = call.whole("keepdims", 1) != 0;
          Numbers y = x;
          for (int axis : axes) {
            y = reduced(y, axis, initial, f);
          }
          int[] kept = y.dims();
          int[] dims =
              IntStream.range(0, kept.length)
                  .filter(a -> keep || Arrays.stream(axes).noneMatch(b -> a == b))
                  .map(a -> kept[a])
                  .toArray();
          return new Numbers(x.whole(), dims, y.values());
        });
  }

  private static Numbers reduced(Numbers x, int axis, double initial, DoubleBinaryOperator f) {
    int[] dims = x.dims().clone();
    int extent = dims[axis];
    dims[axis] = 1;
    double[] values = new double[size(dims)];
    int inner = size(Arrays.copyOfRange(dims, axis + 1, dims.length));
    for (int i = 0; i < values.length; i++) {
      double sum = initial;
      for (int j = 0; j < extent; j++) {
        sum = f.applyAsDouble(sum, x.values()[(i / inner * extent + j) * inner + i % inner]);
      }
      values[i] = sum;
    }
    return new Numbers(x.whole(), dims, values);
  }
}
