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
import java.util.stream.IntStream;

/** What goes element by element: the order in memory does not matter. */
final class Elementwise {
  private static final double SIXTH = 1.0 / 6;
  private static final double SELU_ALPHA = 1.6732632423543772;
  private static final double SELU_GAMMA = 1.0507009873554805;

  private Elementwise() {}

  static void addTo(Map<String, Translator> table) {
    table.put("Relu", unary(Ops::relu));
    table.put("Sigmoid", unary(Ops::sigmoid));
    table.put("Tanh", unary(Ops::tanh));
    table.put("Exp", unary(Ops::exp));
    table.put("Log", unary(Ops::log));
    table.put("Sqrt", unary(Ops::sqrt));
    table.put("Abs", unary(Ops::abs));
    table.put("Neg", unary(Ops::neg));
    table.put("Reciprocal", unary(Ops::reciprocal));
    table.put("Erf", unary(Ops::erf));
    table.put("HardSwish", unary(Ops::hardSwish));
    table.put("Softplus", unary(Ops::softplus));
    table.put("Softsign", unary(Ops::softsign));
    table.put("Mish", unary(Ops::mish));
    table.put("Elu", withAlpha(1, Ops::elu));
    table.put("Celu", withAlpha(1, Ops::celu));
    table.put("LeakyRelu", withAlpha(0.01, Ops::leakyRelu));
    table.put("Selu", Translator.of(Elementwise::selu));
    table.put("Gelu", Translator.of(Elementwise::gelu));
    table.put("PRelu", Translator.of(Elementwise::prelu));
    table.put("HardSigmoid", Translator.of(Elementwise::hardSigmoid));
    table.put("Swish", Translator.of(Elementwise::swish));
    table.put("Clip", Translator.of(Elementwise::clip));
    table.put("Pow", Translator.of(Elementwise::pow));
    table.put("Add", Translator.of(Elementwise::add));
    table.put("Sub", Translator.of(Elementwise::sub));
    table.put("Mul", Translator.of(Elementwise::mul));
    table.put("Div", Translator.of(Elementwise::div));
    table.put("Sum", Translator.of(call -> all(call, Role.BIAS, Ops::add)));
    table.put("Max", Translator.of(Elementwise::max));
    table.put("Min", Translator.of(Elementwise::min));
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

  /** A function with a number. */
  private interface WithNumber {
    Tensor apply(Tensor x, double number);
  }

  private static Translator withAlpha(double otherwise, WithNumber f) {
    return Translator.of(
        call -> {
          double alpha = call.real("alpha", otherwise);
          return mapped(call.live(0), x -> f.apply(x, alpha));
        });
  }

  /** The usual numbers, or such that are rounded to floats. */
  private static Value selu(Call call) {
    double alpha = call.real("alpha", SELU_ALPHA);
    double gamma = call.real("gamma", SELU_GAMMA);
    boolean usual = Math.abs(alpha - SELU_ALPHA) < 1e-6 && Math.abs(gamma - SELU_GAMMA) < 1e-6;
    return mapped(call.live(0), x -> usual ? Ops.selu(x) : Ops.mul(Ops.elu(x, alpha), gamma));
  }

  private static Value gelu(Call call) {
    boolean tanh = call.text("approximate", "none").equals("tanh");
    return mapped(call.live(0), tanh ? Ops::geluTanh : Ops::gelu);
  }

  /** Up to opset 6 a slope of one axis has a number for each channel. */
  private static Value prelu(Call call) {
    Value slope = call.value(1);
    int rank = call.value(0).dims().length;
    if (call.opset() < 7 && slope.dims().length == 1 && slope.dims()[0] > 1 && rank > 2) {
      slope = Views.unsqueezed(slope, IntStream.range(1, rank - 1).toArray());
    }
    return binary(call, call.value(0), slope, Role.SCALE, Ops::prelu);
  }

  private static Value hardSigmoid(Call call) {
    double alpha = call.real("alpha", 0.2);
    double beta = call.real("beta", 0.5);
    boolean sixth = Math.abs(alpha - SIXTH) < 1e-6 && beta == 0.5;
    return mapped(call.live(0), x -> sixth ? Ops.hardSigmoid(x) : Ops.hardSigmoid(x, alpha, beta));
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
    return Ops.clip(x, low, high);
  }

  private static Value pow(Call call) {
    if (call.value(1) instanceof Live || Values.arrangement(call.value(1)).order().size() > 0) {
      return binary(call, call.value(0), call.value(1), Role.SCALE, Ops::pow);
    }
    double exponent = call.number(1, 1);
    return mapped(call.live(0), x -> Ops.pow(x, exponent));
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
    if (isNumber(call, 0)) {
      double number = number(call, 0);
      return mapped(call.live(1), x -> Ops.mul(Ops.reciprocal(x), number));
    }
    return binary(call, Role.SCALE, Ops::div);
  }

  private static Value max(Call call) {
    for (int i = 0; i < 2 && call.inputs() == 2; i++) {
      if (isNumber(call, i)) {
        double number = number(call, i);
        return mapped(call.live(1 - i), x -> clamped(x, number, Double.POSITIVE_INFINITY));
      }
    }
    return all(call, Role.BIAS, Ops::max);
  }

  private static Value min(Call call) {
    for (int i = 0; i < 2 && call.inputs() == 2; i++) {
      if (isNumber(call, i)) {
        double number = number(call, i);
        return mapped(call.live(1 - i), x -> clamped(x, Double.NEGATIVE_INFINITY, number));
      }
    }
    return all(call, Role.BIAS, Ops::min);
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
