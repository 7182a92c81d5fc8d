package dev.thumbnet.engine.onnx.operator;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.onnx.value.Pair;
import dev.thumbnet.engine.onnx.value.Rows;
import dev.thumbnet.engine.onnx.value.Value;
import dev.thumbnet.engine.onnx.value.Value.Live;
import dev.thumbnet.engine.onnx.value.Values;
import dev.thumbnet.engine.onnx.value.Weights.Role;
import dev.thumbnet.engine.op.Ops;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Products with matrices. */
final class LinearAlgebra {
  private LinearAlgebra() {}

  static void addTo(Map<String, Translator> table) {
    table.put("Gemm", Translator.of(LinearAlgebra::gemm));
    table.put("MatMul", Translator.of(LinearAlgebra::matMul));
  }

  /** Returns alpha · A · B + beta · C, with A and B perhaps transposed. */
  private static Value gemm(Call call) {
    call.ignore("broadcast");
    Value a = matrix(call, 0, call.whole("transA", 0) != 0);
    Value b = matrix(call, 1, call.whole("transB", 0) != 0);
    double alpha = call.real("alpha", 1);
    double beta = call.real("beta", 1);
    int columns = b.dims()[1];
    boolean hasC = call.has(2) && beta != 0;
    Tensor bias = hasC && alpha == 1 && beta == 1 ? bias(call, columns) : null;
    Live y = product(call, a, b, bias);
    if (alpha != 1) {
      y = new Live(Ops.mul(y.tensor(), alpha), y.arrangement());
    }
    if (!hasC || bias != null) {
      return y;
    }
    Pair pair = Pair.of(y, call.value(2), call.weights(), Role.BIAS);
    Tensor c = beta == 1 ? pair.b() : Ops.mul(pair.b(), beta);
    return new Live(Ops.add(pair.a(), c), pair.result());
  }

  private static Value matrix(Call call, int index, boolean transposed) {
    Value x = call.value(index);
    Call.require(x.dims().length == 2, "input " + index + " is no matrix");
    return transposed ? Views.transposed(x, 1, 0) : x;
  }

  private static @Nullable Tensor bias(Call call, int columns) {
    int[] dims = call.value(2).dims();
    boolean row = dims.length > 0 && dims[dims.length - 1] == columns && dims.length <= 2;
    if (!row || dims.length == 2 && dims[0] != 1) {
      return null;
    }
    Value c = dims.length == 2 ? Views.reshaped(call.value(2), columns) : call.value(2);
    return call.tensor(c, Role.BIAS, 0);
  }

  private static Value matMul(Call call) {
    Value a = call.value(0);
    Value b = call.value(1);
    int rankA = a.dims().length;
    int rankB = b.dims().length;
    if (rankB == 2 && rankA >= 2 && a instanceof Live) {
      return product(call, a, b, null);
    }
    if (rankA == 2 && rankB >= 2 && b instanceof Live) {
      Live flipped = product(call, flipped(b), flipped(a), null);
      return flipped(flipped);
    }
    Call.require(rankA >= 2 && rankB >= 2, "it multiplies vectors, of rank 1");
    return matrices(Values.inRows(call.live(0)), Values.inRows(call.live(1)));
  }

  /** Many pairs of matrices, in the last two axes of both. */
  private static Live matrices(Live a, Live b) {
    Tensor y = Ops.matmul(a.tensor(), b.tensor());
    boolean ofA = a.arrangement().startsWithPictures();
    return new Live(y, Values.rowsLike((ofA ? a : b).arrangement(), y.shape().toArray()));
  }

  /** Returns a value with its last two axes counted in the other order. */
  private static Value flipped(Value x) {
    int rank = x.dims().length;
    int[] perm = IntStream.range(0, rank).toArray();
    perm[rank - 1] = rank - 2;
    perm[rank - 2] = rank - 1;
    return Views.transposed(x, perm);
  }

  /**
   * Returns x · w + bias. The rows of w are ordered as the elements of x lie, so that a flattened
   * picture need not move.
   */
  private static Live product(Call call, Value x, Value w, @Nullable Tensor bias) {
    Call.require(
        x.dims()[x.dims().length - 1] == w.dims()[0],
        "rows of " + x.dims()[x.dims().length - 1] + " meet columns of " + w.dims()[0]);
    Rows rows = Rows.of(Values.live(x, call.weights(), Role.WEIGHT), w, call.weights());
    Tensor y = Ops.linear(rows.x(), rows.weight(), bias);
    return new Live(y, rows.result());
  }
}
