package dev.thumbnet.engine.onnx;

import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.AxisProblem;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.backend.problem.Padding;
import dev.thumbnet.engine.backend.problem.PoolProblem;
import dev.thumbnet.engine.backend.problem.ResampleTaps;
import dev.thumbnet.engine.backend.problem.ResizeProblem;
import dev.thumbnet.engine.backend.problem.ResizeProblem.Filter;
import dev.thumbnet.engine.backend.problem.TransposeProblem;
import dev.thumbnet.engine.backend.problem.Unary;
import dev.thumbnet.engine.io.Layout;
import dev.thumbnet.engine.onnx.GraphBuilder.Node;
import dev.thumbnet.engine.op.trace.Action;
import dev.thumbnet.engine.op.trace.Trace;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Translates a trace to an ONNX graph, node by node. The first axis of everything but weights is
 * free; the order of the axes is that of {@link Order}.
 */
final class OnnxGraph {
  private final GraphBuilder graph = new GraphBuilder();
  private final ElementNodes elements = new ElementNodes(graph);
  private final Map<Tensor, String> weightNames;
  private final Map<Tensor, String> values = new IdentityHashMap<>();
  private final Tensor output;
  private final int pictures;

  private OnnxGraph(Trace trace, Map<Tensor, String> weightNames) {
    this.weightNames = weightNames;
    this.output = trace.output();
    this.pictures = trace.input().dim(0);
  }

  /**
   * Returns the graph of a trace.
   *
   * @param trace of one forward pass, on two pictures or more
   * @param weightNames names of the parameters and buffers that occur in it
   */
  static Protobuf of(Trace trace, Map<Tensor, String> weightNames) {
    trace.checkPicturesApart();
    OnnxGraph g = new OnnxGraph(trace, weightNames);
    g.values.put(trace.input(), Onnx.INPUT);
    for (Trace.Step step : trace.steps()) {
      g.add(step);
    }
    if (!g.values.containsKey(trace.output()) || trace.output() == trace.input()) {
      throw new IllegalArgumentException("the module computes nothing from its input");
    }
    g.graph.input(Onnx.INPUT, Order.extents(trace.input().shape()));
    g.graph.output(Onnx.OUTPUT, Order.extents(trace.output().shape()));
    return g.graph.graph();
  }

  private void add(Trace.Step step) {
    String name = step.result() == output ? Onnx.OUTPUT : "value" + values.size();
    switch (step.action()) {
      case Action.Conv2d(Conv2dProblem p) -> convolution(node("Conv", name), p, step).end();
      case Action.ConvTranspose2d(Conv2dProblem p) -> transposed(p, step, name);
      case Action.Linear() -> linear(step, name);
      case Action.BatchNorm norm -> normalization(norm, step, name);
      case Action.Elementwise(Unary f) -> elements.add(f, operand(step, 0), name);
      case Action.LeakyRelu(double slope) ->
          node("LeakyRelu", name, operand(step, 0)).real("alpha", slope).end();
      case Action.Elu elu -> elements.add(elu, operand(step, 0), name);
      case Action.Clamp(Tensor low, Tensor high) -> clamp(low, high, step, name);
      case Action.Affine(double scale, double shift) ->
          elements.affine(scale, shift, operand(step, 0), name);
      case Action.Add(double scale) -> sum(scale, step, name);
      case Action.BroadcastAdd(AxisProblem _, double scale) -> sum(scale, step, name);
      case Action.AddRelu() -> {
        node("Add", before(name), aligned(step, 0), aligned(step, 1)).end();
        node("Relu", name, before(name)).end();
      }
      case Action.Multiply(), Action.BroadcastMultiply _ ->
          node("Mul", name, aligned(step, 0), aligned(step, 1)).end();
      case Action.Divide() -> node("Div", name, aligned(step, 0), aligned(step, 1)).end();
      case Action.Maximum() -> node("Max", name, aligned(step, 0), aligned(step, 1)).end();
      case Action.Minimum() -> node("Min", name, aligned(step, 0), aligned(step, 1)).end();
      case Action.MatMul _ -> product(step, name);
      case Action.Max(AxisProblem p) -> reduction("ReduceMax", p, 1, step, name);
      case Action.Expand _ -> expansion(step, name);
      case Action.Sum(AxisProblem p, double scale) -> reduction("ReduceSum", p, scale, step, name);
      case Action.Softmax() -> alongChannels("Softmax", step, name);
      case Action.LogSoftmax() -> alongChannels("LogSoftmax", step, name);
      case Action.Concat(int axis) -> concatenation(axis, step, name);
      case Action.Slice slice -> slice(slice, step, name);
      case Action.MaxPool(PoolProblem p) ->
          pads(windows(node("MaxPool", name, operand(step, 0)), p), p.pad())
              .integers("dilations", p.dilationH(), p.dilationW())
              .end();
      case Action.AveragePool(PoolProblem p, boolean countPad) ->
          mean(p, countPad, operand(step, 0), name);
      case Action.Resize(ResizeProblem p) -> resampling(p, operand(step, 0), name);
      case Action.Transpose(TransposeProblem p) ->
          node("Transpose", name, operand(step, 0))
              .integers("perm", Order.permuted(p.axes()))
              .end();
      case Action.Gather gather -> new ChoiceNodes(graph).add(gather, step, operand(step, 0), name);
      case Action.Reshape() -> {
        Shape from = step.operands().getFirst().shape();
        reshaping(operand(step, 0), from, step.result().shape(), name);
      }
    }
    values.put(step.result(), name);
  }

