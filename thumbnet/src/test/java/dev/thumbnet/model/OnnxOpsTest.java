package dev.thumbnet.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import dev.thumbnet.engine.Autograd;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.Padding;
import dev.thumbnet.engine.backend.problem.ResizeProblem.Filter;
import dev.thumbnet.engine.nn.Activation;
import dev.thumbnet.engine.nn.BatchNorm2d;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.engine.nn.ConvTranspose2d;
import dev.thumbnet.engine.nn.Linear;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.Parameter;
import dev.thumbnet.engine.nn.ReLU;
import dev.thumbnet.engine.nn.SqueezeExcitation;
import dev.thumbnet.engine.onnx.Onnx;
import dev.thumbnet.engine.onnx.OnnxModel;
import dev.thumbnet.engine.op.Conv2dOptions;
import dev.thumbnet.engine.op.Ops;
import dev.thumbnet.engine.op.PadMode;
import dev.thumbnet.engine.op.PoolOptions;
import dev.thumbnet.engine.op.trace.Action;
import dev.thumbnet.engine.op.trace.Trace;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each action that is exported to ONNX computes in ONNX Runtime what the op computes here. */
final class OnnxOpsTest {
  private static final Device DEVICE = Device.reference();
  private static final int BATCH = 3;
  private static final int HEIGHT = 6;
  private static final int WIDTH = 4;

  private static final Padding PAD = new Padding(1, 0, 0, 1);
  private static final Conv2dOptions SIDES = new Conv2dOptions(1, 2, 0, 0, 1, 1, 1);
  private static final Conv2dOptions STRIDED =
      Conv2dOptions.of(2, 0).withPadding(PAD).withGroups(3);
  private static final PoolOptions POOL = PoolOptions.of(3, 2, 0).withPadding(PAD);

  /** Some layers, and a function of them and of pictures (n, 6, 4, 3). */
  private static final class Net extends Module {
    private final BiFunction<Net, Tensor, Tensor> function;
    private final Rng rng = new Rng(5);
    private final Linear onPixels = child("pixels", new Linear(DEVICE, 3, 5, true, rng));
    private final Linear plain = child("plain", new Linear(DEVICE, 3, 2, false, rng));
    private final Linear onAll = child("all", new Linear(DEVICE, 72, 5, true, rng));
    private final Conv2d conv = child("conv", new Conv2d(DEVICE, 3, 4, 3, 1, 1, true, rng));
    private final Conv2d sides =
        child(
            "sides",
            new Conv2d(DEVICE, 3, 4, 3, 2, SIDES.withDilation(2).withPadding(PAD), true, rng));
    private final ConvTranspose2d transposed =
        child("transposed", new ConvTranspose2d(DEVICE, 3, 6, 3, 2, STRIDED, 1, 0, true, rng));
    private final SqueezeExcitation squeeze =
        child(
            "squeeze",
            new SqueezeExcitation(DEVICE, 3, 2, new ReLU(), Activation.hardSigmoid(), rng));
    private final BatchNorm2d norm = child("norm", new BatchNorm2d(DEVICE, 3));
    private final Tensor scale =
        parameter("scale", new Parameter(values(3), Parameter.Kind.WEIGHT)).tensor();

    Net(BiFunction<Net, Tensor, Tensor> function) {
      this.function = function;
      norm.runningMean().copyFrom(values(3));
      norm.weight().tensor().copyFrom(values(3));
      eval();
    }

    @Override
    public Tensor forward(Tensor x) {
      return function.apply(this, x);
    }
  }

  private record Case(String name, BiFunction<Net, Tensor, Tensor> function) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Case of(String name, BiFunction<Net, Tensor, Tensor> function) {
    return new Case(name, function);
  }

  /** Returns constants in [0.5, 1.5). */
  private static Tensor values(int... dims) {
    Rng rng = new Rng(Arrays.hashCode(dims));
    double[] values = new double[Shape.of(dims).size()];
    Arrays.setAll(values, _ -> 0.5 + rng.nextDouble());
    return Tensor.of(DEVICE, values, dims);
  }

  private static Tensor gate(Tensor x) {
    return Ops.reshape(Ops.sigmoid(Ops.mean(x, 1, 2)), x.dim(0), 1, 1, x.dim(3));
  }

  private static Tensor positive(Tensor x) {
    return Ops.add(Ops.square(x), 0.5);
  }

