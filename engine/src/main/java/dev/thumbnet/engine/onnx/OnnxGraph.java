package dev.thumbnet.engine.onnx;

import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.Conv2dProblem;
import dev.thumbnet.engine.backend.PoolProblem;
import dev.thumbnet.engine.backend.ResampleTaps;
import dev.thumbnet.engine.backend.ResizeProblem;
import dev.thumbnet.engine.backend.ResizeProblem.Filter;
import dev.thumbnet.engine.backend.Unary;
import dev.thumbnet.engine.io.Layout;
import dev.thumbnet.engine.op.Action;
import dev.thumbnet.engine.op.Trace;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Translates a trace to an ONNX graph, node by node. Pictures are (n, h, w, c) in the trace and (n,
 * c, h, w) in the graph; the first axis of everything but weights is free.
 */
final class OnnxGraph {
  private static final int FLOAT = 1;
  private static final String BATCH = "n";

  private final Protobuf graph = new Protobuf();
  private final Map<Tensor, String> weightNames;
  private final Map<Tensor, String> values = new IdentityHashMap<>();
  private final Set<String> initializers = new HashSet<>();
  private final Tensor output;

  private OnnxGraph(Trace trace, Map<Tensor, String> weightNames) {
    this.weightNames = weightNames;
    this.output = trace.output();
  }

  /**
   * Returns the graph of a trace.
   *
   * @param trace of one forward pass
   * @param weightNames names of the parameters that occur in it
   */
  static Protobuf of(Trace trace, Map<Tensor, String> weightNames) {
    OnnxGraph g = new OnnxGraph(trace, weightNames);
    g.graph.text(2, "thumbnet");
    g.values.put(trace.input(), Onnx.INPUT);
    for (Trace.Step step : trace.steps()) {
      g.add(step);
    }
    if (!g.values.containsKey(trace.output()) || trace.output() == trace.input()) {
      throw new IllegalArgumentException("the module computes nothing from its input");
    }
    g.graph.message(11, value(Onnx.INPUT, trace.input().shape()));
    g.graph.message(12, value(Onnx.OUTPUT, trace.output().shape()));
    return g.graph;
  }

  private void add(Trace.Step step) {
    String name = step.result() == output ? Onnx.OUTPUT : "value" + values.size();
    switch (step.action()) {
      case Action.Conv2d(Conv2dProblem p) -> convolution(p, step, name);
      case Action.Linear() -> linear(step, name);
      case Action.BatchNorm norm -> normalization(norm, step, name);
      case Action.Elementwise(Unary f) -> elementwise(f, operand(step, 0), name);
      case Action.LeakyRelu(double slope) ->
          node("LeakyRelu", name, operand(step, 0)).real("alpha", slope).end();
      case Action.Clamp(Tensor low, Tensor high) -> clamp(low, high, operand(step, 0), name);
      case Action.Add(double scale) -> sum(scale, step, name);
      case Action.AddRelu() -> {
        node("Add", before(name), operand(step, 0), operand(step, 1)).end();
        node("Relu", name, before(name)).end();
      }
      case Action.MaxPool(PoolProblem p) -> window(node("MaxPool", name, operand(step, 0)), p);
      case Action.AveragePool(PoolProblem p, boolean countPad) ->
          window(
              node("AveragePool", name, operand(step, 0))
                  .integer("count_include_pad", countPad ? 1 : 0),
              p);
      case Action.Resize(ResizeProblem p) -> resampling(p, operand(step, 0), name);
      case Action.Reshape() -> flattening(step, name);
    }
    values.put(step.result(), name);
  }

  // ---------------------------------------------------------------- nodes

  private void convolution(Conv2dProblem p, Trace.Step step, String name) {
    Tensor weight = step.operands().get(1);
    Node node = node("Conv", name, operand(step, 0));
    node.input(weight(weight, Layout.convolution(weight.shape().toArray())));
    if (step.operands().size() == 3) {
      node.input(weight(step.operands().get(2)));
    }
    node.integers("kernel_shape", p.kh(), p.kw())
        .integers("strides", p.strideH(), p.strideW())
        .integers("pads", p.padH(), p.padW(), p.padH(), p.padW())
        .integers("dilations", p.dilationH(), p.dilationW())
        .integer("group", p.groups())
        .end();
  }

