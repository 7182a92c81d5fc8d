package dev.thumbnet.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.thumbnet.engine.Autograd;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.Padding;
import dev.thumbnet.engine.backend.problem.ResizeProblem.Filter;
import dev.thumbnet.engine.nn.Activation;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.ReLU;
import dev.thumbnet.engine.nn.SqueezeExcitation;
import dev.thumbnet.engine.op.Conv2dOptions;
import dev.thumbnet.engine.op.Ops;
import dev.thumbnet.engine.op.PadMode;
import dev.thumbnet.engine.op.PoolOptions;
import dev.thumbnet.engine.op.trace.Action;
import dev.thumbnet.engine.op.trace.Trace;
import dev.thumbnet.engine.testing.FunctionModule;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A plan computes each action as the op does: the same bits, but for those of convolutions. */
final class PlanOpsTest {
  private static final int[][] SIZES = {{3, 5, 4, 6}, {3, 12, 10, 24}, {2, 64, 64, 8}};

  private static final PoolOptions OF_SIDES =
      PoolOptions.of(2, 2, 0).withPadding(new Padding(1, 0, 0, 1));

  /** A function of pictures (n, h, w, c). */
  private record Case(String name, UnaryOperator<Tensor> function, double tolerance) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Case exact(String name, UnaryOperator<Tensor> function) {
    return new Case(name, function, 0);
  }

  private static Case close(String name, UnaryOperator<Tensor> function) {
    return new Case(name, function, 1e-5);
  }

  /** Returns constants, the same for each call. */
  private static Tensor constant(Tensor like, double from, double to, int... dims) {
    Rng rng = new Rng(Arrays.hashCode(dims));
    double[] values = new double[Shape.of(dims).size()];
    Arrays.setAll(values, _ -> from + (to - from) * rng.nextDouble());
    return Tensor.of(like.device(), values, dims);
  }

  private static Tensor perChannel(Tensor x) {
    return constant(x, 0.5, 1.5, x.dim(-1));
  }

  private static Tensor gate(Tensor x) {
    return Ops.reshape(Ops.sigmoid(Ops.mean(x, 1, 2)), x.dim(0), 1, 1, x.dim(3));
  }

  private static Tensor positive(Tensor x) {
    return Ops.add(Ops.square(x), 0.5);
  }