  // ---------------------------------------------------------------- layers

  private Node convolution(Node node, Conv2dProblem p, Trace.Step step) {
    Tensor weight = step.operands().get(1);
    node.input(operand(step, 0));
    node.input(weight(weight, Layout.convolution(weight.shape().toArray())));
    if (step.operands().size() == 3) {
      node.input(weight(step.operands().get(2)));
    }
    return pads(node.integers("kernel_shape", p.kh(), p.kw()), p.pad())
        .integers("strides", p.strideH(), p.strideW())
        .integers("dilations", p.dilationH(), p.dilationW())
        .integer("group", p.groups());
  }

  private static Node pads(Node node, Padding pad) {
    return node.integers("pads", pad.top(), pad.left(), pad.bottom(), pad.right());
  }

  /** What the result has more than the last place of the window reaches is output_padding. */
  private void transposed(Conv2dProblem p, Trace.Step step, String name) {
    Padding pad = p.pad();
    int rows = p.h() + pad.top() + pad.bottom() - p.dilationH() * (p.kh() - 1) - 1;
    int columns = p.w() + pad.left() + pad.right() - p.dilationW() * (p.kw() - 1) - 1;
    convolution(node("ConvTranspose", name), p, step)
        .integers("output_padding", rows % p.strideH(), columns % p.strideW())
        .end();
  }

  private void linear(Trace.Step step, String name) {
    int rank = step.result().shape().rank();
    if (rank > 2) {
      linearOnPixels(step, rank, name);
      return;
    }
    Node node = node("Gemm", name, operand(step, 0)).input(matrix(step));
    if (step.operands().size() == 3) {
      node.input(weight(step.operands().get(2)));
    }
    node.integer("transB", 1).end();
  }

  /** Gemm takes matrices alone; MatMul works along the last axis, so that channels go there. */
  private void linearOnPixels(Trace.Step step, int rank, String name) {
    String pixels = name + ".pixels";
    String transposed = name + ".weight";
    String product = name + ".product";
    node("Transpose", pixels, operand(step, 0)).integers("perm", Order.back(rank)).end();
    node("Transpose", transposed, matrix(step)).integers("perm", 1, 0).end();
    node("MatMul", product, pixels, transposed).end();
    String sum = product;
    if (step.operands().size() == 3) {
      sum = before(name);
      node("Add", sum, product, weight(step.operands().get(2))).end();
    }
    node("Transpose", name, sum).integers("perm", Order.of(rank)).end();
  }

  /** Matrices are the last two axes, which the engine's order puts there. */
  private void product(Trace.Step step, String name) {
    int rank = step.result().shape().rank();
    for (int i = 0; i < 2; i++) {
      node("Transpose", name + ".factor" + i, aligned(step, i))
          .integers("perm", Order.back(rank))
          .end();
    }
    node("MatMul", before(name), name + ".factor0", name + ".factor1").end();
    node("Transpose", name, before(name)).integers("perm", Order.of(rank)).end();
  }

  private String matrix(Trace.Step step) {
    Tensor weight = step.operands().get(1);
    return weight(weight, Layout.linear(weight.shape().toArray()));
  }