  private void linear(Trace.Step step, String name) {
    Tensor x = step.operands().getFirst();
    if (x.shape().rank() != 2) {
      throw new IllegalArgumentException(
          "a linear layer on " + x.shape() + " cannot be exported to ONNX; flatten its input");
    }
    Tensor weight = step.operands().get(1);
    Node node = node("Gemm", name, operand(step, 0));
    node.input(weight(weight, Layout.linear(weight.shape().toArray())));
    if (step.operands().size() == 3) {
      node.input(weight(step.operands().get(2)));
    }
    node.integer("transB", 1).end();
  }

  private void normalization(Action.BatchNorm norm, Trace.Step step, String name) {
    Tensor scale = step.operands().get(1);
    String scaleName = weight(scale);
    String prefix = scaleName.substring(0, scaleName.lastIndexOf('.') + 1);
    String normalized = norm.relu() ? before(name) : name;
    node("BatchNormalization", normalized, operand(step, 0))
        .input(scaleName)
        .input(weight(step.operands().get(2)))
        .input(constant(prefix + "running_mean", Layout.same(shape(scale)), norm.mean().toArray()))
        .input(
            constant(prefix + "running_var", Layout.same(shape(scale)), norm.variance().toArray()))
        .real("epsilon", norm.eps())
        .end();
    if (norm.relu()) {
      node("Relu", name, normalized).end();
    }
  }

  private void elementwise(Unary f, String x, String name) {
    switch (f) {
      case RELU -> node("Relu", name, x).end();
      case SIGMOID -> node("Sigmoid", name, x).end();
      case TANH -> node("Tanh", name, x).end();
      case EXP -> node("Exp", name, x).end();
      case LOG -> node("Log", name, x).end();
      case SQRT -> node("Sqrt", name, x).end();
      case SQUARE -> node("Mul", name, x, x).end();
      case ABS -> node("Abs", name, x).end();
    }
  }

  /** Clip has one bound for all channels. */
  private void clamp(Tensor low, Tensor high, String x, String name) {
    node("Max", before(name), x).input(perChannel(name + ".low", low)).end();
    node("Min", name, before(name)).input(perChannel(name + ".high", high)).end();
  }

  private String perChannel(String name, Tensor values) {
    return constant(name, Layout.same(new int[] {values.size(), 1, 1}), values.toArray());
  }

  private void sum(double scale, Trace.Step step, String name) {
    if (Math.abs(scale) != 1) {
      throw new IllegalArgumentException(
          "x + " + scale + " · y cannot be exported to ONNX, only sums and differences");
    }
    node(scale == 1 ? "Add" : "Sub", name, operand(step, 0), operand(step, 1)).end();
  }

  private static void window(Node node, PoolProblem p) {
    node.integers("kernel_shape", p.kh(), p.kw())
        .integers("strides", p.strideH(), p.strideW())
        .integers("pads", p.padH(), p.padW(), p.padH(), p.padW())
        .end();
  }

  /** Every filter is linear and separable: y = R x Cᵀ for each picture and channel. */
  private void resampling(ResizeProblem p, String x, String name) {
    if (p.filter() == Filter.ADAPTIVE_AVERAGE && p.outH() == 1 && p.outW() == 1) {
      node("GlobalAveragePool", name, x).end();
      return;
    }
    String rows = constant(name + ".rows", Layout.same(new int[] {p.outH(), p.h()}), rows(p));
    String columns =
        constant(name + ".columns", Layout.same(new int[] {p.w(), p.outW()}), columns(p));
    node("MatMul", before(name), rows, x).end();
    node("MatMul", name, before(name), columns).end();
  }

  private static float[] rows(ResizeProblem p) {
    ResampleTaps taps = p.rows();
    float[] matrix = new float[p.outH() * p.h()];
    for (int i = 0; i < p.outH(); i++) {
      for (int j = 0; j < taps.weight()[i].length; j++) {
        matrix[i * p.h() + taps.first()[i] + j] = (float) taps.weight()[i][j];
      }
    }
    return matrix;
  }

  private static float[] columns(ResizeProblem p) {
    ResampleTaps taps = p.columns();
    float[] matrix = new float[p.w() * p.outW()];
    for (int i = 0; i < p.outW(); i++) {
      for (int j = 0; j < taps.weight()[i].length; j++) {
        matrix[(taps.first()[i] + j) * p.outW() + i] = (float) taps.weight()[i][j];
      }
    }
    return matrix;
  }