  static List<Case> cases() {
    return List.of(
        exact("affine", x -> Ops.add(Ops.mul(x, 2.5), -1)),
        exact("add, sub", x -> Ops.sub(Ops.add(x, Ops.tanh(x)), Ops.exp(x))),
        exact("addRelu", x -> Ops.addRelu(x, Ops.leakyRelu(x, 0.2))),
        exact("relu6, silu", x -> Ops.silu(Ops.relu6(Ops.mul(x, 4)))),
        exact("hard sigmoid, hard swish", x -> Ops.hardSigmoid(Ops.hardSwish(Ops.mul(x, 3)))),
        exact("gelu, erf", x -> Ops.gelu(Ops.add(Ops.erf(x), Ops.geluTanh(x)))),
        exact("softplus, mish", x -> Ops.softsign(Ops.mish(Ops.softplus(x)))),
        exact("elu, reciprocal", x -> Ops.reciprocal(Ops.add(Ops.elu(x, 0.5), 2))),
        exact("prelu, clip", x -> Ops.clip(Ops.prelu(x, perChannel(x)), -1, 1)),
        exact("multiply", x -> Ops.mul(x, Ops.sigmoid(x))),
        exact("divide", x -> Ops.div(Ops.abs(x), positive(x))),
        exact("log, sqrt", x -> Ops.log(Ops.sqrt(positive(x)))),
        exact("plus a constant for channels", x -> Ops.add(x, perChannel(x))),
        exact("a constant for channels minus", x -> Ops.sub(perChannel(x), x)),
        exact("times a constant for channels", x -> Ops.mul(x, perChannel(x))),
        exact("over a constant for channels", x -> Ops.div(x, perChannel(x))),
        exact("a constant for channels over", x -> Ops.div(perChannel(x), positive(x))),
        exact("plus a number", x -> Ops.add(x, constant(x, 1, 2))),
        exact("plus places", x -> Ops.add(x, constant(x, -1, 1, 1, x.dim(1), x.dim(2), x.dim(3)))),
        exact("times rows", x -> Ops.mul(x, constant(x, -1, 1, 1, x.dim(1), 1, x.dim(3)))),
        exact("gate", x -> Ops.mul(x, gate(x))),
        exact("minus what channels share", x -> Ops.sub(x, gate(x))),
        exact("gate of a gate", x -> Ops.mul(gate(x), Ops.add(gate(x), perChannel(x)))),
        exact(
            "gate of pixels",
            x -> Ops.mul(x, Ops.reshape(Ops.mean(x, -1), x.dim(0), x.dim(1), x.dim(2), 1))),
        exact(
            "gate of columns",
            x -> Ops.mul(x, Ops.reshape(Ops.sum(x, 1, 3), x.dim(0), 1, x.dim(2), 1))),
        exact("a gate repeated", x -> Ops.div(gate(x), positive(x))),
        exact("a constant and a gate", x -> Ops.mul(onesFor(x), gate(x))),
        exact("sum of rows", x -> Ops.sum(x, 1)),
        exact("sum of all of a picture", x -> Ops.reshape(Ops.sum(x, 1, 2, 3), x.dim(0), 1)),
        exact("sum over axes of extent 1", x -> Ops.sum(gate(x), 1, 2)),
        exact("variance", x -> Ops.variance(x, true, 1, 2)),
        exact("standard deviation of columns", x -> Ops.std(Ops.exp(x), false, 1, 3)),
        exact("max, min", x -> Ops.min(Ops.max(x, perChannel(x)), gate(x))),
        exact("powers", x -> Ops.add(Ops.pow(positive(x), -1.5), Ops.pow(x, 3))),
        exact("max of pixels", x -> Ops.globalMaxPool2d(x)),
        exact("min of channels", x -> Ops.min(x, 3)),
        exact("max of rows and channels", x -> Ops.max(x, 1, 3)),
        exact("softmax of rows", x -> Ops.softmax(x, 1)),
        exact("layer norm", x -> Ops.layerNorm(x, 1, perChannel(x), null, 1e-5)),
        exact("group norm", x -> Ops.groupNorm(x, 2, perChannel(x), perChannel(x), 1e-5)),
        exact("instance norm", x -> Ops.instanceNorm(x, null, perChannel(x), 1e-5)),
        exact("local response norm", x -> Ops.localResponseNorm(x, 5, 0.1, 0.75, 2)),
        exact("matmul", x -> Ops.matmul(x, Ops.transpose(x, 0, 1, 3, 2))),
        exact("softmax", x -> Ops.softmax(Ops.flatten(x))),
        exact("softmax of pixels", Ops::softmax),
        exact("logSoftmax", Ops::logSoftmax),
        exact("concat of channels", x -> Ops.concat(-1, x, Ops.relu(x), gateEverywhere(x))),
        exact("concat of rows", x -> Ops.concat(1, x, twoRows(x), x)),
        exact("concat of columns", x -> Ops.concat(2, Ops.slice(x, 2, 1, 3), x)),
        exact("concat with a constant", x -> Ops.concat(3, x, onesFor(x))),
        exact("slice of channels", x -> Ops.slice(x, 3, 1, 4)),
        exact("slice of rows", x -> Ops.slice(x, 1, 2, 3)),
        exact("shuffle", x -> Ops.concat(3, Ops.slice(x, 3, 3, 6), Ops.slice(x, 3, 0, 3))),
        exact("reshape", x -> Ops.relu(Ops.reshape(x, x.dim(0), -1, 2))),
        exact("transpose", x -> Ops.relu(Ops.transpose(x, 0, 3, 1, 2))),
        exact("transpose of rows", x -> Ops.transpose(x, 0, 2, 1, 3)),
        exact("gather", x -> Ops.gather(Ops.gather(x, 1, 3, 0, 0), 3, 1, 1, 2)),
        exact("pad", x -> Ops.pad(x, new int[] {0, 1, 2, 0}, new int[] {0, 0, 1, 0}, 0.5)),
        exact("mirrored", x -> Ops.pad(x, new int[] {0, 1, 2, 1}, new int[4], PadMode.REFLECT)),
        exact("space to depth", x -> Ops.spaceToDepth(Ops.slice(x, 1, 0, 2), 2)),
        exact("clamp", PlanOpsTest::clampToOne),
        exact("clamp of vectors", x -> clampToOne(Ops.flatten(x))),
        exact("max pooling", x -> Ops.maxPool2d(x, 3, 2, 1)),
        exact("average pooling", x -> Ops.avgPool2d(x, 2, 2, 0, true)),
        exact("max pooling, dilated", x -> Ops.maxPool2d(x, OF_SIDES.withDilation(2))),
        exact("average pooling, rounded up", x -> Ops.avgPool2d(x, OF_SIDES.withCeil(), true)),
        exact("resize", x -> Ops.resize(x, 7, 3, Filter.BICUBIC_ANTIALIAS)),
        exact(
            "batchNorm",
            x ->
                Ops.batchNormEval(
                    x, perChannel(x), perChannel(x), perChannel(x), perChannel(x), 1e-5)),
        close("linear", x -> linear(Ops.flatten(x))),
        close("linear on pixels", x -> Ops.relu(linear(x))),
        close("linear on a sequence", x -> linear(Ops.reshape(x, x.dim(0), -1, x.dim(3)))),
        close(
            "transposed convolution, normalisation and sum",
            x -> Ops.addRelu(normalised(transposed(x, 1, Conv2dOptions.of(1, 1))), x)),
        close(
            "transposed convolution of groups",
            x -> Ops.relu(normalised(transposed(x, 2, Conv2dOptions.of(2, 1).withGroups(2))))),
        close("transposed convolution", x -> Ops.silu(transposed(x, 2, Conv2dOptions.of(3, 0)))),
        close(
            "convolution, padding of each side",
            x ->
                Ops.conv2d(
                    x,
                    constant(x, -1, 1, 3, 3, x.dim(3), 5),
                    constant(x, -1, 1, 5),
                    Conv2dOptions.DEFAULT.withDilation(2).withPadding(new Padding(1, 3, 2, 0)))),
        close("convolution and a constant", x -> Ops.add(convolution(x), onesFor(x))),
        close("convolution and gelu", x -> Ops.gelu(convolution(x))),
        close("convolution and silu", x -> Ops.silu(convolution(x))),
        close("convolution, sum and hard swish", x -> Ops.hardSwish(Ops.add(convolution(x), x))),
        close("convolution and hard sigmoid", x -> Ops.mul(x, Ops.hardSigmoid(convolution(x)))),
        close("squeeze and excitation", PlanOpsTest::squeezeAndExcitation),
        close("convolution and concat", x -> Ops.concat(3, convolution(x), x)));
  }