  /** A normalisation that is not affine has a scale and a shift that no module names. */
  private void normalization(Action.BatchNorm norm, Trace.Step step, String name) {
    Tensor scale = step.operands().get(1);
    Tensor shift = step.operands().get(2);
    String known = weightNames.get(scale);
    String prefix = known == null ? name + "." : known.substring(0, known.lastIndexOf('.') + 1);
    String normalized = norm.relu() ? before(name) : name;
    long[] channels = {scale.size()};
    node("BatchNormalization", normalized, operand(step, 0))
        .input(known != null ? weight(scale) : unnamed(prefix + "weight", scale))
        .input(known != null ? weight(shift) : unnamed(prefix + "bias", shift))
        .input(graph.constant(prefix + "running_mean", channels, norm.mean().toArray()))
        .input(graph.constant(prefix + "running_var", channels, norm.variance().toArray()))
        .real("epsilon", norm.eps())
        .end();
    if (norm.relu()) {
      node("Relu", name, normalized).end();
    }
  }

  private String unnamed(String name, Tensor perChannel) {
    return graph.constant(name, new long[] {perChannel.size()}, perChannel.toArray());
  }

  // ---------------------------------------------------------------- elementwise

  /** Clip has one bound for all channels. */
  private void clamp(Tensor low, Tensor high, Trace.Step step, String name) {
    int rank = step.result().shape().rank();
    node("Max", before(name), operand(step, 0)).input(perChannel(name + ".low", low, rank)).end();
    node("Min", name, before(name)).input(perChannel(name + ".high", high, rank)).end();
  }

  private String perChannel(String name, Tensor values, int rank) {
    return graph.constant(name, Order.longs(values.shape().aligned(rank)), values.toArray());
  }

  private void sum(double scale, Trace.Step step, String name) {
    if (Math.abs(scale) != 1) {
      throw new IllegalArgumentException(
          "x + " + scale + " · y cannot be exported to ONNX, only sums and differences");
    }
    node(scale == 1 ? "Add" : "Sub", name, aligned(step, 0), aligned(step, 1)).end();
  }

  private void expansion(Trace.Step step, String name) {
    int[] extents = Order.extents(step.result().shape());
    extents[0] = 1; // leaves as many pictures as there are
    node("Expand", name, operand(step, 0)).input(graph.integers(name + ".shape", extents)).end();
  }

  // ---------------------------------------------------------------- along axes

  /** Reduces axes that stay with extent 1, and lets go of what the result does not have. */
  private void reduction(String type, AxisProblem p, double scale, Trace.Step step, String name) {
    Shape from = step.operands().getFirst().shape();
    Shape kept = from;
    String reduced = operand(step, 0);
    if (p.repeat() > 1) {
      int first = axesOf(from, 0, p.outer());
      int end = axesOf(from, first, p.repeat());
      for (int axis = first; axis < end; axis++) {
        kept = kept.with(axis, 1);
      }
      int[] axes = IntStream.range(first, end).map(axis -> Order.axis(axis, from.rank())).toArray();
      node(type, name + ".reduced", reduced).input(graph.integers(name + ".axes", axes)).end();
      reduced = name + ".reduced";
    }
    Shape to = step.result().shape();
    String scaled = kept.equals(to) ? name : name + ".scaled";
    node("Mul", scaled, reduced).input(graph.scalar(name + ".scale", scale)).end();
    if (!kept.equals(to)) {
      reshaping(scaled, kept, to, name);
    }
  }

  /** Returns the end of the axes from {@code first} on that have so many elements together. */
  private static int axesOf(Shape shape, int first, int size) {
    int end = first;
    while (shape.size(first, end) < size) {
      end++;
    }
    return end;
  }

  private void alongChannels(String type, Trace.Step step, String name) {
    int rank = step.result().shape().rank();
    node(type, name, operand(step, 0)).integer("axis", Order.axis(rank - 1, rank)).end();
  }

  private void concatenation(int axis, Trace.Step step, String name) {
    Node node = node("Concat", name);
    for (int i = 0; i < step.operands().size(); i++) {
      node.input(operand(step, i));
    }
    node.integer("axis", Order.axis(axis, step.result().shape().rank())).end();
  }

