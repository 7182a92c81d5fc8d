package dev.thumbnet.engine.onnx;

import static dev.thumbnet.engine.onnx.ModelBytes.floats;
import static dev.thumbnet.engine.onnx.ModelBytes.longs;
import static dev.thumbnet.engine.onnx.ModelBytes.whole;
import static dev.thumbnet.engine.onnx.ModelBytes.wholes;
import static dev.thumbnet.engine.onnx.ModelBytes.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.Autograd;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.BatchNorm2d;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.engine.nn.Flatten;
import dev.thumbnet.engine.nn.Linear;
import dev.thumbnet.engine.nn.MaxPool2d;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.Parameter;
import dev.thumbnet.engine.nn.ReLU;
import dev.thumbnet.engine.nn.Sequential;
import dev.thumbnet.engine.op.Ops;
import dev.thumbnet.engine.op.trace.Trace;
import dev.thumbnet.engine.optim.ParamGroup;
import dev.thumbnet.engine.optim.Sgd;
import dev.thumbnet.engine.plan.Plan;
import dev.thumbnet.engine.testing.Close;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Models that were read are modules as others: run, compiled, trained, exported. */
final class OnnxModelTest {
  private static final Device CPU = Device.cpu(1);
  private static final int CLASSES = 5;

  @AfterAll
  static void close() {
    CPU.close();
  }

  private static Sequential network() {
    Rng rng = new Rng(1);
    Sequential network =
        new Sequential(
            new Conv2d(CPU, 3, 8, 3, 1, 1, false, rng),
            new BatchNorm2d(CPU, 8),
            new ReLU(),
            new MaxPool2d(2, 2, 0),
            new Conv2d(CPU, 8, 6, 3, 2, 1, true, rng),
            new ReLU(),
            new Flatten(),
            new Linear(CPU, 6 * 3 * 2, CLASSES, true, rng));
    for (Module m : network.modules()) {
      if (m instanceof BatchNorm2d norm) {
        norm.runningMean().fill(rng::nextGaussian);
        norm.runningVariance().fill(() -> 0.5 + rng.nextDouble());
        norm.bias().tensor().fill(rng::nextGaussian);
      }
    }
    network.eval();
    return network;
  }

  private static Tensor pictures(int n, int h, int w) {
    Tensor x = Tensor.zeros(CPU, n, h, w, 3);
    x.fill(new Rng(2)::nextGaussian);
    return x;
  }

