package dev.thumbnet.engine.onnx;

import static dev.thumbnet.engine.onnx.ModelBytes.floats;
import static dev.thumbnet.engine.onnx.ModelBytes.longs;
import static dev.thumbnet.engine.onnx.ModelBytes.real;
import static dev.thumbnet.engine.onnx.ModelBytes.tensor;
import static dev.thumbnet.engine.onnx.ModelBytes.text;
import static dev.thumbnet.engine.onnx.ModelBytes.whole;
import static dev.thumbnet.engine.onnx.ModelBytes.wholes;
import static dev.thumbnet.engine.onnx.ModelBytes.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.engine.Autograd;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.testing.Close;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Operators, each alone in a model whose input counts 0, 1, 2, … in the file's order. What is
 * expected was worked out by hand from the description of the operator.
 */
final class OnnxOperatorsTest {
  private static final Device CPU = Device.reference();
  private static final double SMALL = 1e-6;

  /**
   * A model with one operator.
   *
   * @param name what is tried
   * @param model takes x
   * @param dims shape of x in the file
   * @param result shape of the result in the file
   * @param expected the result in the file's order
   */
  record Case(String name, ModelBytes model, int[] dims, int[] result, double[] expected) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** A case in the making. */
  private static final class Trial {
    private final String operator;
    private final ModelBytes model = new ModelBytes();
    private final List<String> inputs = new ArrayList<>(List.of("x"));
    private final List<Protobuf> attributes = new ArrayList<>();
    private String outputs = "y";
    private int[] dims = {1, 2, 2, 2};

    Trial(String operator) {
      this.operator = operator;
    }

    Trial opset(int version) {
      model.opset(version);
      return this;
    }

    Trial x(int... extents) {
      dims = extents;
      return this;
    }

    Trial takes(Protobuf constant, String name) {
      model.initializer(constant);
      inputs.add(name);
      return this;
    }

    Trial takes(String name, long... numbers) {
      return takes(longs(name, numbers), name);
    }

    Trial takes(String name, long[] extents, float... numbers) {
      return takes(floats(name, extents, numbers), name);
    }

    Trial takes(String name, float number) {
      return takes(name, new long[0], number);
    }

    Trial takesNothing() {
      inputs.add("");
      return this;
    }

    Trial first(Protobuf constant, String name) {
      model.initializer(constant);
      inputs.addFirst(name);
      return this;
    }

    Trial says(Protobuf attribute) {
      attributes.add(attribute);
      return this;
    }

    Trial gives(String names) {
      outputs = names;
      return this;
    }

    Case expect(int[] result, double... expected) {
      long[] extents = IntStream.of(dims).asLongStream().toArray();
      model
          .input("x", extents)
          .node(
              operator, outputs, attributes.toArray(Protobuf[]::new), inputs.toArray(String[]::new))
          .output("y");
      return new Case(operator + attributes.size() + inputs, model, dims, result, expected);
    }
  }

  private static Trial of(String operator) {
    return new Trial(operator);
  }

  private static int[] shape(int... dims) {
    return dims;
  }

  private static double[] map(DoubleUnaryOperator f, int count) {
    return IntStream.range(0, count).mapToDouble(i -> f.applyAsDouble(i)).toArray();
  }

  private static final int[] SAME = {1, 2, 2, 2};

