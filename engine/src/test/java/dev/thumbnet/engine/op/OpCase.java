package dev.thumbnet.engine.op;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.Padding;
import dev.thumbnet.engine.backend.problem.ResizeProblem.Filter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * One row of the table that drives the tests of all operations: inputs, away from kinks, and a
 * function of them. The same row is checked for its gradients and compared between devices.
 *
 * @param name what a failing test is called
 * @param function the operation
 * @param inputs what it is applied to
 */
record OpCase(String name, Function<Tensor[], Tensor> function, List<Input> inputs) {
  /** How the elements of an input are drawn. */
  enum Draw {
    /** Either sign, magnitude in [0.2, 1.2): not near 0, where ReLU and its kin have a kink. */
    SIGNED,
    /** Either sign, magnitude in [2, 3): decides the sign of a sum with a SIGNED number. */
    LARGE,
    /** In [0.5, 1.5). */
    POSITIVE,
    /** All different by 0.1 or more, in random order: for maxima. */
    SPACED,
    /** Rows of positive numbers whose sum is 1. */
    PROBABILITIES
  }

  /** Shape and distribution of an input. */
  record Input(Shape shape, Draw draw) {
    double[] values(Rng rng) {
      double[] v = new double[shape.size()];
      int[] order = rng.permutation(v.length);
      for (int i = 0; i < v.length; i++) {
        double u = rng.nextDouble();
        double sign = rng.nextInt(2) == 0 ? -1 : 1;
        v[i] =
            switch (draw) {
              case SIGNED -> sign * (0.2 + u);
              case LARGE -> sign * (2 + u);
              case POSITIVE, PROBABILITIES -> 0.5 + u;
              case SPACED -> 0.2 * order[i] + 0.1 * u - 0.1 * v.length;
            };
      }
      if (draw == Draw.PROBABILITIES) {
        int cols = shape.dim(-1);
        for (int row = 0; row < v.length; row += cols) {
          double sum = 0;
          for (int j = 0; j < cols; j++) {
            sum += v[row + j];
          }
          for (int j = 0; j < cols; j++) {
            v[row + j] /= sum;
          }
        }
      }
      return v;
    }
  }

  /** Makes the inputs, the same for each call, on a device. */
  Tensor[] tensors(Device device) {
    Rng rng = new Rng(name.hashCode());
    return inputs.stream()
        .map(input -> Tensor.of(device, input.values(rng), input.shape.toArray()))
        .toArray(Tensor[]::new);
  }

  @Override
  public String toString() {
    return name;
  }

  private static Input in(Draw draw, int... dims) {
    return new Input(Shape.of(dims), draw);
  }

  private static Input signed(int... dims) {
    return in(Draw.SIGNED, dims);
  }

  private static Input positive(int... dims) {
    return in(Draw.POSITIVE, dims);
  }

  /** Returns the table. */
  static List<OpCase> all() {
    List<OpCase> all = new ArrayList<>();
    elementwise(all);
    functions(all);
    powers(all);
    broadcasts(all);
    layers(all);
    spatial(all);
    shapes(all);
    arranged(all);
    reductions(all);
    losses(all);
    return all;
  }

  private static void add(
      List<OpCase> all, String name, Function<Tensor[], Tensor> function, Input... inputs) {
    all.add(new OpCase(name, function, List.of(inputs)));
  }

