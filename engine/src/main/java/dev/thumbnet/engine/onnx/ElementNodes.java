package dev.thumbnet.engine.onnx;

import dev.thumbnet.engine.backend.problem.Unary;
import dev.thumbnet.engine.op.trace.Action;

/** Nodes of functions of one variable, of which ONNX lacks some. */
final class ElementNodes {
  private final GraphBuilder graph;

  ElementNodes(GraphBuilder graph) {
    this.graph = graph;
  }

  void add(Unary f, String x, String name) {
    switch (f) {
      case RELU -> graph.node("Relu", name, x).end();
      case SIGMOID -> graph.node("Sigmoid", name, x).end();
      case TANH -> graph.node("Tanh", name, x).end();
      case EXP -> graph.node("Exp", name, x).end();
      case LOG -> graph.node("Log", name, x).end();
      case SQRT -> graph.node("Sqrt", name, x).end();
      case SQUARE -> graph.node("Mul", name, x, x).end();
      case ABS -> graph.node("Abs", name, x).end();
      case RELU6 -> {
        String low = graph.scalar(name + ".low", 0);
        graph.node("Clip", name, x).input(low).input(graph.scalar(name + ".high", 6)).end();
      }
      case HARD_SIGMOID -> graph.node("HardSigmoid", name, x).real("alpha", 1.0 / 6).end();
      case HARD_SWISH -> graph.node("HardSwish", name, x).end();
      case ERF -> graph.node("Erf", name, x).end();
      case GELU -> gelu(x, name);
      case GELU_TANH -> geluTanh(x, name);
      case SOFTPLUS -> graph.node("Softplus", name, x).end();
      case SOFTSIGN -> graph.node("Softsign", name, x).end();
      case MISH -> graph.node("Mish", name, x).end();
      case RECIPROCAL -> graph.node("Reciprocal", name, x).end();
      case SILU -> {
        graph.node("Sigmoid", name + ".before", x).end();
        graph.node("Mul", name, x, name + ".before").end();
      }
    }
  }

  /** Of scale, alpha and rate, ONNX's functions leave two free at most. */
  void add(Action.Elu f, String x, String name) {
    if (f.rate() == 1) {
      graph
          .node("Selu", name, x)
          .real("alpha", f.alpha() / f.scale())
          .real("gamma", f.scale())
          .end();
      return;
    }
    if (f.scale() != 1 || Math.abs(f.alpha() * f.rate() - 1) > 1e-6) {
      throw new IllegalArgumentException(f + " cannot be exported to ONNX");
    }
    graph.node("Celu", name, x).real("alpha", f.alpha()).end();
  }

  /** x·Φ(x), which is an operator of its own only from opset 20 on. */
  private void gelu(String x, String name) {
    affine(Math.sqrt(0.5), 0, x, name + ".scaled");
    graph.node("Erf", name + ".erf", name + ".scaled").end();
    affine(0.5, 0.5, name + ".erf", name + ".share");
    graph.node("Mul", name, x, name + ".share").end();
  }

  private void geluTanh(String x, String name) {
    double slope = 2 * Math.sqrt(2 / Math.PI);
    graph.node("Mul", name + ".square", x, x).end();
    affine(slope * 0.044715, slope, name + ".square", name + ".factor");
    graph.node("Mul", name + ".argument", x, name + ".factor").end();
    graph.node("Sigmoid", name + ".share", name + ".argument").end();
    graph.node("Mul", name, x, name + ".share").end();
  }

  void affine(double scale, double shift, String x, String name) {
    String scaled = shift == 0 ? name : name + ".before";
    graph.node("Mul", scaled, x).input(graph.scalar(name + ".scale", scale)).end();
    if (shift != 0) {
      graph.node("Add", name, scaled).input(graph.scalar(name + ".shift", shift)).end();
    }
  }
}