  static Stream<Case> axes() {
    return Stream.of(
        of("Split").gives("first,y").says(whole("axis", 1)).expect(shape(1, 1, 2, 2), 4, 5, 6, 7),
        of("Split")
            .gives("first,y")
            .says(whole("axis", -1))
            .x(1, 1, 1, 3)
            .takes("parts", 2, 1)
            .expect(shape(1, 1, 1, 1), 2),
        of("Split")
            .opset(18)
            .gives("first,y")
            .says(whole("axis", 3))
            .says(whole("num_outputs", 2))
            .x(1, 1, 1, 3)
            .expect(shape(1, 1, 1, 1), 2),
        of("Slice")
            .takes("from", -1)
            .takes("to", Long.MIN_VALUE)
            .takes("axes", 3)
            .takes("steps", -1)
            .expect(SAME, 1, 0, 3, 2, 5, 4, 7, 6),
        of("Slice")
            .opset(9)
            .says(wholes("starts", 0, 1))
            .says(wholes("ends", 1, 9))
            .says(wholes("axes", 2, 1))
            .expect(shape(1, 1, 1, 2), 4, 5),
        of("Gather").says(whole("axis", 3)).takes("i", 1, 0).expect(SAME, 1, 0, 3, 2, 5, 4, 7, 6),
        of("Gather")
            .says(whole("axis", 1))
            .takes(tensor("i", 7).integer(7, -1), "i")
            .expect(shape(1, 2, 2), 4, 5, 6, 7),
        of("Gather")
            .says(whole("axis", 1))
            .x(1, 3)
            .takes(
                tensor("i", 7, 2, 2).integer(7, 0).integer(7, 2).integer(7, 1).integer(7, 1), "i")
            .expect(shape(1, 2, 2), 0, 2, 1, 1),
        of("Tile")
            .takes("n", 1, 1, 1, 2)
            .expect(shape(1, 2, 2, 4), 0, 1, 0, 1, 2, 3, 2, 3, 4, 5, 4, 5, 6, 7, 6, 7),
        of("Expand").x(1, 2, 1, 1).takes("n", 1, 2, 2).expect(SAME, 0, 0, 0, 0, 1, 1, 1, 1),
        of("Pad")
            .x(1, 1, 2, 3)
            .says(text("mode", "reflect"))
            .takes("n", 0, 0, 1, 0, 0, 0, 0, 2)
            .expect(shape(1, 1, 3, 5), 3, 4, 5, 4, 3, 0, 1, 2, 1, 0, 3, 4, 5, 4, 3),
        of("Pad")
            .x(1, 1, 1, 3)
            .takes("n", 0, 1, 0, 0, 0, 0, 0, -1)
            .takes("value", 9f)
            .expect(shape(1, 2, 1, 2), 9, 9, 0, 1),
        of("Pad")
            .opset(18)
            .x(1, 1, 1, 2)
            .takes("n", 1, 0)
            .takesNothing()
            .takes("axes", -1)
            .expect(shape(1, 1, 1, 3), 0, 0, 1),
        of("DepthToSpace")
            .x(1, 8, 1, 1)
            .says(whole("blocksize", 2))
            .expect(SAME, 0, 2, 4, 6, 1, 3, 5, 7),
        of("DepthToSpace")
            .x(1, 8, 1, 1)
            .says(whole("blocksize", 2))
            .says(text("mode", "CRD"))
            .expect(SAME, 0, 1, 2, 3, 4, 5, 6, 7),
        of("SpaceToDepth")
            .says(whole("blocksize", 2))
            .expect(shape(1, 8, 1, 1), 0, 4, 1, 5, 2, 6, 3, 7),
        of("Flatten").says(whole("axis", 2)).expect(shape(2, 4), 0, 1, 2, 3, 4, 5, 6, 7),
        of("Squeeze").x(1, 2, 1, 2).takes("axes", 2).expect(shape(1, 2, 2), 0, 1, 2, 3),
        of("Squeeze").x(1, 2, 1, 2).expect(shape(1, 2, 2), 0, 1, 2, 3),
        of("Unsqueeze").x(1, 2).takes("axes", 1, -1).expect(shape(1, 1, 2, 1), 0, 1));
  }

