package dev.thumbnet.engine.onnx.operator;

import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.onnx.file.ElementType;
import dev.thumbnet.engine.onnx.value.Pair;
import dev.thumbnet.engine.onnx.value.Value;
import dev.thumbnet.engine.onnx.value.Value.Live;
import dev.thumbnet.engine.onnx.value.Values;
import dev.thumbnet.engine.onnx.value.Weights.Role;
import dev.thumbnet.engine.op.Ops;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** What goes element by element: the order in memory does not matter. */
final class Elementwise {
  private static final double SIXTH = 1.0 / 6;

  private Elementwise() {}

  static void addTo(Map<String, Translator> table) {
    table.put("Relu", unary(Ops::relu));
    table.put("Sigmoid", unary(Ops::sigmoid));
    table.put("Tanh", unary(Ops::tanh));
    table.put("Exp", unary(Ops::exp));
    table.put("Log", unary(Ops::log));
    table.put("Sqrt", unary(Ops::sqrt));
    table.put("Abs", unary(Ops::abs));
    table.put("Neg", unary(x -> Ops.mul(x, -1)));
    table.put("HardSwish", unary(Ops::hardSwish));
    table.put("Softsign", unary(x -> Ops.div(x, Ops.add(Ops.abs(x), 1))));
    table.put("LeakyRelu", Translator.of(Elementwise::leakyRelu));
    table.put("HardSigmoid", Translator.of(Elementwise::hardSigmoid));
    table.put("Swish", Translator.of(Elementwise::swish));
    table.put("Clip", Translator.of(Elementwise::clip));
    table.put("Pow", Translator.of(Elementwise::pow));
    table.put("Add", Translator.of(Elementwise::add));
    table.put("Sub", Translator.of(Elementwise::sub));
    table.put("Mul", Translator.of(Elementwise::mul));
    table.put("Div", Translator.of(Elementwise::div));
    table.put("Sum", Translator.of(call -> all(call, Role.BIAS, Ops::add)));
    table.put("Mean", Translator.of(Elementwise::mean));
    table.put("Identity", Translator.of(call -> call.value(0)));
    table.put("Dropout", Translator.of(Elementwise::dropout));
    table.put("Cast", Translator.of(Elementwise::cast));
  }

  private static Translator unary(UnaryOperator<Tensor> f) {
    return Translator.of(call -> mapped(call.live(0), f));
  }

  private static Live mapped(Live x, UnaryOperator<Tensor> f) {
    return new Live(f.apply(x.tensor()), x.arrangement());
  }

  // ---------------------------------------------------------------- functions with numbers

  private static Value leakyRelu(Call call) {
    double slope = call.real("alpha", 0.01);
    return mapped(call.live(0), x -> Ops.leakyRelu(x, slope));
  }

  private static Value hardSigmoid(Call call) {
    double alpha = call.real("alpha", 0.2);
    double beta = call.real("beta", 0.5);
    if (Math.abs(alpha - SIXTH) < 1e-6 && beta == 0.5) {
      return mapped(call.live(0), Ops::hardSigmoid);
    }
    return mapped(call.live(0), x -> clamped(Ops.add(Ops.mul(x, alpha), beta), 0, 1));
  }

  private static Value swish(Call call) {
    double alpha = call.real("alpha", 1);
    return mapped(
        call.live(0), x -> alpha == 1 ? Ops.silu(x) : Ops.mul(x, Ops.sigmoid(Ops.mul(x, alpha))));
  }

  private static Value clip(Call call) {
    boolean attributes = call.opset() < 11;
    double low =
        attributes ? call.real("min", -Float.MAX_VALUE) : call.number(1, Double.NEGATIVE_INFINITY);
    double high =
        attributes ? call.real("max", Float.MAX_VALUE) : call.number(2, Double.POSITIVE_INFINITY);
    return mapped(call.live(0), x -> clamped(x, low, high));
  }

  private static Tensor clamped(Tensor x, double low, double high) {
    if (low == 0 && high == 6) {
      return Ops.relu6(x);
    }
    if (low == 0 && high >= Float.MAX_VALUE) {
      return Ops.relu(x);
    }
    Call.require(low <= high, "its bounds " + low + " and " + high + " leave nothing");
    int rank = x.shape().rank();
    int channels = rank == 0 ? 1 : x.dim(-1);
    Tensor y =
        Ops.clamp(
            rank == 0 ? Ops.reshape(x, 1) : x,
            Tensor.full(x.device(), low, channels),
            Tensor.full(x.device(), high, channels));
    return Values.shaped(y, x.shape().toArray());
  }