  private static void elementwise(List<OpCase> all) {
    add(all, "relu", in -> Ops.relu(in[0]), signed(3, 7));
    add(all, "leakyRelu", in -> Ops.leakyRelu(in[0], 0.1), signed(3, 7));
    add(all, "sigmoid", in -> Ops.sigmoid(in[0]), signed(3, 7));
    add(all, "relu6", in -> Ops.relu6(Ops.mul(in[0], 3)), in(Draw.SPACED, 3, 9));
    add(all, "hardSigmoid", in -> Ops.hardSigmoid(Ops.mul(in[0], 2.5)), in(Draw.SPACED, 3, 9));
    add(all, "hardSwish", in -> Ops.hardSwish(Ops.mul(in[0], 2.5)), in(Draw.SPACED, 3, 9));
    add(all, "silu", in -> Ops.silu(Ops.mul(in[0], 2)), in(Draw.SPACED, 3, 9));
    add(all, "tanh", in -> Ops.tanh(in[0]), signed(3, 7));
    add(all, "exp", in -> Ops.exp(in[0]), signed(3, 7));
    add(all, "log", in -> Ops.log(in[0]), positive(3, 7));
    add(all, "sqrt", in -> Ops.sqrt(in[0]), positive(3, 7));
    add(all, "square", in -> Ops.square(in[0]), signed(3, 7));
    add(all, "abs", in -> Ops.abs(in[0]), signed(3, 7));
    add(all, "add", in -> Ops.add(in[0], in[1]), signed(3, 7), signed(3, 7));
    add(all, "sub", in -> Ops.sub(in[0], in[1]), signed(3, 7), signed(3, 7));
    add(all, "mul", in -> Ops.mul(in[0], in[1]), signed(3, 7), signed(3, 7));
    add(all, "div", in -> Ops.div(in[0], in[1]), signed(3, 7), positive(3, 7));
    add(all, "addRelu", in -> Ops.addRelu(in[0], in[1]), in(Draw.LARGE, 3, 7), signed(3, 7));
    add(all, "add number", in -> Ops.add(in[0], -1.5), signed(3, 7));
    add(all, "mul number", in -> Ops.mul(in[0], -1.5), signed(3, 7));
    add(all, "x times x", in -> Ops.mul(in[0], in[0]), signed(5));
    add(all, "x plus x", in -> Ops.add(in[0], in[0]), signed(5));
    add(all, "x minus x²", in -> Ops.sub(in[0], Ops.square(in[0])), signed(5));
    add(
        all,
        "clamp",
        in ->
            Ops.clamp(
                in[0],
                Tensor.of(in[0].device(), new double[] {-0.7, -0.1, 0.1}, 3),
                Tensor.of(in[0].device(), new double[] {0.7, 0.1, 5}, 3)),
        in(Draw.SPACED, 7, 3));
    add(all, "dropout", in -> Ops.dropout(in[0], 0.4, new Rng(5)), signed(4, 9));
  }

  private static void functions(List<OpCase> all) {
    add(all, "reciprocal", in -> Ops.reciprocal(in[0]), positive(3, 7));
    add(all, "neg", in -> Ops.neg(in[0]), signed(3, 7));
    add(all, "erf", in -> Ops.erf(in[0]), in(Draw.SPACED, 3, 9));
    add(all, "gelu", in -> Ops.gelu(in[0]), in(Draw.SPACED, 3, 9));
    add(all, "geluTanh", in -> Ops.geluTanh(in[0]), in(Draw.SPACED, 3, 9));
    add(all, "softplus", in -> Ops.softplus(in[0]), in(Draw.SPACED, 3, 9));
    add(all, "softsign", in -> Ops.softsign(in[0]), signed(3, 7));
    add(all, "mish", in -> Ops.mish(in[0]), in(Draw.SPACED, 3, 9));
    add(all, "elu", in -> Ops.elu(in[0], 0.7), signed(3, 7));
    add(all, "selu", in -> Ops.selu(in[0]), signed(3, 7));
    add(all, "celu", in -> Ops.celu(in[0], 0.4), signed(3, 7));
    add(all, "prelu", in -> Ops.prelu(in[0], in[1]), signed(2, 3, 4), signed(4));
    add(
        all,
        "hardSigmoid of two numbers",
        in -> Ops.hardSigmoid(in[0], 0.2, 0.45),
        in(Draw.SPACED, 4, 9));
    add(all, "clip", in -> Ops.clip(in[0], -0.77, 1.31), in(Draw.SPACED, 3, 9));
    add(
        all,
        "clip below",
        in -> Ops.clip(in[0], 0.31, Double.POSITIVE_INFINITY),
        in(Draw.SPACED, 3, 9));
  }

  private static void powers(List<OpCase> all) {
    for (double exponent : new double[] {0, 1, 2, 3, 4, 0.5, -1, -2, -0.5, 1.7, -2.3, 5}) {
      add(all, "pow " + exponent, in -> Ops.pow(in[0], exponent), positive(3, 7));
    }
    for (double exponent : new double[] {0, 2, 3, 5, 6, 7, -1, -2}) {
      add(all, "pow of signs " + exponent, in -> Ops.pow(in[0], exponent), signed(3, 7));
    }
  }