  static Stream<Case> reductions() {
    int[] keep = {1, 1, 2, 2};
    return Stream.of(
        of("ReduceMax").says(wholes("axes", 1)).expect(keep, 4, 5, 6, 7),
        of("ReduceMin").says(wholes("axes", 1)).expect(keep, 0, 1, 2, 3),
        of("ReduceMean").says(wholes("axes", 1)).expect(keep, 2, 3, 4, 5),
        of("ReduceMean").opset(18).takes("axes", 2, 3).expect(shape(1, 2, 1, 1), 1.5, 5.5),
        of("ReduceSumSquare")
            .says(wholes("axes", 3))
            .says(whole("keepdims", 0))
            .expect(shape(1, 2, 2), 1, 13, 41, 85),
        of("ReduceL1").says(wholes("axes", 1)).expect(keep, 4, 6, 8, 10),
        of("ReduceL2").x(1, 1, 1, 5).expect(shape(1, 1, 1, 1), Math.sqrt(30)),
        of("GlobalMaxPool").expect(shape(1, 2, 1, 1), 3, 7),
        of("GlobalAveragePool").expect(shape(1, 2, 1, 1), 1.5, 5.5),
        of("Softmax")
            .x(1, 2, 1, 1)
            .says(whole("axis", 1))
            .expect(shape(1, 2, 1, 1), 1 / (1 + Math.E), Math.E / (1 + Math.E)),
        of("Softmax")
            .opset(11)
            .x(1, 2, 1, 1)
            .expect(shape(1, 2, 1, 1), 1 / (1 + Math.E), Math.E / (1 + Math.E)),
        of("Softmax")
            .opset(11)
            .x(1, 1, 1, 2)
            .says(whole("axis", 1))
            .expect(shape(1, 1, 1, 2), 1 / (1 + Math.E), Math.E / (1 + Math.E)));
  }

  static Stream<Case> windows() {
    float[] ones = {1, 1, 1, 1};
    long[] square = {1, 1, 2, 2};
    Protobuf kernel = wholes("kernel_shape", 2, 2);
    return Stream.of(
        of("Conv")
            .x(1, 1, 2, 2)
            .takes("w", square, ones)
            .says(text("auto_pad", "SAME_UPPER"))
            .expect(shape(1, 1, 2, 2), 6, 4, 5, 3),
        of("Conv")
            .x(1, 1, 2, 2)
            .takes("w", square, ones)
            .says(text("auto_pad", "SAME_LOWER"))
            .expect(shape(1, 1, 2, 2), 0, 1, 2, 6),
        of("Conv")
            .x(1, 1, 2, 2)
            .takes("w", square, ones)
            .says(text("auto_pad", "VALID"))
            .expect(shape(1, 1, 1, 1), 6),
        of("Conv")
            .x(1, 1, 3)
            .takes("w", new long[] {2, 1, 2}, 1, 0, 0, 10)
            .says(wholes("pads", 0, 1))
            .expect(shape(1, 2, 3), 0, 1, 2, 10, 20, 0),
        of("ConvTranspose")
            .x(1, 2, 1, 1)
            .takes("w", new long[] {2, 1, 2, 2}, 9, 9, 9, 9, 1, 2, 3, 4)
            .expect(shape(1, 1, 2, 2), 1, 2, 3, 4),
        of("MaxPool")
            .x(1, 1, 3, 3)
            .says(kernel)
            .says(wholes("strides", 2, 2))
            .says(whole("ceil_mode", 1))
            .expect(shape(1, 1, 2, 2), 4, 5, 7, 8),
        of("AveragePool")
            .x(1, 1, 2, 2)
            .says(kernel)
            .says(wholes("pads", 1, 1, 0, 0))
            .expect(shape(1, 1, 2, 2), 0, 0.5, 1, 1.5),
        of("AveragePool")
            .x(1, 1, 2, 2)
            .says(kernel)
            .says(wholes("pads", 1, 1, 0, 0))
            .says(whole("count_include_pad", 1))
            .expect(shape(1, 1, 2, 2), 0, 0.25, 0.5, 1.5),
        of("Resize")
            .x(1, 1, 1, 2)
            .takesNothing()
            .takes("scales", new long[] {4}, 1, 1, 2, 2)
            .expect(shape(1, 1, 2, 4), 0, 0, 1, 1, 0, 0, 1, 1),
        of("Resize")
            .x(1, 1, 1, 2)
            .takesNothing()
            .takesNothing()
            .takes("sizes", 1, 1, 1, 4)
            .says(text("mode", "linear"))
            .expect(shape(1, 1, 1, 4), 0, 0.25, 0.75, 1),
        of("Resize")
            .opset(10)
            .x(1, 1, 1, 2)
            .takes("scales", new long[] {4}, 1, 1, 1, 1.5f)
            .expect(shape(1, 1, 1, 3), 0, 0, 1),
        of("Upsample")
            .opset(9)
            .x(1, 1, 1, 2)
            .takes("scales", new long[] {4}, 1, 1, 1, 2)
            .expect(shape(1, 1, 1, 4), 0, 0, 1, 1));
  }