  /** The order of the elements stays h, w, c, so that the linear layer behind needs no change. */
  private void flattening(Trace.Step step, String name) {
    Shape from = step.operands().getFirst().shape();
    Shape to = step.result().shape();
    if (from.rank() != 4 || to.rank() != 2 || from.dim(0) != to.dim(0)) {
      throw new IllegalArgumentException(
          "the change of shape from "
              + from
              + " to "
              + to
              + " cannot be exported to ONNX, only that of (n, h, w, c) to (n, h · w · c)");
    }
    String x = operand(step, 0);
    if (from.size(1, 3) > 1) {
      node("Transpose", before(name), x).integers("perm", 0, 2, 3, 1).end();
      x = before(name);
    }
    node("Flatten", name, x).integer("axis", 1).end();
  }

  // ---------------------------------------------------------------- values

  /** Returns the name of a value that the step computes on the way to the one of this name. */
  private static String before(String name) {
    return name + ".before";
  }

  private String operand(Trace.Step step, int index) {
    Tensor operand = step.operands().get(index);
    String name = values.get(operand);
    if (name == null) {
      throw new IllegalArgumentException(
          step.action()
              + " takes a constant of shape "
              + operand.shape()
              + " where only what was computed from the input can be exported to ONNX");
    }
    return name;
  }

  private String weight(Tensor tensor) {
    return weight(tensor, Layout.same(shape(tensor)));
  }

  private String weight(Tensor tensor, Layout layout) {
    String name = weightNames.get(tensor);
    if (name == null) {
      throw new IllegalArgumentException(
          "a weight of shape "
              + tensor.shape()
              + " is no parameter of the module, so that it cannot be exported to ONNX");
    }
    return constant(name, layout, tensor.toArray());
  }

  private String constant(String name, Layout layout, float[] elements) {
    if (initializers.add(name)) {
      Protobuf tensor = new Protobuf();
      for (long extent : layout.torchShape()) {
        tensor.integer(1, extent);
      }
      tensor.integer(2, FLOAT).text(8, name).bytes(9, littleEndian(layout.toTorch(elements)));
      graph.message(5, tensor);
    }
    return name;
  }

  private static byte[] littleEndian(float[] elements) {
    byte[] bytes = new byte[Math.multiplyExact(elements.length, Float.BYTES)];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(elements);
    return bytes;
  }

  private static int[] shape(Tensor tensor) {
    return tensor.shape().toArray();
  }

  /** Describes an input or output. */
  private static Protobuf value(String name, Shape shape) {
    int[] extents = shape.toArray();
    List<Integer> axes =
        extents.length == 4
            ? List.of(extents[3], extents[1], extents[2])
            : Arrays.stream(extents).skip(1).boxed().toList();
    Protobuf dims = new Protobuf().message(1, new Protobuf().text(2, BATCH));
    axes.forEach(extent -> dims.message(1, new Protobuf().integer(1, extent)));
    Protobuf tensor = new Protobuf().integer(1, FLOAT).message(2, dims);
    return new Protobuf().text(1, name).message(2, new Protobuf().message(1, tensor));
  }

  private Node node(String type, String result, String... inputs) {
    Node node = new Node(type, result);
    for (String input : inputs) {
      node.input(input);
    }
    return node;
  }

  /** A node in the making; its attributes have the types that ONNX wants them to name. */
  private final class Node {
    private static final int TYPE_FLOAT = 1;
    private static final int TYPE_INT = 2;
    private static final int TYPE_INTS = 7;

    private final Protobuf message = new Protobuf();
    private final String type;
    private final String result;

    Node(String type, String result) {
      this.type = type;
      this.result = result;
    }

    Node input(String name) {
      message.text(1, name);
      return this;
    }

    Node real(String name, double value) {
      return attribute(new Protobuf().text(1, name).real(2, (float) value), TYPE_FLOAT);
    }

    Node integer(String name, int value) {
      return attribute(new Protobuf().text(1, name).integer(3, value), TYPE_INT);
    }

    Node integers(String name, int... values) {
      Protobuf attribute = new Protobuf().text(1, name);
      for (int value : values) {
        attribute.integer(8, value);
      }
      return attribute(attribute, TYPE_INTS);
    }

    private Node attribute(Protobuf attribute, int attributeType) {
      message.message(5, attribute.integer(20, attributeType));
      return this;
    }

    /** Adds the node to the graph. */
    void end() {
      message.text(2, result).text(3, result).text(4, type);
      graph.message(1, message);
    }
  }
}