  private static void broadcasts(List<OpCase> all) {
    int[][][] pairs = {
      {{2, 3, 4, 5}, {5}},
      {{2, 3, 4, 5}, {2, 1, 1, 5}},
      {{2, 3, 4, 5}, {1, 3, 4, 1}},
      {{2, 3, 4, 5}, {2, 3, 4, 1}},
      {{2, 3, 4, 5}, {1, 3, 1, 5}},
      {{2, 3, 4, 5}, {}},
      {{2, 3, 4, 5}, {1}},
      {{4, 1}, {1, 3}},
      {{4, 1}, {3}},
      {{1, 5}, {5}},
      {{2, 1, 3}, {4, 1}},
    };
    for (int[][] pair : pairs) {
      String shapes = " " + Shape.of(pair[0]) + " and " + Shape.of(pair[1]);
      add(all, "add" + shapes, in -> Ops.add(in[0], in[1]), signed(pair[0]), signed(pair[1]));
      add(all, "sub" + shapes, in -> Ops.sub(in[0], in[1]), signed(pair[0]), signed(pair[1]));
      add(
          all,
          "sub reversed" + shapes,
          in -> Ops.sub(in[1], in[0]),
          signed(pair[0]),
          signed(pair[1]));
      add(all, "mul" + shapes, in -> Ops.mul(in[0], in[1]), signed(pair[0]), signed(pair[1]));
      add(all, "div" + shapes, in -> Ops.div(in[0], in[1]), signed(pair[0]), positive(pair[1]));
      Input middle = in(Draw.LARGE, pair[1]);
      Input spread = in(Draw.SIGNED, pair[0]);
      add(all, "max" + shapes, in -> Ops.max(in[0], in[1]), spread, middle);
      add(all, "min" + shapes, in -> Ops.min(in[0], in[1]), spread, middle);
      add(all, "pow" + shapes, in -> Ops.pow(in[0], in[1]), positive(pair[0]), signed(pair[1]));
    }
  }