  static Stream<Case> norms() {
    long[] two = {2};
    double root = Math.sqrt(1.25);
    Protobuf exact = real("epsilon", 0);
    return Stream.of(
        of("LayerNormalization")
            .says(exact)
            .takes("g", two, 1, 2)
            .takes("b", two, 0, 1)
            .expect(SAME, -1, 3, -1, 3, -1, 3, -1, 3),
        of("LayerNormalization")
            .says(exact)
            .says(whole("axis", 1))
            .takes("g", new long[] {2, 2, 2}, 1, 1, 1, 1, 1, 1, 1, 2)
            .expect(SAME, map(i -> (i - 3.5) / Math.sqrt(5.25) * (i == 7 ? 2 : 1), 8)),
        of("InstanceNormalization")
            .says(exact)
            .takes("g", two, 1, 2)
            .takes("b", two, 0, 1)
            .expect(SAME, map(i -> i < 4 ? (i - 1.5) / root : 2 * (i - 5.5) / root + 1, 8)),
        of("GroupNormalization")
            .opset(21)
            .says(exact)
            .says(whole("num_groups", 1))
            .takes("g", two, 1, 2)
            .takes("b", two, 0, 1)
            .expect(
                SAME, map(i -> (i - 3.5) / Math.sqrt(5.25) * (i < 4 ? 1 : 2) + (i < 4 ? 0 : 1), 8)),
        of("LRN")
            .x(1, 2, 1, 1)
            .says(whole("size", 3))
            .says(real("alpha", 3))
            .says(real("beta", 1))
            .expect(shape(1, 2, 1, 1), 0, 0.5));
  }

  static Stream<Case> functions() {
    long[] perChannel = {2, 1, 1};
    Protobuf scalar = floats("c", new long[0], 3);
    return Stream.of(
        of("PRelu").takes("s", perChannel, 1, 2).expect(SAME, 0, 1, 2, 3, 4, 5, 6, 7),
        of("Max").takes("c", 3f).expect(SAME, 3, 3, 3, 3, 4, 5, 6, 7),
        of("Min").takes("c", perChannel, 1, 6).expect(SAME, 0, 1, 1, 1, 4, 5, 6, 6),
        of("Mean").takes("c", perChannel, 2, 4).expect(SAME, 1, 1.5, 2, 2.5, 4, 4.5, 5, 5.5),
        of("Sum")
            .takes("c", perChannel, 2, 4)
            .takes("d", new long[] {2}, 10, 20)
            .expect(SAME, 12, 23, 14, 25, 18, 29, 20, 31),
        of("Pow").takes("c", 3f).expect(SAME, map(i -> i * i * i, 8)),
        of("Pow").x(1, 2).takes("c", new long[] {2}, 1, 2).expect(shape(1, 2), 0, 1),
        of("Sub").first(scalar, "c").expect(SAME, map(i -> 3 - i, 8)),
        of("Div").first(scalar, "c").x(1, 2).expect(shape(1, 2), Double.POSITIVE_INFINITY, 3),
        of("Div").takes("c", 4f).expect(SAME, map(i -> i / 4, 8)),
        of("Clip").takesNothing().takes("c", 3f).expect(SAME, map(i -> Math.min(i, 3), 8)),
        of("Clip")
            .opset(6)
            .says(real("min", 2))
            .says(real("max", 3))
            .expect(SAME, map(i -> Math.clamp(i, 2, 3), 8)),
        of("HardSigmoid").expect(SAME, map(i -> Math.min(1, 0.2 * i + 0.5), 8)),
        of("Swish")
            .opset(24)
            .says(real("alpha", 2))
            .expect(SAME, map(i -> i / (1 + Math.exp(-2 * i)), 8)),
        of("Cast").says(whole("to", 11)).expect(SAME, map(i -> i, 8)),
        of("Dropout").takes("r", 0.5f).expect(SAME, map(i -> i, 8)),
        of("Gemm")
            .x(1, 2)
            .takes("b", new long[] {1, 2}, 3, 4)
            .says(whole("transB", 1))
            .says(real("alpha", 2))
            .says(real("beta", 3))
            .takes("c", 5f)
            .expect(shape(1, 1), 23),
        of("MatMul")
            .x(1, 2, 2)
            .first(floats("a", new long[] {1, 2}, 1, 10), "a")
            .expect(shape(1, 1, 2), 20, 31));
  }

