package dev.thumbnet.engine.onnx.operator;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.onnx.value.Arrangement;
import dev.thumbnet.engine.onnx.value.Value;
import dev.thumbnet.engine.onnx.value.Value.Live;
import dev.thumbnet.engine.onnx.value.Weights.Role;
import dev.thumbnet.engine.op.Ops;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Normalisations. */
final class Normalizations {
  private Normalizations() {}

  static void addTo(Map<String, Translator> table) {
    table.put("BatchNormalization", Translator.of(Normalizations::batch));
  }

  /** By given statistics; in training by those of the batch, which then move the given ones. */
  private static Value batch(Call call) {
    int[] dims = call.value(0).dims();
    Call.require(dims.length >= 2, "it takes values with channels");
    Call.require(call.whole("spatial", 1) == 1, "it has statistics for each pixel");
    call.ignore("is_test", "training_mode", "consumed_inputs");
    double eps = call.real("epsilon", 1e-5);
    double kept = call.real("momentum", 0.9);
    Tensor x = call.tensor(call.value(0), Role.SCALE, channelsLast(dims.length));
    Tensor gamma = call.vector(1, Role.SCALE, dims[1]);
    Tensor beta = call.vector(2, Role.SCALE, dims[1]);
    Tensor mean = call.vector(3, Role.STATISTIC, dims[1]);
    Tensor variance = call.vector(4, Role.STATISTIC, dims[1]);
    Tensor y =
        call.run().training()
            ? Ops.batchNormTrain(x, gamma, beta, mean, variance, 1 - kept, eps)
            : Ops.batchNormEval(x, gamma, beta, mean, variance, eps);
    Arrangement a = call.arrangement(0);
    return new Live(y, a.inOrder(a.atoms(channelsLast(dims.length))));
  }

  private static int[] channelsLast(int rank) {
    List<Integer> order = new ArrayList<>();
    IntStream.range(0, rank).filter(axis -> axis != 1).forEach(order::add);
    order.add(1);
    return order.stream().mapToInt(axis -> axis).toArray();
  }
}
