package dev.thumbnet.engine.onnx;

import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.backend.problem.Indices;
import dev.thumbnet.engine.op.trace.Action;
import dev.thumbnet.engine.op.trace.Trace;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Nodes of chosen elements along axes. */
final class ChoiceNodes {
  private final GraphBuilder graph;

  ChoiceNodes(GraphBuilder graph) {
    this.graph = graph;
  }

  /** Gather for each axis that needs it, then Pad for what is not chosen before and behind. */
  void add(Action.Gather gather, Trace.Step step, String x, String name) {
    int rank = step.result().shape().rank();
    int[] pads = new int[2 * rank];
    String chosen = x;
    if (gather.problem().rows() > 1 || gather.problem().ofRows().size() > 1) {
      Indices rows = gather.problem().ofRows();
      chosen = chosen(rows, gather.axis() - 1, step, chosen, pads, name + ".rows");
    }
    chosen =
        chosen(gather.problem().ofColumns(), gather.axis(), step, chosen, pads, name + ".columns");
    if (IntStream.of(pads).allMatch(pad -> pad == 0)) {
      graph.node("Identity", name, chosen).end();
      return;
    }
    graph
        .node("Pad", name, chosen)
        .input(graph.integers(name + ".pads", pads))
        .input(graph.scalar(name + ".value", gather.value()))
        .end();
  }

  /** Chooses along an axis of the engine; notes how many before and behind are none. */
  private String chosen(
      Indices indices, int axis, Trace.Step step, String x, int[] pads, String name) {
    int onnxAxis = Order.axis(axis, step.result().shape().rank());
    int from = indices.get(0) == Indices.NONE ? indices.runEnd(0) : 0;
    int to = indices.size();
    while (to > from && indices.get(to - 1) == Indices.NONE) {
      to--;
    }
    int[] some = Arrays.copyOfRange(indices.toArray(), from, to);
    if (some.length == 0 || IntStream.of(some).anyMatch(i -> i == Indices.NONE)) {
      throw new IllegalArgumentException(
          step.action() + " cannot be exported to ONNX: there are gaps between what is chosen");
    }
    pads[onnxAxis] = from;
    pads[pads.length / 2 + onnxAxis] = indices.size() - to;
    Shape shape = step.operands().getFirst().shape();
    if (Arrays.equals(some, IntStream.range(0, shape.dim(axis)).toArray())) {
      return x;
    }
    graph
        .node("Gather", name, x)
        .input(graph.integers(name + ".indices", some))
        .integer("axis", onnxAxis)
        .end();
    return name;
  }
}
