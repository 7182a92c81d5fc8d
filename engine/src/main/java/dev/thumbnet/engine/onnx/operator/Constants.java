package dev.thumbnet.engine.onnx.operator;

import dev.thumbnet.engine.onnx.file.TensorData;
import dev.thumbnet.engine.onnx.value.Literal;
import dev.thumbnet.engine.onnx.value.Value;
import dev.thumbnet.engine.onnx.value.Value.Numbers;
import dev.thumbnet.engine.onnx.value.Value.Weight;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;

/** What gives constants, and what is known of a value without its numbers. */
public final class Constants {
  private Constants() {}

  static void addTo(Map<String, Translator> table) {
    table.put("Constant", Translator.of(Constants::constant));
    table.put("ConstantOfShape", Translator.of(Constants::filled));
    table.put("Shape", Translator.of(Constants::shape));
    table.put("Size", Translator.of(Constants::size));
  }

  /**
   * Returns a constant of a file: single numbers and short lists of whole numbers are known while a
   * graph is run, others are weights.
   *
   * @param learnt whether it may be learnt
   */
  public static Value of(String name, TensorData data, boolean learnt) throws IOException {
    boolean known = data.type().isFloat() ? data.dims().length == 0 : data.size() <= Numbers.MOST;
    return known || data.size() == 0
        ? new Numbers(!data.type().isFloat(), data.dims(), data.doubles())
        : new Weight(Literal.of(name, data, learnt));
  }

  private static Value constant(Call call) {
    TensorData data = call.data("value");
    double[] reals = call.reals("value_floats");
    int[] wholes = call.wholes("value_ints");
    if (data != null) {
      try {
        return of(call.output(0), data, false);
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
    } else if (reals != null) {
      return new Numbers(false, new int[] {reals.length}, reals);
    } else if (wholes != null) {
      return Numbers.list(wholes);
    } else if (call.hasAttribute("value_float")) {
      return new Numbers(false, new int[0], new double[] {call.real("value_float", 0)});
    }
    Call.require(call.hasAttribute("value_int"), "it has no value that is read");
    return Numbers.scalar(call.whole("value_int", 0));
  }

  private static Value filled(Call call) {
    int[] dims = call.wholes(0);
    TensorData data = call.data("value");
    boolean whole = data != null && !data.type().isFloat();
    double number = data == null ? 0 : number(data);
    long size = 1;
    for (int extent : dims) {
      Call.require(extent >= 0, "it makes a shape of " + Arrays.toString(dims));
      size = Math.multiplyExact(size, (long) extent);
    }
    if (whole || dims.length == 0 || size == 0) {
      double[] values = new double[KnownNumbers.size(dims)];
      Arrays.fill(values, number);
      return new Numbers(whole, dims, values);
    }
    Call.require(size < Integer.MAX_VALUE - 64, "it makes a shape of " + Arrays.toString(dims));
    return new Weight(Literal.filled(call.output(0), dims, number));
  }

  private static double number(TensorData data) {
    Call.require(data.size() == 1, "its value is not a single number");
    try {
      return data.doubles()[0];
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private static Value shape(Call call) {
    int[] dims = call.value(0).dims();
    int from = end(call.whole("start", 0), dims.length);
    int to = end(call.whole("end", dims.length), dims.length);
    return Numbers.list(Arrays.copyOfRange(dims, from, Math.max(from, to)));
  }

  private static int end(int index, int rank) {
    return Math.clamp(index < 0 ? (long) index + rank : index, 0, rank);
  }

  private static Value size(Call call) {
    return Numbers.scalar(Arrays.stream(call.value(0).dims()).reduce(1, Math::multiplyExact));
  }
}
