package dev.thumbnet.engine.onnx.operator;

import dev.thumbnet.engine.onnx.file.ElementType;
import dev.thumbnet.engine.onnx.value.Value;
import dev.thumbnet.engine.onnx.value.Value.Numbers;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * What goes element by element through numbers that are known beforehand, such as extents: the
 * arithmetic of shapes. Whole numbers stay whole.
 */
final class KnownNumbers {
  private KnownNumbers() {}

  static void addTo(Map<String, Translator> table) {
    table.put("Add", binary(Double::sum));
    table.put("Sub", binary((a, b) -> a - b));
    table.put("Mul", binary((a, b) -> a * b));
    table.put("Div", Translator.of(KnownNumbers::div));
    table.put("Mod", Translator.of(KnownNumbers::mod));
    table.put("Min", binary(Math::min));
    table.put("Max", binary(Math::max));
    table.put("Pow", binary(Math::pow));
    table.put("Equal", test((a, b) -> a == b ? 1 : 0));
    table.put("Less", test((a, b) -> a < b ? 1 : 0));
    table.put("LessOrEqual", test((a, b) -> a <= b ? 1 : 0));
    table.put("Greater", test((a, b) -> a > b ? 1 : 0));
    table.put("GreaterOrEqual", test((a, b) -> a >= b ? 1 : 0));
    table.put("And", test((a, b) -> a != 0 && b != 0 ? 1 : 0));
    table.put("Or", test((a, b) -> a != 0 || b != 0 ? 1 : 0));
    table.put("Not", unary(a -> a == 0 ? 1 : 0));
    table.put("Neg", unary(a -> -a));
    table.put("Abs", unary(Math::abs));
    table.put("Floor", unary(Math::floor));
    table.put("Ceil", unary(Math::ceil));
    table.put("Round", unary(Math::rint));
    table.put("Sqrt", unary(Math::sqrt));
    table.put("Reciprocal", unary(a -> 1 / a));
    table.put("Identity", unary(a -> a));
    table.put("Cast", Translator.of(KnownNumbers::cast));
    table.put("Where", Translator.of(KnownNumbers::where));
  }

  static Numbers numbers(Call call, int index) {
    return (Numbers) call.value(index);
  }

  private static Translator unary(DoubleUnaryOperator f) {
    return Translator.of(
        call -> {
          Numbers x = numbers(call, 0);
          return new Numbers(x.whole(), x.dims(), Arrays.stream(x.values()).map(f).toArray());
        });
  }

  private static Translator binary(DoubleBinaryOperator f) {
    return Translator.of(
        call -> {
          Numbers result = numbers(call, 0);
          for (int i = 1; i < call.inputs(); i++) {
            Numbers next = numbers(call, i);
            result = combined(result, next, result.whole() && next.whole(), f);
          }
          return result;
        });
  }

  private static Translator test(DoubleBinaryOperator f) {
    return Translator.of(call -> combined(numbers(call, 0), numbers(call, 1), true, f));
  }

  private static Numbers combined(Numbers a, Numbers b, boolean whole, DoubleBinaryOperator f) {
    int[] dims = broadcast(a.dims(), b.dims());
    double[] left = repeated(a, dims).values();
    double[] right = repeated(b, dims).values();
    double[] values = new double[left.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = f.applyAsDouble(left[i], right[i]);
    }
    return new Numbers(whole, dims, values);
  }

  private static Value div(Call call) {
    Numbers a = numbers(call, 0);
    Numbers b = numbers(call, 1);
    boolean whole = a.whole() && b.whole();
    if (whole && Arrays.stream(b.values()).anyMatch(v -> v == 0)) {
      throw new IllegalArgumentException("it divides a whole number by 0");
    }
    return combined(a, b, whole, (x, y) -> whole ? (double) ((long) x / (long) y) : x / y);
  }

  /** The sign is that of the divisor, or of the dividend if the node says fmod. */
  private static Value mod(Call call) {
    boolean ofDividend = call.whole("fmod", 0) != 0;
    return combined(
        numbers(call, 0),
        numbers(call, 1),
        numbers(call, 0).whole(),
        (x, y) -> ofDividend ? x % y : x - y * Math.floor(x / y));
  }

  private static Value where(Call call) {
    Numbers condition = numbers(call, 0);
    Numbers x = numbers(call, 1);
    Numbers y = numbers(call, 2);
    int[] dims = broadcast(condition.dims(), broadcast(x.dims(), y.dims()));
    double[] chosen = repeated(x, dims).values().clone();
    double[] other = repeated(y, dims).values();
    double[] conditions = repeated(condition, dims).values();
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] = conditions[i] != 0 ? chosen[i] : other[i];
    }
    return new Numbers(x.whole() && y.whole(), dims, chosen);
  }

  private static Value cast(Call call) {
    call.ignore("saturate", "round_mode");
    Numbers x = numbers(call, 0);
    ElementType type = ElementType.of(call.whole("to", 0));
    Call.require(type != null, "it casts to a type that is not known");
    double[] values = x.values();
    return switch (Objects.requireNonNull(type)) {
      case FLOAT, FLOAT16, BFLOAT16, DOUBLE -> new Numbers(false, x.dims(), values);
      case BOOL ->
          new Numbers(true, x.dims(), Arrays.stream(values).map(v -> v == 0 ? 0 : 1).toArray());
      case INT64, INT32, INT8, UINT8 ->
          new Numbers(true, x.dims(), Arrays.stream(values).map(v -> (double) (long) v).toArray());
    };
  }

  // ---------------------------------------------------------------- broadcasting

  /** Returns the shape that two shapes, aligned at their last axes, are repeated to. */
  static int[] broadcast(int[] a, int[] b) {
    int[] dims = new int[Math.max(a.length, b.length)];
    for (int i = 1; i <= dims.length; i++) {
      int left = i <= a.length ? a[a.length - i] : 1;
      int right = i <= b.length ? b[b.length - i] : 1;
      Call.require(
          left == right || left == 1 || right == 1,
          "shapes " + Arrays.toString(a) + " and " + Arrays.toString(b) + " do not fit");
      dims[dims.length - i] = left == 1 ? right : left;
    }
    return dims;
  }

  /** Returns numbers repeated to a shape that {@link #broadcast} gave. */
  static Numbers repeated(Numbers x, int[] dims) {
    int size = size(dims);
    double[] values = new double[size];
    int lead = dims.length - x.dims().length;
    int[] strides = new int[dims.length];
    for (int axis = dims.length - 1, stride = 1; axis >= lead; axis--) {
      int extent = x.dims()[axis - lead];
      strides[axis] = extent == 1 ? 0 : stride;
      stride *= extent;
    }
    for (int i = 0; i < size; i++) {
      int from = 0;
      for (int axis = dims.length - 1, rest = i; axis >= lead; axis--) {
        from += rest % dims[axis] * strides[axis];
        rest /= dims[axis];
      }
      values[i] = x.values()[from];
    }
    return new Numbers(x.whole(), dims, values);
  }

  /** Returns the number of elements of a shape, which must be a small one. */
  static int size(int... dims) {
    long size = 1;
    for (int extent : dims) {
      if (extent < 0) {
        throw new IllegalArgumentException(
            "a shape has a negative extent: " + Arrays.toString(dims));
      }
      size *= extent;
      if (size > Numbers.MOST) {
        throw new IllegalArgumentException(
            "shape " + Arrays.toString(dims) + " is too large for what is known beforehand");
      }
    }
    return (int) size;
  }
}