  private static void layers(List<OpCase> all) {
    conv(all, "conv2d", Conv2dOptions.of(1, 1), 2, 5, 4, 3, 4, 3, 3);
    conv(all, "conv2d stride 2", Conv2dOptions.of(2, 1), 2, 6, 5, 3, 4, 3, 3);
    conv(all, "conv2d 1x1", Conv2dOptions.DEFAULT, 2, 3, 4, 5, 6, 1, 1);
    conv(all, "conv2d dilated", Conv2dOptions.of(1, 2).withDilation(2), 1, 6, 6, 2, 3, 3, 3);
    conv(all, "conv2d grouped", Conv2dOptions.of(1, 1).withGroups(2), 2, 4, 4, 4, 6, 3, 3);
    conv(all, "conv2d depthwise", Conv2dOptions.of(2, 1).withGroups(4), 2, 5, 5, 4, 4, 3, 3);
    conv(all, "conv2d odd", new Conv2dOptions(2, 1, 0, 2, 1, 2, 1), 2, 7, 6, 2, 3, 4, 2);
    Conv2dOptions sides = Conv2dOptions.DEFAULT.withPadding(new Padding(2, 0, 0, 1));
    conv(all, "conv2d, padding of each side", sides, 2, 4, 5, 2, 3, 3, 2);
    conv(all, "conv2d dilated by 4", Conv2dOptions.of(1, 4).withDilation(4), 1, 5, 6, 2, 3, 3, 3);
    conv(all, "conv2d of a line", new Conv2dOptions(1, 2, 0, 1, 1, 1, 1), 2, 1, 9, 2, 3, 1, 3);
    transposed(all, "convTranspose2d", Conv2dOptions.of(2, 1), 1, 2, 3, 4, 3, 4, 3);
    transposed(all, "convTranspose2d 2x2", Conv2dOptions.of(2, 0), 0, 2, 3, 2, 3, 2, 2);
    Conv2dOptions grouped = sides.withDilation(2).withGroups(2);
    transposed(all, "convTranspose2d grouped", grouped, 0, 1, 4, 3, 4, 6, 3);
    transposed(all, "convTranspose2d far", Conv2dOptions.of(3, 0), 2, 1, 2, 3, 2, 3, 2);
    add(
        all,
        "conv2d without bias",
        in -> Ops.conv2d(in[0], in[1], null, Conv2dOptions.of(1, 1)),
        signed(1, 4, 4, 2),
        signed(3, 3, 2, 3));
    add(
        all,
        "linear",
        in -> Ops.linear(in[0], in[1], in[2]),
        signed(4, 5),
        signed(5, 3),
        signed(3));
    add(
        all,
        "linear without bias",
        in -> Ops.linear(in[0], in[1], null),
        signed(4, 5),
        signed(5, 3));
    add(
        all,
        "linear on pixels",
        in -> Ops.linear(in[0], in[1], in[2]),
        signed(2, 3, 2, 4),
        signed(4, 3),
        signed(3));
    Input[] normal = {signed(2, 3, 2, 4), positive(4), signed(4)};
    add(all, "layerNorm", in -> Ops.layerNorm(in[0], 1, in[1], in[2], 1e-5), normal);
    add(all, "groupNorm", in -> Ops.groupNorm(in[0], 2, in[1], in[2], 1e-5), normal);
    add(all, "instanceNorm", in -> Ops.instanceNorm(in[0], in[1], in[2], 1e-5), normal);
    add(
        all,
        "layerNorm of pictures",
        in -> Ops.layerNorm(in[0], 3, null, null, 1e-5),
        signed(2, 3, 2, 4));
    for (int size : new int[] {1, 4, 5}) {
      add(
          all,
          "localResponseNorm " + size,
          in -> Ops.localResponseNorm(in[0], size, 0.3, 0.75, 1.5),
          signed(2, 2, 3, 6));
    }
    add(all, "matmul", in -> Ops.matmul(in[0], in[1]), signed(4, 5), signed(5, 3));
    add(
        all,
        "matmul of batches",
        in -> Ops.matmul(in[0], in[1]),
        signed(2, 3, 4, 5),
        signed(2, 3, 5, 2));
    add(
        all,
        "matmul repeated",
        in -> Ops.matmul(in[0], in[1]),
        signed(3, 1, 2, 5),
        signed(4, 5, 2));
    batchNorm(all, "batchNorm", 3, 2, 2, 4);
    batchNorm(all, "batchNorm of vectors", 6, 3);
  }

  private static void conv(
      List<OpCase> all,
      String name,
      Conv2dOptions options,
      int n,
      int h,
      int w,
      int c,
      int k,
      int kh,
      int kw) {
    add(
        all,
        name,
        in -> Ops.conv2d(in[0], in[1], in[2], options),
        signed(n, h, w, c),
        signed(kh, kw, c / options.groups(), k),
        signed(k));
  }

  private static void transposed(
      List<OpCase> all,
      String name,
      Conv2dOptions options,
      int more,
      int n,
      int h,
      int w,
      int c,
      int k,
      int kernel) {
    add(
        all,
        name,
        in -> Ops.convTranspose2d(in[0], in[1], in[2], options, more, 0),
        signed(n, h, w, c),
        signed(kernel, kernel, k / options.groups(), c),
        signed(k));
  }

  /** LARGE inputs are bimodal, so after normalisation few values come near the kink of ReLU. */
  private static void batchNorm(List<OpCase> all, String name, int... dims) {
    int c = dims[dims.length - 1];
    Input[] inputs = {in(Draw.LARGE, dims), positive(c), in(Draw.SIGNED, c)};
    add(
        all,
        name + " train",
        in -> Ops.batchNormTrain(in[0], in[1], in[2], zeros(in[1]), zeros(in[1]), 0.1, 1e-5),
        inputs);
    add(
        all,
        name + " and ReLU train",
        in -> Ops.batchNormReluTrain(in[0], in[1], in[2], zeros(in[1]), zeros(in[1]), 0.1, 1e-5),
        inputs);
    add(
        all,
        name + " eval",
        in ->
            Ops.batchNormEval(
                in[0], in[1], in[2], statistics(in[1], 0.3), statistics(in[1], 2), 1e-5),
        inputs);
    add(
        all,
        name + " and ReLU eval",
        in ->
            Ops.batchNormReluEval(
                in[0], in[1], in[2], statistics(in[1], 0.3), statistics(in[1], 2), 1e-5),
        inputs);
  }