  private static Tensor onesFor(Tensor x) {
    return Tensor.full(x.device(), 1, x.shape().toArray());
  }

  private static Tensor gateEverywhere(Tensor x) {
    return Ops.add(Ops.mul(x, 0), gate(x));
  }

  private static Tensor twoRows(Tensor x) {
    return Ops.slice(gateEverywhere(x), 1, 0, 2);
  }

  private static Tensor clampToOne(Tensor x) {
    return Ops.clamp(x, Ops.mul(perChannel(x), -1), perChannel(x));
  }

  private static Tensor linear(Tensor x) {
    return Ops.linear(x, constant(x, -1, 1, x.dim(-1), 5), constant(x, -1, 1, 5));
  }

  private static Tensor transposed(Tensor x, int more, Conv2dOptions options) {
    int c = x.dim(3);
    Tensor weight = constant(x, -1, 1, 3, 3, c / options.groups(), c);
    Tensor bias = constant(x, -1, 1, c);
    return Ops.convTranspose2d(x, weight, bias, options, more - 1, 0);
  }

  private static Tensor normalised(Tensor x) {
    return Ops.batchNormEval(x, perChannel(x), perChannel(x), perChannel(x), perChannel(x), 1e-5);
  }

  private static Tensor convolution(Tensor x) {
    int c = x.dim(3);
    return Ops.conv2d(x, constant(x, -1, 1, 3, 3, c, c), null, Conv2dOptions.of(1, 1));
  }

  private static Tensor squeezeAndExcitation(Tensor x) {
    Module gate = Activation.hardSigmoid();
    return new SqueezeExcitation(x.device(), x.dim(3), 3, new ReLU(), gate, new Rng(9)).forward(x);
  }

