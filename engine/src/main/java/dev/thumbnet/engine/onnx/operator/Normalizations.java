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
import java.util.stream.IntStream;

/** Normalisations. */
final class Normalizations {
  /** More channels than any network compares one with. */
  private static final int MOST_NEIGHBOURS = 1 << 12;

  private Normalizations() {}

  static void addTo(Map<String, Translator> table) {
    table.put("BatchNormalization", Translator.of(Normalizations::batch));
    table.put("InstanceNormalization", Translator.of(Normalizations::instance));
    table.put("GroupNormalization", Translator.of(Normalizations::group));
    table.put("LayerNormalization", Translator.of(Normalizations::layer));
    table.put("LRN", Translator.of(Normalizations::localResponse));
  }

  /** By given statistics; in training by those of the batch, which then move the given ones. */
  private static Value batch(Call call) {
    int[] dims = call.value(0).dims();
    Call.require(dims.length >= 2, "it takes values with channels");
    Call.require(call.whole("spatial", 1) == 1, "it has statistics for each pixel");
    Call.require(
        call.whole("training_mode", 0) == 0,
        "its training_mode is set; export the model in evaluation mode");
    call.ignore("is_test", "consumed_inputs");
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
    return channelsLast(call, y);
  }

  /** Returns what lies in memory with channels last, and otherwise as the first input. */
  private static Live channelsLast(Call call, Tensor y) {
    Arrangement a = call.arrangement(0);
    return new Live(y, a.inOrder(a.atoms(channelsLast(a.rank()))));
  }

  private static int[] channelsLast(int rank) {
    List<Integer> order = new ArrayList<>();
    IntStream.range(0, rank).filter(axis -> axis != 1).forEach(order::add);
    order.add(1);
    return order.stream().mapToInt(axis -> axis).toArray();
  }

  private static Value instance(Call call) {
    int[] dims = call.value(0).dims();
    Call.require(dims.length > 2, "it takes pictures");
    Tensor gamma = call.vector(1, Role.SCALE, dims[1]);
    Tensor beta = call.vector(2, Role.SCALE, dims[1]);
    double eps = call.real("epsilon", 1e-5);
    Tensor x = call.tensor(call.value(0), Role.SCALE, channelsLast(dims.length));
    return channelsLast(call, Ops.instanceNorm(x, gamma, beta, eps));
  }

  /** Before opset 21 scale and shift were of groups, which made no sense and was given up. */
  private static Value group(Call call) {
    int[] dims = call.value(0).dims();
    Call.require(call.opset() >= 21, "before opset 21 it scales groups, not channels");
    Call.require(dims.length > 2, "it takes pictures");
    call.ignore("stash_type");
    Tensor gamma = call.vector(1, Role.SCALE, dims[1]);
    Tensor beta = call.vector(2, Role.SCALE, dims[1]);
    double eps = call.real("epsilon", 1e-5);
    int groups = call.whole("num_groups", 0);
    Call.require(groups > 0, "it has " + groups + " groups");
    Tensor x = call.tensor(call.value(0), Role.SCALE, channelsLast(dims.length));
    return channelsLast(call, Ops.groupNorm(x, groups, gamma, beta, eps));
  }

  /** Along the last axes, which must lie last in memory, and so must what they are scaled by. */
  private static Value layer(Call call) {
    call.ignore("stash_type");
    Arrangement a = call.arrangement(0);
    int axis = Call.axis(call.whole("axis", -1), a.rank());
    double eps = call.real("epsilon", 1e-5);
    List<Atom> along = a.atoms(IntStream.range(axis, a.rank()).toArray());
    List<Atom> order = new ArrayList<>(a.order());
    order.removeAll(along);
    int[] extents = Arrays.copyOfRange(a.dims(), axis, a.rank());
    int[] shape =
        IntStream.concat(order.stream().mapToInt(Atom::extent), IntStream.of(extents)).toArray();
    order.addAll(along);
    Live moved = Values.moved(call.live(0), order);
    Tensor y =
        Ops.layerNorm(
            Values.shaped(moved.tensor(), shape),
            extents.length,
            call.has(1) ? rows(call, 1, extents) : null,
            call.has(2) ? rows(call, 2, extents) : null,
            eps);
    return new Live(y, moved.arrangement());
  }

  private static Tensor rows(Call call, int index, int... extents) {
    Value value = call.value(index);
    Call.require(Arrays.equals(value.dims(), extents), "input " + index + " has another shape");
    return call.tensor(value, Role.SCALE, IntStream.range(0, extents.length).toArray());
  }

  private static Value localResponse(Call call) {
    int size = call.whole("size", 0);
    Call.require(size > 0 && size <= MOST_NEIGHBOURS, "its size is " + size);
    double alpha = call.real("alpha", 1e-4);
    double beta = call.real("beta", 0.75);
    double bias = call.real("bias", 1);
    Tensor x = call.picture(call.value(0));
    return channelsLast(call, Ops.localResponseNorm(x, size, alpha, beta, bias));
  }
}