  private static Tensor zeros(Tensor like) {
    return Tensor.zeros(like.device(), like.shape().toArray());
  }

  private static Tensor statistics(Tensor like, double value) {
    return Tensor.full(like.device(), value, like.shape().toArray());
  }

  private static void spatial(List<OpCase> all) {
    add(all, "maxPool2d 2", in -> Ops.maxPool2d(in[0], 2, 2, 0), in(Draw.SPACED, 2, 4, 6, 3));
    add(all, "maxPool2d 3/2/1", in -> Ops.maxPool2d(in[0], 3, 2, 1), in(Draw.SPACED, 2, 5, 6, 3));
    add(all, "avgPool2d 2", in -> Ops.avgPool2d(in[0], 2, 2, 0, true), signed(2, 4, 6, 3));
    add(all, "avgPool2d padded", in -> Ops.avgPool2d(in[0], 3, 2, 1, true), signed(2, 5, 6, 3));
    add(
        all,
        "avgPool2d no pad count",
        in -> Ops.avgPool2d(in[0], 3, 2, 1, false),
        signed(2, 5, 6, 3));
    PoolOptions up = PoolOptions.of(3, 2, 0).withCeil();
    PoolOptions sides = PoolOptions.of(3, 2, 1).withPadding(new Padding(0, 2, 1, 0));
    PoolOptions dilated = PoolOptions.of(2, 1, 1).withDilation(2);
    for (PoolOptions o : List.of(up, sides, sides.withCeil(), dilated)) {
      add(all, "maxPool2d " + o, in -> Ops.maxPool2d(in[0], o), in(Draw.SPACED, 2, 6, 5, 3));
    }
    for (PoolOptions o : List.of(up, sides, sides.withCeil())) {
      add(all, "avgPool2d " + o, in -> Ops.avgPool2d(in[0], o, true), signed(2, 6, 5, 3));
      add(
          all,
          "avgPool2d, not counted " + o,
          in -> Ops.avgPool2d(in[0], o, false),
          signed(1, 6, 5, 3));
    }
    add(all, "adaptiveAvgPool2d", in -> Ops.adaptiveAvgPool2d(in[0], 3, 2), signed(2, 5, 7, 3));
    add(all, "globalMaxPool2d", in -> Ops.globalMaxPool2d(in[0]), in(Draw.SPACED, 2, 3, 4, 3));
    add(all, "globalAvgPool2d", in -> Ops.globalAvgPool2d(in[0]), signed(2, 3, 4, 3));
    for (Filter filter : Filter.values()) {
      add(all, "resize down " + filter, in -> Ops.resize(in[0], 3, 4, filter), signed(2, 7, 9, 2));
      add(all, "resize up " + filter, in -> Ops.resize(in[0], 7, 6, filter), signed(2, 3, 4, 2));
    }
  }

  private static void shapes(List<OpCase> all) {
    add(all, "reshape", in -> Ops.reshape(in[0], 4, -1), signed(2, 3, 4));
    add(all, "flatten", in -> Ops.flatten(in[0]), signed(2, 3, 2, 2));
    for (int axis : new int[] {0, 1, -1}) {
      int[] other = {2, 3, 4};
      other[axis < 0 ? 2 : axis] = 5;
      add(
          all,
          "concat " + axis,
          in -> Ops.concat(axis, in[0], in[1], in[0]),
          signed(2, 3, 4),
          signed(other));
      add(all, "slice " + axis, in -> Ops.slice(in[0], axis, 1, 3), signed(4, 3, 5));
    }
  }