  /** Columns as a sequence: (n, 4, 18). */
  private static Tensor sequence(Tensor x) {
    return Ops.reshape(x, x.dim(0), 4, 18);
  }

  static List<Case> cases() {
    return List.of(
        of("affine", (_, x) -> Ops.mul(Ops.add(Ops.mul(x, 2.5), -1), 0.5)),
        of("functions", (_, x) -> Ops.add(Ops.tanh(Ops.abs(x)), Ops.exp(Ops.sigmoid(x)))),
        of("log, sqrt", (_, x) -> Ops.log(Ops.sqrt(positive(x)))),
        of("relu, leakyRelu", (_, x) -> Ops.sub(Ops.relu(x), Ops.leakyRelu(x, 0.2))),
        of("addRelu", (_, x) -> Ops.addRelu(x, Ops.exp(x))),
        of("relu6, silu", (_, x) -> Ops.silu(Ops.relu6(Ops.mul(x, 4)))),
        of("hard functions", (_, x) -> Ops.hardSwish(Ops.add(x, Ops.hardSigmoid(x)))),
        of("gelu", (_, x) -> Ops.gelu(Ops.add(Ops.erf(x), Ops.geluTanh(x)))),
        of("softplus, mish", (_, x) -> Ops.softsign(Ops.mish(Ops.softplus(x)))),
        of("elu, reciprocal", (_, x) -> Ops.reciprocal(Ops.add(Ops.elu(x, 0.5), 2))),
        of("selu, celu", (_, x) -> Ops.add(Ops.selu(x), Ops.celu(x, 0.5))),
        of("prelu, clip", (n, x) -> Ops.clip(Ops.prelu(x, n.scale), -1, 1)),
        of("hard sigmoid of numbers", (_, x) -> Ops.hardSigmoid(x, 0.3, 0.4)),
        of("multiply", (_, x) -> Ops.mul(x, Ops.sigmoid(x))),
        of("divide", (_, x) -> Ops.div(x, positive(x))),
        of("plus a parameter for channels", (n, x) -> Ops.add(x, n.scale)),
        of("a parameter minus", (n, x) -> Ops.sub(n.scale, x)),
        of("times, over a parameter", (n, x) -> Ops.div(Ops.mul(x, n.scale), n.scale)),
        of("a constant over", (_, x) -> Ops.div(values(3), positive(x))),
        of(
            "one parameter for two ranks",
            (n, x) -> Ops.mul(Ops.mean(Ops.mul(x, n.scale), 1, 2), n.scale)),
        of("plus a number", (_, x) -> Ops.add(x, values(1))),
        of("plus places", (_, x) -> Ops.add(x, values(1, HEIGHT, WIDTH, 3))),
        of("times rows", (_, x) -> Ops.mul(x, values(1, HEIGHT, 1, 3))),
        of("times columns", (_, x) -> Ops.mul(x, values(WIDTH, 1))),
        of("gate", (_, x) -> Ops.mul(x, gate(x))),
        of("minus what channels share", (_, x) -> Ops.sub(x, gate(x))),
        of(
            "gate of pixels",
            (_, x) -> Ops.mul(x, Ops.reshape(Ops.mean(x, -1), x.dim(0), HEIGHT, WIDTH, 1))),
        of(
            "gate of columns",
            (_, x) -> Ops.mul(x, Ops.reshape(Ops.sum(x, 1, 3), x.dim(0), 1, WIDTH, 1))),
        of("a gate repeated", (_, x) -> Ops.div(gate(x), positive(x))),
        of("sum of rows", (_, x) -> Ops.sum(x, 1)),
        of("sum of channels", (_, x) -> Ops.sum(x, 3)),
        of("sum of all of a picture", (_, x) -> Ops.sum(x, 1, 2, 3)),
        of("sum over axes of extent 1", (_, x) -> Ops.sum(gate(x), 1, 2)),
        of("variance", (_, x) -> Ops.variance(x, true, 1, 2)),
        of("standard deviation of columns", (_, x) -> Ops.std(x, false, 1, 3)),
        of("layer norm", (n, x) -> Ops.layerNorm(x, 1, n.scale, null, 1e-5)),
        of("group norm", (n, x) -> Ops.groupNorm(x, 3, n.scale, n.scale, 1e-5)),
        of("instance norm", (_, x) -> Ops.instanceNorm(x, null, null, 1e-5)),
        of("local response norm", (_, x) -> Ops.localResponseNorm(x, 2, 0.1, 0.75, 2)),
        of("max, min", (n, x) -> Ops.min(Ops.max(x, n.scale), gate(x))),
        of("powers", (_, x) -> Ops.add(Ops.pow(positive(x), -1.5), Ops.pow(x, 3))),
        of("max of pixels", (_, x) -> Ops.globalMaxPool2d(x)),
        of("min of channels", (_, x) -> Ops.min(x, 3)),
        of("softmax of rows", (_, x) -> Ops.softmax(x, 1)),
        of("matmul", (_, x) -> Ops.matmul(x, Ops.transpose(x, 0, 1, 3, 2))),
        of(
            "matmul of sequences",
            (_, x) -> Ops.matmul(sequence(x), Ops.transpose(sequence(x), 0, 2, 1))),
        of("softmax", (_, x) -> Ops.softmax(Ops.flatten(x))),
        of("softmax of pixels", (_, x) -> Ops.softmax(x)),
        of("logSoftmax of pixels", (_, x) -> Ops.logSoftmax(x)),
        of("logSoftmax of a sequence", (_, x) -> Ops.logSoftmax(sequence(x))),
        of("concat of channels", (_, x) -> Ops.concat(-1, x, Ops.relu(x))),
        of("concat of rows", (_, x) -> Ops.concat(1, x, Ops.slice(x, 1, 0, 2))),
        of("concat of columns", (_, x) -> Ops.concat(2, Ops.slice(x, 2, 1, 3), x)),
        of("concat of vectors", (_, x) -> Ops.concat(1, Ops.mean(x, 1, 2), Ops.flatten(x))),
        of("slice of channels", (_, x) -> Ops.slice(x, 3, 1, 3)),
        of("reshape to a sequence", (_, x) -> Ops.relu(sequence(x))),
        of(
            "reshape of a sequence",
            (_, x) -> Ops.mean(Ops.reshape(sequence(x), x.dim(0), 2, 4, 9), 2)),
        of("reshape of vectors", (_, x) -> Ops.reshape(Ops.flatten(x), x.dim(0), 3, 4, 6)),
        of("clamp", (_, x) -> Ops.clamp(x, Ops.mul(values(3), -1), values(3))),
        of(
            "clamp of vectors",
            (_, x) -> Ops.clamp(Ops.flatten(x), Ops.mul(values(72), -1), values(72))),
        of(
            "clamp of a sequence",
            (_, x) -> Ops.clamp(sequence(x), Ops.mul(values(18), -1), values(18))),
        of("transpose", (_, x) -> Ops.transpose(x, 0, 3, 1, 2)),
        of("transpose of a sequence", (_, x) -> Ops.transpose(sequence(x), 0, 2, 1)),
        of("gather", (_, x) -> Ops.gather(Ops.gather(x, 1, 3, 0, 0), 3, 1, 1, 2)),
        of("pad", (_, x) -> Ops.pad(x, new int[] {0, 1, 2, 1}, new int[] {0, 0, 1, 2}, 0.5)),
        of("edges", (_, x) -> Ops.pad(x, new int[] {0, 1, 2, 0}, new int[4], PadMode.EDGE)),
        of("crop", (_, x) -> Ops.pad(x, new int[] {0, -1, 0, 0}, new int[] {0, 2, -1, 0}, 0.5)),
        of("depth to space", (_, x) -> Ops.depthToSpace(Ops.spaceToDepth(x, 2), 2)),
        of("max pooling", (_, x) -> Ops.maxPool2d(x, 3, 2, 1)),
        of("average pooling", (_, x) -> Ops.avgPool2d(x, 2, 2, 0, true)),
        of("max pooling, rounded up", (_, x) -> Ops.maxPool2d(x, POOL.withCeil())),
        of("max pooling, dilated", (_, x) -> Ops.maxPool2d(x, POOL.withDilation(2))),
        of("average pooling, sides", (_, x) -> Ops.avgPool2d(x, POOL, true)),
        of("average pooling, not counted", (_, x) -> Ops.avgPool2d(x, POOL.withCeil(), false)),
        of("average pooling, rounded up", (_, x) -> Ops.avgPool2d(x, POOL.withCeil(), true)),
        of("convolution, sides", (n, x) -> n.sides.forward(x)),
        of("transposed convolution", (n, x) -> n.transposed.forward(x)),
        of("resize", (_, x) -> Ops.resize(x, 7, 3, Filter.BICUBIC_ANTIALIAS)),
        of("batchNorm", (n, x) -> n.norm.forwardRelu(x)),
        of("batchNorm of vectors", (n, x) -> n.norm.forward(Ops.mean(x, 1, 2))),
        of("batchNorm of a sequence", (n, x) -> n.norm.forward(Ops.mean(x, 1))),
        of("linear", (n, x) -> n.onAll.forward(Ops.flatten(x))),
        of("linear on pixels", (n, x) -> n.onPixels.forward(x)),
        of("linear on a sequence", (n, x) -> n.plain.forward(Ops.sum(x, 2))),
        of("squeeze and excitation", (n, x) -> n.squeeze.forward(x)),
        of("convolution and a constant", (n, x) -> Ops.add(n.conv.forward(x), values(1, 1, 1, 4))));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithTheOps(Case c) throws Exception {
    // Flattened, results of any shape come out in the engine's order.
    Net net = new Net(c.function.andThen(Ops::flatten));
    Rng rng = new Rng(7);
    float[] pictures = new float[BATCH * HEIGHT * WIDTH * 3];
    for (int i = 0; i < pictures.length; i++) {
      pictures[i] = (float) rng.nextGaussian();
    }
    ByteArrayOutputStream model = new ByteArrayOutputStream();
    Onnx.write(net, Tensor.zeros(DEVICE, 1, HEIGHT, WIDTH, 3), model);
    OnnxModel back = OnnxModel.read(DEVICE, model.toByteArray());
    try (OrtSession session = OrtEnvironment.getEnvironment().createSession(model.toByteArray());
        Autograd.NoGrad _ = Autograd.noGrad()) {
      for (int n : new int[] {1, BATCH}) {
        float[] some = Arrays.copyOf(pictures, n * HEIGHT * WIDTH * 3);
        Tensor x = Tensor.of(DEVICE, some, n, HEIGHT, WIDTH, 3);
        double[] expected = net.forward(x).toDoubleArray();
        assertClose(expected, OnnxRun.logits(session, some, n, HEIGHT, WIDTH));
        assertClose(expected, back.forward(x).toArray());
      }
    }
  }

  private static void assertClose(double[] expected, float[] actual) {
    assertThat(actual).hasSize(expected.length);
    for (int i = 0; i < actual.length; i++) {
      double tolerance = 1e-5 * (1 + Math.abs(expected[i]));
      assertThat((double) actual[i]).as("%d", i).isCloseTo(expected[i], within(tolerance));
    }
  }

  @Test
  void thereIsACaseForEachAction() {
    Set<Class<?>> seen = new HashSet<>();
    for (Case c : cases()) {
      Tensor x = Tensor.zeros(DEVICE, 2, HEIGHT, WIDTH, 3);
      Trace trace = Trace.of(new Net(c.function)::forward, x);
      trace.steps().forEach(step -> seen.add(step.action().getClass()));
    }
    assertThat(seen).containsExactlyInAnyOrder(Action.class.getPermittedSubclasses());
  }

  /** A result that is not flattened comes out with channels second. */
  @Test
  void channelsAreSecondInResults() throws Exception {
    Net net = new Net((_, x) -> Ops.slice(x, 1, 0, 1));
    ByteArrayOutputStream model = new ByteArrayOutputStream();
    Onnx.write(net, Tensor.zeros(DEVICE, 1, HEIGHT, WIDTH, 3), model);
    float[] picture = new float[HEIGHT * WIDTH * 3];
    for (int i = 0; i < picture.length; i++) {
      picture[i] = i;
    }
    try (OrtSession session = OrtEnvironment.getEnvironment().createSession(model.toByteArray())) {
      assertThat(OnnxRun.logits(session, picture, 1, HEIGHT, WIDTH))
          .containsExactly(0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11);
    }
  }

  @Test
  void refusesWhatMixesPicturesWhateverTheExample() {
    for (Case c :
        List.of(
            of("sum", (_, x) -> Ops.reshape(Ops.sum(x, 0), 1, HEIGHT, WIDTH, 3)),
            of("mean", (_, x) -> Ops.add(x, Ops.mean(x, 0))),
            of("slice", (_, x) -> Ops.slice(x, 0, 0, 1)))) {
      Net net = new Net(c.function);
      ByteArrayOutputStream model = new ByteArrayOutputStream();
      assertThatThrownBy(() -> Onnx.write(net, Tensor.zeros(DEVICE, 1, HEIGHT, WIDTH, 3), model))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("pictures apart");
    }
  }
}