  private static byte[] export(Module module, Tensor example) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Onnx.write(module, example, bytes);
    return bytes.toByteArray();
  }

  @Test
  void whatWasWrittenIsReadBack() {
    Sequential network = network();
    Tensor x = pictures(3, 12, 8);
    byte[] file = export(network, x);
    OnnxModel model = OnnxModel.read(CPU, new ByteArrayInputStream(file));
    assertThat(model.inputNames()).containsExactly("input");
    assertThat(model.outputNames()).containsExactly("logits");
    assertThat(model.inputShape("input")).containsExactly(-1, 12, 8, 3);
    assertThat(model.training()).isFalse();
    assertThat(model).hasToString("OnnxModel [input[-1, 12, 8, 3]] → [logits]");
    assertThat(model.namedParameters().keySet())
        .containsExactlyInAnyOrderElementsOf(network.namedParameters().keySet());
    network
        .namedParameters()
        .forEach(
            (name, p) -> {
              Parameter read = model.namedParameters().get(name);
              assertThat(read.tensor().shape()).isEqualTo(p.tensor().shape());
              assertThat(read.tensor().toArray()).isEqualTo(p.tensor().toArray());
              assertThat(read.kind()).as(name).isEqualTo(p.kind());
            });
    assertThat(model.namedBuffers().keySet())
        .containsExactlyInAnyOrder("1.running_mean", "1.running_var");
    try (var _ = Autograd.noGrad()) {
      double[] expected = network.forward(x).toDoubleArray();
      assertThat(model.forward(x).toDoubleArray()).isEqualTo(expected);
      Tensor one = Ops.slice(x, 0, 1, 2);
      assertThat(model.forward(one).toDoubleArray())
          .isEqualTo(network.forward(one).toDoubleArray());
    }
    OnnxModel again = OnnxModel.read(CPU, export(model, x));
    assertThat(again.stateNames()).containsExactlyInAnyOrderElementsOf(model.stateNames());
    assertThat(again.forward(x).toArray()).isEqualTo(model.forward(x).toArray());
    assertThat(Plan.compile(model, CPU, x.shape()).run(x).toArray())
        .isEqualTo(Plan.compile(network, CPU, x.shape()).run(x).toArray());
  }

  @Test
  void isTrainedAsTheOriginal() {
    Sequential network = network();
    Tensor x = pictures(4, 12, 8);
    OnnxModel model = OnnxModel.read(CPU, export(network, x));
    double[] losses = losses(network, x);
    assertThat(losses[4]).isLessThan(losses[0]);
    Close.assertClose("losses", losses, losses(model, x), 1e-5);
    Close.assertClose(
        "running mean",
        network.namedBuffers().get("1.running_mean").toDoubleArray(),
        model.namedBuffers().get("1.running_mean").toDoubleArray(),
        1e-6,
        1e-5);
  }

  private static double[] losses(Module module, Tensor x) {
    module.train();
    Sgd optimizer = new Sgd(List.of(ParamGroup.all("", module, 0)), 0.9, false);
    double[] losses = new double[5];
    for (int step = 0; step < losses.length; step++) {
      Tensor loss = Ops.crossEntropy(module.forward(x), new int[] {0, 4, 2, 1}, 0);
      losses[step] = loss.item();
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step(0.05);
    }
    return losses;
  }

  // ---------------------------------------------------------------- axes and shapes

  private static double[] run(ModelBytes model, Tensor x) {
    OnnxModel module = OnnxModel.read(CPU, model.bytes());
    try (var _ = Autograd.noGrad()) {
      return module.forward(x).toDoubleArray();
    }
  }

  private static Tensor counting(int... dims) {
    Tensor x = Tensor.zeros(CPU, dims);
    int[] next = {0};
    x.fill(() -> next[0]++);
    return x;
  }

  /** (n, c, h, w) with (2, 2, 1, 3) elements 0 to 11 in the engine's order, so c is last. */
  @Test
  void shapesAreWorkedOutForAnyNumberOfPictures() {
    ModelBytes model =
        new ModelBytes()
            .input("x", 0, 2, 1, 3)
            .initializer(longs("zero", 0))
            .initializer(longs("open", -1))
            .node("Shape", "shape", "x")
            .node("Gather", "n", "shape", "zero")
            .node("Concat", "wanted", with(whole("axis", 0)), "n", "open")
            .node("Reshape", "y", "x", "wanted")
            .output("y");
    for (int n = 1; n < 4; n++) {
      double[] y = run(model, counting(n, 1, 3, 2));
      // The flattened picture is in the file's order: both rows of channels.
      assertThat(y).startsWith(0, 2, 4, 1, 3, 5).hasSize(n * 6);
    }
  }

  @Test
  void aFixedNumberOfPicturesIsNone() {
    ModelBytes model =
        new ModelBytes()
            .input("x", 1, 2, 1, 3)
            .initializer(longs("wanted", 1, 6))
            .node("Reshape", "y", "x", "wanted")
            .output("y");
    assertThat(run(model, counting(2, 1, 3, 2))).startsWith(0, 2, 4, 1, 3, 5, 6, 8).hasSize(12);
  }

  /** A flattened picture meets a matrix: its rows are ordered, and nothing moves. */
  @Test
  void rowsOfAMatrixAreOrderedWhenItIsRead() {
    ModelBytes model =
        new ModelBytes()
            .input("x", 0, 2, 1, 3)
            .initializer(floats("w", new long[] {6, 1}, 1, 10, 100, 1000, 10000, 100000))
            .node("Flatten", "flat", "x")
            .node("MatMul", "y", "flat", "w")
            .output("y");
    // In the file's order a picture is 0 2 4 1 3 5.
    double[] expected = {531420, 531420 + 6 * 111111};
    assertThat(run(model, counting(2, 1, 3, 2))).containsExactly(expected);
    OnnxModel module = OnnxModel.read(CPU, model.bytes());
    assertThat(module.namedParameters().get("w").tensor().toArray())
        .containsExactly(1, 1000, 10, 10000, 100, 100000);
    assertThat(Plan.compile(module, CPU, Shape.of(2, 1, 3, 2)).toString())
        .doesNotContain("Transpose");
  }

  /**
   * Channels second in the file, last in memory: the axis of each node is the right one. What is no
   * picture any more comes out as the file has it.
   */
  @Test
  void axesAreThoseOfTheFile() {
    Tensor x = counting(1, 2, 3, 2); // channels 0 2 4 … and 1 3 5 …
    assertThat(run(overAxis("ReduceSum", 1), x)).containsExactly(1, 5, 9, 13, 17, 21);
    assertThat(run(overAxis("ReduceSum", 2), x)).containsExactly(6, 10, 14, 8, 12, 16);
    assertThat(run(overAxis("ReduceSum", 3), x)).containsExactly(6, 24, 9, 27);
    assertThat(run(overAxis("ReduceSum", -3), x)).containsExactly(1, 5, 9, 13, 17, 21);
    ModelBytes concat =
        new ModelBytes()
            .input("x", 0, 2, 2, 3)
            .node("Neg", "minus", "x")
            .node("Concat", "y", with(whole("axis", 1)), "x", "minus")
            .output("y");
    assertThat(run(concat, x)).startsWith(0, 1, 0, -1, 2, 3, -2, -3).hasSize(24);
    ModelBytes slice =
        new ModelBytes()
            .input("x", 0, 2, 2, 3)
            .initializer(longs("from", 1))
            .initializer(longs("to", Long.MAX_VALUE))
            .initializer(longs("axis", 1))
            .node("Slice", "y", "x", "from", "to", "axis")
            .output("y");
    assertThat(run(slice, x)).containsExactly(1, 3, 5, 7, 9, 11);
    ModelBytes perChannel =
        new ModelBytes()
            .input("x", 0, 2, 2, 3)
            .initializer(floats("b", new long[] {2, 1, 1}, 100, 200))
            .node("Add", "y", "x", "b")
            .output("y");
    assertThat(run(perChannel, x)).startsWith(100, 201, 102, 203);
    ModelBytes perColumn =
        new ModelBytes()
            .input("x", 0, 2, 2, 3)
            .initializer(floats("b", new long[] {3}, 100, 200, 300))
            .node("Add", "y", "x", "b")
            .output("y");
    assertThat(run(perColumn, x)).startsWith(100, 101, 202, 203, 304, 305, 106);
  }

  private static ModelBytes overAxis(String operator, int axis) {
    return new ModelBytes()
        .input("x", 0, 2, 2, 3)
        .initializer(longs("axes", axis))
        .node(operator, "y", with(whole("keepdims", 0)), "x", "axes")
        .output("y");
  }

  /** One parameter, also where two nodes want it in two orders; both send it gradients. */
  @Test
  void aWeightThatIsUsedTwiceIsOne() {
    byte[] bytes =
        new ModelBytes()
            .input("x", 0, 2)
            .initializer(floats("w", new long[] {2, 2}, 1, 2, 3, 4))
            .node("MatMul", "a", "x", "w")
            .node("Gemm", "y", with(whole("transB", 1)), "a", "w")
            .output("y")
            .bytes();
    OnnxModel model = OnnxModel.read(CPU, bytes);
    assertThat(model.namedParameters()).hasSize(1);
    Tensor y = model.forward(Tensor.of(CPU, new float[] {1, 10}, 1, 2));
    // (1, 10) · w = (31, 42), and that times the transpose.
    assertThat(y.toArray()).containsExactly(31 + 84, 93 + 168);
    Ops.sum(y).backward();
    // d/dw of x w wᵀ 1: xᵀ (1 1) w + 1 (x w).
    assertThat(model.namedParameters().get("w").tensor().grad().toArray())
        .containsExactly(4 + 31, 6 + 42, 40 + 31, 60 + 42);
  }

  /** A mean over a single pixel leaves pictures apart, as a plan wants. */
  @Test
  void axesOfOneElementAreReduced() {
    ModelBytes model =
        new ModelBytes()
            .input("x", 0, 2, 1, 1)
            .node("ReduceMean", "y", with(wholes("axes", 2, 3), whole("keepdims", 0)), "x")
            .output("y");
    Tensor x = counting(3, 1, 1, 2);
    assertThat(run(model, x)).containsExactly(0, 1, 2, 3, 4, 5);
    OnnxModel module = OnnxModel.read(CPU, model.bytes());
    assertThat(Plan.compile(module, CPU, x.shape()).run(x).toArray())
        .containsExactly(0, 1, 2, 3, 4, 5);
  }

  /** ShuffleNet's shuffle is two reshapes around a transposition. */
  @Test
  void channelsAreShuffled() {
    ModelBytes model =
        new ModelBytes()
            .input("x", 0, 6, 1, 1)
            .initializer(longs("groups", 0, 2, 3, 1, 1))
            .initializer(longs("channels", 0, 6, 1, 1))
            .node("Reshape", "a", "x", "groups")
            .node("Transpose", "b", with(wholes("perm", 0, 2, 1, 3, 4)), "a")
            .node("Reshape", "y", "b", "channels")
            .output("y");
    assertThat(run(model, counting(1, 1, 1, 6))).containsExactly(0, 3, 1, 4, 2, 5);
  }

  /** What the opset had no operator for is one operation here. */
  @Test
  void productsWithGatesAreActivations() {
    for (String gate : List.of("Sigmoid", "HardSigmoid")) {
      Protobuf[] sixth =
          gate.equals("Sigmoid") ? with() : with(ModelBytes.real("alpha", (float) (1.0 / 6)));
      ModelBytes model =
          new ModelBytes()
              .input("x", 0, 1, 2, 2)
              .node(gate, "gate", sixth, "x")
              .node("Mul", "y", "gate", "x")
              .output("y");
      Tensor x = counting(1, 2, 2, 1);
      Tensor y = gate.equals("Sigmoid") ? Ops.silu(x) : Ops.hardSwish(x);
      assertThat(run(model, x)).isEqualTo(y.toDoubleArray());
      OnnxModel module = OnnxModel.read(CPU, model.bytes());
      assertThat(Trace.of(module::forward, x).steps()).hasSize(1);
    }
  }

  @Test
  void aFileWithChannelsLastKeepsThem() {
    ModelBytes model =
        new ModelBytes()
            .input("x", 0, 2, 3, 2)
            .node("Transpose", "a", with(wholes("perm", 0, 3, 1, 2)), "x")
            .node("Relu", "b", "a")
            .node("Transpose", "y", with(wholes("perm", 0, 2, 3, 1)), "b")
            .output("y");
    OnnxModel module = OnnxModel.read(CPU, model.bytes());
    assertThat(module.inputShape("x")).containsExactly(-1, 2, 3, 2);
    Tensor x = counting(2, 2, 3, 2);
    assertThat(module.forward(x).toArray()).isEqualTo(x.toArray());
    assertThat(Plan.compile(module, CPU, x.shape()).toString()).doesNotContain("Transpose");
  }

  // ---------------------------------------------------------------- inputs and outputs

  @Test
  void severalInputsAndOutputsHaveNames() {
    byte[] bytes =
        new ModelBytes()
            .input("a", 0, 2)
            .input("b", 0, 2)
            .node("Add", "sum", "a", "b")
            .node("Sub", "difference", "a", "b")
            .output("sum")
            .output("difference")
            .bytes();
    OnnxModel model = OnnxModel.read(CPU, bytes);
    Tensor a = counting(1, 2);
    Tensor b = Tensor.of(CPU, new float[] {5, 7}, 1, 2);
    Map<String, Tensor> results = model.forward(Map.of("a", a, "b", b));
    assertThat(List.copyOf(results.keySet())).containsExactly("sum", "difference");
    assertThat(results.get("sum").toArray()).containsExactly(5, 8);
    assertThat(results.get("difference").toArray()).containsExactly(-5, -6);
    assertThatThrownBy(() -> model.forward(a))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("[a, b]");
    assertThatThrownBy(() -> model.forward(Map.of("a", a)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[a, b]");
    assertThatThrownBy(() -> model.forward(Map.of("a", pictures(1, 2, 2), "b", b)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("input 'a' must be like [-1, 2]");
    assertThatThrownBy(() -> model.forward(Map.of("a", counting(1, 3), "b", b)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("node 'the sum' (Add)");
  }

  @Test
  void openSizesAreTriedOrGiven() {
    ModelBytes open =
        new ModelBytes()
            .input("x", 0, 0, 0, 0)
            .initializer(floats("w", new long[] {2, 3, 1, 1}, 1, 2, 3, 4, 5, 6))
            .initializer(floats("m", new long[] {2 * 20 * 20, 1}, new float[800]))
            .node("Conv", "a", "x", "w")
            .node("Flatten", "b", "a")
            .node("MatMul", "y", "b", "m")
            .output("y");
    assertThatThrownBy(() -> OnnxModel.read(CPU, open.bytes()))
        .isInstanceOf(OnnxException.class)
        .hasMessageContaining("node 'the y' (MatMul)")
        .hasMessageContaining("shapes of its inputs");
    OnnxModel model = OnnxModel.read(CPU, open.bytes(), Shape.of(1, 20, 20, 3));
    assertThat(model.forward(pictures(2, 20, 20)).shape()).isEqualTo(Shape.of(2, 1));
  }

  /** −1 follows from the other extents also where it is first and the number of pictures open. */
  @Test
  void anOpenNumberOfPicturesIsNoExtent() {
    ModelBytes model =
        new ModelBytes()
            .input("x", 0, 2, 1, 3)
            .initializer(longs("wanted", -1, 3))
            .node("Reshape", "y", "x", "wanted")
            .output("y");
    for (int n = 1; n < 4; n++) {
      Tensor x = counting(n, 1, 3, 2);
      OnnxModel module = OnnxModel.read(CPU, model.bytes());
      Tensor y = module.forward(x);
      assertThat(y.shape()).isEqualTo(Shape.of(2 * n, 3));
      assertThat(y.toArray()).startsWith(0, 2, 4, 1, 3, 5);
    }
  }

  /** Both have the empty name: an output that nobody wants and an input that is left out. */
  @Test
  void anOutputWithoutANameIsNoInput() {
    ModelBytes model =
        new ModelBytes()
            .input("x", 0, 6)
            .initializer(floats("max", new long[0], 4))
            .node("Split", "a,,c", with(whole("axis", 1)), "x")
            .node("Clip", "low", "a", "", "max")
            .node("Clip", "high", "c", "", "max")
            .node("Concat", "y", with(whole("axis", 1)), "low", "high")
            .output("y");
    assertThat(run(model, counting(1, 6))).containsExactly(0, 1, 4, 4);
  }

  /** Files say "to the end" by the largest number there is, as one number or as a list. */
  @Test
  void theLargestNumberIsTheEnd() {
    for (Protobuf end :
        List.of(whole("value_int", Long.MAX_VALUE), wholes("value_ints", Long.MAX_VALUE))) {
      ModelBytes model =
          new ModelBytes()
              .input("x", 0, 3)
              .initializer(longs("from", 1))
              .initializer(longs("axis", 1))
              .node("Constant", "to", with(end))
              .node("Slice", "y", "x", "from", "to", "axis")
              .output("y");
      assertThat(run(model, counting(1, 3))).containsExactly(1, 2);
    }
  }

  /** A part that lies together needs no list of indices, however long the axis is. */
  @Test
  void longAxesHaveParts() {
    int length = (1 << 20) + 4;
    ModelBytes model =
        new ModelBytes()
            .input("x", 0, length)
            .initializer(longs("from", length - 2))
            .initializer(longs("to", Long.MAX_VALUE))
            .initializer(longs("axis", 1))
            .node("Slice", "y", "x", "from", "to", "axis")
            .output("y");
    assertThat(run(model, counting(1, length))).containsExactly(length - 2, length - 1);
  }
}
