package dev.thumbnet.engine.onnx;

import dev.thumbnet.engine.onnx.file.Attribute;
import dev.thumbnet.engine.onnx.file.Node;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Functions that exporters write as several nodes because the opset had none for them, as the one
 * operator that the engine has: one pass over memory, or none if a plan takes it with a
 * convolution.
 */
final class Idioms {
  private static final double SIXTH = 1.0 / 6;

  private final Map<String, Node> producers = new HashMap<>();

  private Idioms(List<Node> nodes) {
    nodes.forEach(node -> node.outputs().forEach(output -> producers.put(output, node)));
  }

  /** Returns the nodes; those that nobody needs any more are still among them. */
  static List<Node> simplified(List<Node> nodes) {
    Idioms idioms = new Idioms(nodes);
    return nodes.stream().map(idioms::simplified).toList();
  }

  private Node simplified(Node node) {
    boolean product = node.operator().equals("Mul") && node.domain().isEmpty();
    if (!product || node.inputs().size() != 2 || !node.attributes().isEmpty()) {
      return node;
    }
    for (int i = 0; i < 2; i++) {
      String x = node.inputs().get(i);
      Node gate = producers.get(node.inputs().get(1 - i));
      if (gate != null && gate.inputs().equals(List.of(x)) && gate.domain().isEmpty()) {
        String whole = whole(gate);
        if (!whole.isEmpty()) {
          return new Node(node.name(), whole, "", List.of(x), node.outputs(), Map.of());
        }
      }
    }
    return node;
  }

  /** Returns what x · gate(x) is called. */
  private static String whole(Node gate) {
    return switch (gate.operator()) {
      case "Sigmoid" -> "Swish";
      case "HardSigmoid" ->
          real(gate, "alpha", 0.2) == (float) SIXTH && real(gate, "beta", 0.5) == 0.5
              ? "HardSwish"
              : "";
      default -> "";
    };
  }

  private static double real(Node node, String name, double otherwise) {
    return node.attributes().get(name) instanceof Attribute.Real(double value) ? value : otherwise;
  }
}