  private static void arranged(List<OpCase> all) {
    for (int[] axes : new int[][] {{0, 3, 1, 2}, {3, 2, 1, 0}, {1, 0, 2, 3}, {0, 2, 1, 3}}) {
      String name = "transpose " + Arrays.toString(axes);
      add(all, name, in -> Ops.transpose(in[0], axes), signed(2, 3, 4, 5));
    }
    add(all, "gather", in -> Ops.gather(in[0], 1, 2, 0, -1, 2), signed(2, 3, 4));
    add(all, "gather last", in -> Ops.gather(in[0], -1, 3, 3, 1), signed(2, 3, 4));
    int[] around = {0, 1, 2, 0};
    int[] behind = {0, 0, 1, 0};
    add(all, "pad", in -> Ops.pad(in[0], around, behind, 0.7), signed(2, 3, 4, 2));
    add(
        all,
        "pad all",
        in -> Ops.pad(in[0], new int[] {1, 0, 2}, new int[] {0, 1, -1}, 2),
        signed(2, 3, 4));
    for (PadMode mode : PadMode.values()) {
      add(all, "pad " + mode, in -> Ops.pad(in[0], around, behind, mode), signed(2, 3, 4, 2));
    }
    add(all, "expand", in -> Ops.expand(in[0], 2, 3, 4, 5), signed(3, 1, 5));
    add(all, "tile", in -> Ops.tile(in[0], 2, 1, 3), signed(2, 3, 2));
    add(
        all,
        "split",
        in -> Ops.mul(Ops.split(in[0], 1, 2, 2)[0], Ops.split(in[0], 1, 2, 2)[1]),
        signed(2, 4, 3));
    add(all, "depthToSpace", in -> Ops.depthToSpace(in[0], 2), signed(2, 2, 3, 8));
    add(all, "spaceToDepth", in -> Ops.spaceToDepth(in[0], 2), signed(2, 4, 6, 2));
  }

  private static void reductions(List<OpCase> all) {
    int[][] axes = {{}, {0}, {1, 2}, {-1}, {0, 1, 2}, {0, 2}, {0, 3}, {3, 0, 1, 2}};
    for (int[] a : axes) {
      String name = " over " + Arrays.toString(a);
      add(all, "sum" + name, in -> Ops.sum(in[0], a), signed(2, 3, 4, 2));
      add(all, "mean" + name, in -> Ops.mean(in[0], a), signed(2, 3, 4, 2));
      add(all, "max" + name, in -> Ops.max(in[0], a), in(Draw.SPACED, 2, 3, 4, 2));
      add(all, "min" + name, in -> Ops.min(in[0], a), in(Draw.SPACED, 2, 3, 4, 2));
      add(all, "l2Norm" + name, in -> Ops.l2Norm(in[0], a), signed(2, 3, 4, 2));
      add(all, "variance" + name, in -> Ops.variance(in[0], false, a), signed(2, 3, 4, 2));
      add(all, "unbiased std" + name, in -> Ops.std(in[0], true, a), signed(2, 3, 4, 2));
    }
    add(all, "sum over axes of extent 1", in -> Ops.sum(in[0], 1, 2), signed(3, 1, 1, 2));
    add(all, "sum of a scalar", in -> Ops.sum(in[0]), signed());
  }

  private static void losses(List<OpCase> all) {
    int[] labels = {2, 0, 4};
    add(all, "softmax", in -> Ops.softmax(in[0]), signed(3, 5));
    add(all, "logSoftmax", in -> Ops.logSoftmax(in[0]), signed(3, 5));
    add(all, "softmax of rows", in -> Ops.softmax(in[0], 1), signed(2, 4, 2, 3));
    add(all, "logSoftmax of columns", in -> Ops.logSoftmax(in[0], -2), signed(2, 2, 4, 3));
    add(all, "softmax of pixels", in -> Ops.softmax(in[0]), signed(2, 2, 2, 3));
    add(all, "crossEntropy", in -> Ops.crossEntropy(in[0], labels, 0), in(Draw.LARGE, 3, 5));
    add(all, "crossEntropy smoothed", in -> Ops.crossEntropy(in[0], labels, 0.1), signed(3, 5));
    add(
        all,
        "crossEntropy scaled",
        in -> Ops.mul(Ops.crossEntropy(in[0], labels, 0.1), 3),
        signed(3, 5));
    add(
        all,
        "klDiv",
        in -> Ops.klDiv(Ops.logSoftmax(in[0]), in[1]),
        signed(3, 5),
        in(Draw.PROBABILITIES, 3, 5));
    add(all, "mse", in -> Ops.mse(in[0], in[1]), signed(3, 5), signed(3, 5));
    add(all, "l1", in -> Ops.l1(in[0], in[1]), in(Draw.LARGE, 3, 5), signed(3, 5));
  }
}