  static Stream<Case> cases() {
    return Stream.of(axes(), reductions(), windows(), norms(), functions()).flatMap(s -> s);
  }

  @ParameterizedTest
  @MethodSource
  void cases(Case c) {
    OnnxModel model = OnnxModel.read(CPU, c.model.bytes());
    float[] counting = new float[Arrays.stream(c.dims).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < counting.length; i++) {
      counting[i] = i;
    }
    float[] wanted = new float[c.expected.length];
    for (int i = 0; i < wanted.length; i++) {
      wanted[i] = (float) c.expected[i];
    }
    Tensor expected = new FileTensor(c.result, wanted).tensor(CPU);
    try (var _ = Autograd.noGrad()) {
      Tensor y = model.forward(new FileTensor(c.dims, counting).tensor(CPU));
      assertThat(y.shape()).isEqualTo(expected.shape());
      Close.assertClose(c.name, expected.toDoubleArray(), y.toDoubleArray(), SMALL, SMALL);
    }
  }

  /** The usual way to say "as many as there are, but for those": numbers that are known. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void arithmeticOfShapes(int n) {
    ModelBytes model =
        new ModelBytes()
            .input("x", 0, 1, 1, 2)
            .initializer(longs("wanted", -1, 3, -1, -1))
            .initializer(longs("minus", -1))
            .initializer(longs("two", 2))
            .initializer(longs("three", 3))
            .node("Shape", "shape", "x")
            .node("Equal", "open", "wanted", "minus")
            .node("Where", "dims", "open", "shape", "wanted")
            .node("Expand", "wide", "x", "dims")
            .node("Size", "size", "x")
            .node("Unsqueeze", "size1", "size", "zero")
            .initializer(longs("zero", 0))
            .node("Mul", "all", "size1", "three")
            .node("Div", "half", "all", "two")
            .node("Mod", "rest", "half", "three")
            .node("Sub", "same", "half", "rest")
            .node("Add", "again", "same", "rest")
            .node("ReduceMax", "most", with(whole("keepdims", 1)), "again")
            .node("Cast", "real", with(whole("to", 1)), "most")
            .node("Floor", "floor", "real")
            .node("Cast", "rows", with(whole("to", 7)), "floor")
            .node("Concat", "flat", with(whole("axis", 0)), "rows", "two")
            .node("Reshape", "y", "wide", "flat")
            .output("y");
    OnnxModel read = OnnxModel.read(CPU, model.bytes());
    Tensor y = read.forward(Tensor.full(CPU, 1, n, 1, 2, 1));
    assertThat(y.shape().toArray()).containsExactly(3 * n, 2);
  }
}