  private static Value pow(Call call) {
    Double exponent = call.number(1);
    if (exponent == null) {
      throw new IllegalArgumentException("only powers with a constant exponent are computed");
    }
    if (exponent == 1) {
      return call.value(0);
    } else if (exponent == 2) {
      return mapped(call.live(0), Ops::square);
    } else if (exponent == 0.5) {
      return mapped(call.live(0), Ops::sqrt);
    }
    throw new IllegalArgumentException("exponent " + exponent + " is none of 1, 2 and 0.5");
  }

  // ---------------------------------------------------------------- two values

  /** The number that is the second operand, if it is one and does not add axes to the first. */
  private static boolean isNumber(Call call, int index) {
    return call.number(index) != null
        && call.value(index).dims().length <= call.value(1 - index).dims().length;
  }

  private static double number(Call call, int index) {
    return call.number(index, 0);
  }

  private static Value binary(Call call, Role role, BinaryOperator<Tensor> f) {
    call.ignore("broadcast");
    return binary(call, call.value(0), call.value(1), role, f);
  }

  private static Value binary(Call call, Value a, Value b, Role role, BinaryOperator<Tensor> f) {
    Pair pair = Pair.of(a, b, call.weights(), role);
    return new Live(f.apply(pair.a(), pair.b()), pair.result());
  }

  private static Value add(Call call) {
    for (int i = 0; i < 2; i++) {
      if (isNumber(call, i)) {
        call.ignore("broadcast");
        double number = number(call, i);
        return mapped(call.live(1 - i), x -> Ops.add(x, number));
      }
    }
    return binary(call, Role.BIAS, Ops::add);
  }

  private static Value sub(Call call) {
    if (isNumber(call, 1)) {
      call.ignore("broadcast");
      double number = number(call, 1);
      return mapped(call.live(0), x -> Ops.add(x, -number));
    }
    if (isNumber(call, 0)) {
      double number = number(call, 0);
      return mapped(call.live(1), x -> Ops.add(Ops.mul(x, -1), number));
    }
    return binary(call, Role.BIAS, Ops::sub);
  }

  private static Value mul(Call call) {
    for (int i = 0; i < 2; i++) {
      if (isNumber(call, i)) {
        call.ignore("broadcast");
        double number = number(call, i);
        return mapped(call.live(1 - i), x -> Ops.mul(x, number));
      }
    }
    return binary(call, Role.SCALE, Ops::mul);
  }

  private static Value div(Call call) {
    if (isNumber(call, 1)) {
      call.ignore("broadcast");
      double number = number(call, 1);
      return mapped(call.live(0), x -> Ops.mul(x, 1 / number));
    }
    return binary(call, Role.SCALE, Ops::div);
  }

  private static Value all(Call call, Role role, BinaryOperator<Tensor> f) {
    Value result = call.value(0);
    for (int i = 1; i < call.inputs(); i++) {
      result = binary(call, result, call.value(i), role, f);
    }
    return result;
  }

  private static Value mean(Call call) {
    Live sum = Values.live(all(call, Role.BIAS, Ops::add), call.weights(), Role.BIAS);
    return mapped(sum, x -> Ops.mul(x, 1.0 / call.inputs()));
  }

  // ---------------------------------------------------------------- what is the same

  /** Nothing is dropped but in training; the mask is nobody's. */
  private static Value dropout(Call call) {
    double ratio = call.opset() < 12 ? call.real("ratio", 0.5) : call.number(1, 0.5);
    call.ignore("is_test", "seed");
    Rng rng = call.run().dropout();
    return rng == null || ratio == 0
        ? call.value(0)
        : mapped(call.live(0), x -> Ops.dropout(x, ratio, rng));
  }

  /** All numbers here are floats. */
  private static Value cast(Call call) {
    int to = call.whole("to", 0);
    call.ignore("saturate", "round_mode");
    ElementType type = ElementType.of(to);
    Call.require(
        type != null && type.isFloat(),
        "what depends on the picture cannot become " + ElementType.name(to));
    return call.value(0) instanceof Value.Numbers n
        ? new Value.Numbers(false, n.dims(), n.values())
        : call.value(0);
  }
}