  private static Tensor pictures(Device device, int n, int[] size) {
    Rng rng = new Rng(7);
    double[] values = new double[n * size[1] * size[2] * size[3]];
    Arrays.setAll(values, _ -> rng.nextGaussian());
    return Tensor.of(device, values, n, size[1], size[2], size[3]);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithTheOps(Case c) {
    for (Device device : List.of(Device.reference(), Device.cpu())) {
      for (int[] size : SIZES) {
        Plan plan = Plan.compile(new FunctionModule(c.function), device, Shape.of(size));
        for (int n : new int[] {size[0], 1, 2}) {
          Tensor x = pictures(device, n, size);
          Tensor expected;
          try (Autograd.NoGrad _ = Autograd.noGrad()) {
            expected = c.function.apply(x);
          }
          for (int run = 0; run < 2; run++) {
            Tensor y = plan.run(x);
            assertThat(y.shape()).isEqualTo(expected.shape());
            assertAgrees(expected.toDoubleArray(), y.toDoubleArray(), c.tolerance);
          }
        }
      }
    }
  }

  private static void assertAgrees(double[] expected, double[] actual, double tolerance) {
    if (tolerance == 0) {
      assertThat(actual).isEqualTo(expected);
      return;
    }
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    for (int i = 0; i < expected.length; i++) {
      assertThat(Math.abs(actual[i] - expected[i])).isLessThanOrEqualTo(tolerance * largest);
    }
  }

  @Test
  void thereIsACaseForEachAction() {
    Set<Class<?>> seen = new HashSet<>();
    for (Case c : cases()) {
      Trace trace = Trace.of(c.function, pictures(Device.reference(), 3, SIZES[0]));
      trace.steps().forEach(step -> seen.add(step.action().getClass()));
    }
    assertThat(seen).containsExactlyInAnyOrder(Action.class.getPermittedSubclasses());
  }

  /** What is bound as a pass is tested beside the passes; this is what is not. */
  @Test
  void copiesOfPartsAllocateNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    UnaryOperator<Tensor> shuffle =
        x -> Ops.concat(3, Ops.slice(x, 3, 2, 6), Ops.slice(x, 3, 0, 2));
    try (Device device = Device.cpu(1)) {
      Plan plan = Plan.compile(new FunctionModule(shuffle), device, Shape.of(SIZES[0]));
      float[] x = pictures(device, 3, SIZES[0]).toArray();
      float[] y = new float[x.length];
      long least = Long.MAX_VALUE;
      for (int i = 0; i < 10; i++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        plan.run(3, x, y);
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      }
      assertThat(least).isZero();
      assertThat(y[0]).isEqualTo(x[2]);
    }
  }

  /** What would mix pictures, or depends on how many there are. */
  static List<Case> refused() {
    return List.of(
        exact("sum over the batch", x -> Ops.sum(x, 0)),
        exact("mean over batch and pixels", x -> Ops.mean(x, 0, 1, 2)),
        exact("mean of all", x -> Ops.add(x, Ops.mean(x))),
        exact("softmax over pictures", x -> Ops.softmax(Ops.sum(x, 1, 2, 3))),
        exact("logSoftmax over pictures", x -> Ops.logSoftmax(Ops.sum(x, 1, 2, 3))),
        exact("concat of pictures", x -> Ops.concat(0, x, x)),
        exact("slice of pictures", x -> Ops.slice(x, 0, 0, 2)),
        exact("max over the batch", x -> Ops.max(x, 0)),
        exact("pictures in other places", x -> Ops.transpose(x, 3, 1, 2, 0)),
        exact("pictures reversed", x -> Ops.gather(x, 0, 2, 1, 0)),
        exact("more and fewer pictures", x -> Ops.slice(Ops.concat(0, x, x), 0, 1, 4)),
        exact("pictures as channels", x -> Ops.add(x, Ops.sum(x, 1, 2, 3))),
        exact("pictures as rows", x -> Ops.reshape(x, -1, x.dim(3))),
        exact("a picture of its own for each", x -> Ops.mul(x, numbered(x))));
  }

  private static Tensor numbered(Tensor x) {
    return Tensor.of(x.device(), new double[] {1, 2, 3}, 3, 1, 1, 1);
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refusesWhatMixesPictures(Case c) {
    FunctionModule net = new FunctionModule(c.function);
    int[] size = {3, 2, 2, 3}; // as many channels as pictures
    assertThatThrownBy(() -> Plan.compile(net, Device.reference(), Shape.of(size)))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .containsAnyOf("does not keep the 3 pictures apart", "not the same for each picture");
  }

  @Test
  void refusesWeightsThatDependOnTheInput() {
    FunctionModule net = new FunctionModule(x -> Ops.linear(x, Ops.reshape(x, 2, 3), null));
    assertThatThrownBy(() -> Plan.compile(net, Device.reference(), Shape.of(3, 2)))
        .isInstanceOf(IllegalArgumentException.class);
    FunctionModule other = new FunctionModule(x -> Ops.linear(x, Ops.mul(x, 2), null));
    assertThatThrownBy(() -> Plan.compile(other, Device.reference(), Shape.of(2, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("weights that depend on the input");
  }
}