  private void slice(Action.Slice slice, Trace.Step step, String name) {
    int axis = Order.axis(slice.axis(), step.result().shape().rank());
    node("Slice", name, operand(step, 0))
        .input(graph.integers(name + ".from", slice.from()))
        .input(graph.integers(name + ".to", slice.to()))
        .input(graph.integers(name + ".axis", axis))
        .end();
  }

  /** Elements keep the engine's order, so that a linear layer behind needs no change. */
  private void reshaping(String x, Shape from, Shape to, String name) {
    String source = x;
    if (Order.moves(from)) {
      source = before(name);
      node("Transpose", source, x).integers("perm", Order.back(from.rank())).end();
    }
    if (to.rank() == 2) {
      node("Flatten", name, source).integer("axis", 1).end();
      return;
    }
    boolean moves = Order.moves(to);
    int[] extents = moves ? to.toArray() : Order.extents(to);
    extents[0] = 0; // as many pictures as there are
    String reshaped = moves ? name + ".reshaped" : name;
    node("Reshape", reshaped, source).input(graph.integers(name + ".shape", extents)).end();
    if (moves) {
      node("Transpose", name, reshaped).integers("perm", Order.of(to.rank())).end();
    }
  }

  // ---------------------------------------------------------------- windows

  private static Node windows(Node node, PoolProblem p) {
    return node.integers("kernel_shape", p.kh(), p.kw())
        .integers("strides", p.strideH(), p.strideW())
        .integer("ceil_mode", p.ceil() ? 1 : 0);
  }

  /**
   * Runtimes do not agree whether what a window has beyond the padding counts, so that padding that
   * counts becomes part of the picture if there is something beyond.
   */
  private void mean(PoolProblem p, boolean countPad, String x, String name) {
    boolean part = countPad && p.ceil() && !p.pad().equals(Padding.NONE);
    String picture = x;
    if (part) {
      picture = before(name);
      Padding pad = p.pad();
      String pads =
          graph.integers(
              name + ".pads", 0, 0, pad.top(), pad.left(), 0, 0, pad.bottom(), pad.right());
      node("Pad", picture, x).input(pads).end();
    }
    Node node = windows(node("AveragePool", name, picture), p);
    pads(node, part ? Padding.NONE : p.pad())
        .integer("count_include_pad", countPad && !p.ceil() ? 1 : 0)
        .end();
  }

  /** Every filter is linear and separable: y = R x Cᵀ for each picture and channel. */
  private void resampling(ResizeProblem p, String x, String name) {
    if (p.filter() == Filter.ADAPTIVE_AVERAGE && p.outH() == 1 && p.outW() == 1) {
      node("GlobalAveragePool", name, x).end();
      return;
    }
    String rows = graph.constant(name + ".rows", new long[] {p.outH(), p.h()}, rows(p));
    String columns = graph.constant(name + ".columns", new long[] {p.w(), p.outW()}, columns(p));
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

  // ---------------------------------------------------------------- values

  private Node node(String type, String result, String... inputs) {
    return graph.node(type, result, inputs);
  }

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

  /** Returns an operand, perhaps a constant, that has as many axes as the result. */
  private String aligned(Trace.Step step, int index) {
    Tensor operand = step.operands().get(index);
    String name = values.get(operand);
    if (name != null) {
      return name;
    }
    Shape shape = operand.shape().aligned(step.result().shape().rank());
    float[] elements = operand.toArray();
    if (shape.dim(0) == pictures) {
      shape = shape.with(0, 1); // all are the same
    }
    float[] ordered = Order.channelsSecond(shape, elements);
    String unnamed = "value" + values.size() + ".operand" + index;
    String constant = weightNames.getOrDefault(operand, unnamed) + ".of" + shape.rank();
    return graph.constant(constant, Order.longs(shape), ordered);
  }

  private String weight(Tensor tensor) {
    return weight(tensor, Layout.same(tensor.shape().toArray()));
  }

  private String weight(Tensor tensor, Layout layout) {
    String name = weightNames.get(tensor);
    if (name == null) {
      throw new IllegalArgumentException(
          "a weight of shape "
              + tensor.shape()
              + " is neither parameter nor buffer of the module, so that it cannot be exported to"
              + " ONNX");
    }
    return graph.constant(name, layout.torchShape(), layout.toTorch(tensor.toArray()));
  }
}
