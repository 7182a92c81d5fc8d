package dev.thumbnet.engine.onnx;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.onnx.file.Attribute;
import dev.thumbnet.engine.onnx.file.Graph;
import dev.thumbnet.engine.onnx.file.Node;
import dev.thumbnet.engine.onnx.file.TensorData;
import dev.thumbnet.engine.onnx.file.ValueInfo;
import dev.thumbnet.engine.onnx.operator.Constants;
import dev.thumbnet.engine.onnx.operator.Operators;
import dev.thumbnet.engine.onnx.operator.Run;
import dev.thumbnet.engine.onnx.value.Value;
import dev.thumbnet.engine.onnx.value.Value.Live;
import dev.thumbnet.engine.onnx.value.Value.Weight;
import dev.thumbnet.engine.onnx.value.Values;
import dev.thumbnet.engine.onnx.value.Weights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of a graph that its outputs depend on, and its constants. It is run anew for each
 * input, node by node, on the engine's operations; what follows from extents alone is worked out on
 * the way. Immutable, but for its weights.
 */
final class Network {
  private static final String CONSTANT = "Constant";

  /** What a file with channels last does to a result: (n, c, h, w) to (n, h, w, c). */
  private static final long[] TO_LAST = {0, 2, 3, 1};

  private static final Set<String> PER_PIXEL =
      Set.of("Softmax", "LogSoftmax", "Sigmoid", "Relu", "Clip", "Identity", "Cast");

  /** Functions that may follow a transposition at the end. */
  private static final int MOST_ON_TOP = 4;

  /** Problems that a message names one by one. */
  private static final int SHOWN = 20;

  /** Characters of a problem that a message shows. */
  private static final int LONGEST_PROBLEM = 300;

  /**
   * A node.
   *
   * @param node what is computed
   * @param last names of the values that nobody needs afterwards
   */
  private record Step(Node node, List<String> last) {}

  private final int opset;
  private final List<ValueInfo> outputs;
  private final Map<String, Value> constants = new HashMap<>();
  private final List<Step> steps = new ArrayList<>();

  /** Outputs of rank 4 that have channels last in the file. */
  private final Set<String> channelsLast = new HashSet<>();

  /**
   * Takes what is needed of a graph.
   *
   * @param weights will be asked for its constants
   * @throws IOException if it is not one that can be run; the message says why
   */
  Network(Graph graph, Weights weights) throws IOException {
    this.opset = graph.opset();
    this.outputs = graph.outputs();
    List<Node> nodes = Idioms.simplified(graph.nodes());
    Map<String, Node> producers = new HashMap<>();
    for (Node node : nodes) {
      for (String output : node.outputs()) {
        if (!output.isEmpty() && producers.put(output, node) != null) {
          throw new IOException(node + " gives '" + output + "', which another node gives, too");
        }
      }
    }
    Set<Node> needed = needed(producers);
    checkOperators(needed);
    for (ValueInfo output : outputs) {
      if (hasChannelsLast(output.name(), producers)) {
        channelsLast.add(output.name());
      }
    }
    nodes = nodes.stream().filter(needed::contains).toList();
    checkOrder(nodes, graph);
    for (Map.Entry<String, TensorData> entry : graph.initializers().entrySet()) {
      constants.put(entry.getKey(), Constants.of(entry.getKey(), entry.getValue(), true));
    }
    addSteps(nodes, new Run(opset, weights, ValueInfo.FREE, null));
  }

  // ---------------------------------------------------------------- what is needed

  /** Walks from the outputs to what they are made of. */
  private Set<Node> needed(Map<String, Node> producers) throws IOException {
    Set<Node> needed = Collections.newSetFromMap(new IdentityHashMap<>());
    List<String> open = new ArrayList<>();
    for (ValueInfo output : outputs) {
      if (!producers.containsKey(output.name())) {
        throw new IOException("output '" + output.name() + "' is computed by no node");
      }
      open.add(output.name());
    }
    while (!open.isEmpty()) {
      Node node = producers.get(open.removeLast());
      if (node != null && needed.add(node)) {
        open.addAll(node.inputs());
      }
    }
    return needed;
  }

  /** Tells whether a value is a transposed picture, perhaps after functions of each pixel. */
  private static boolean hasChannelsLast(String name, Map<String, Node> producers) {
    Node node = producers.get(name);
    for (int i = 0; node != null && PER_PIXEL.contains(node.operator()) && i < MOST_ON_TOP; i++) {
      node = node.inputs().isEmpty() ? null : producers.get(node.inputs().getFirst());
    }
    return node != null
        && node.operator().equals("Transpose")
        && node.attributes().get("perm") instanceof Attribute.Wholes(long[] perm)
        && Arrays.equals(perm, TO_LAST);
  }

  private static void checkOperators(Set<Node> needed) throws IOException {
    Map<String, Set<String>> missing = new TreeMap<>();
    for (Node node : needed) {
      if (!Operators.has(node)) {
        String operator = (node.domain().isEmpty() ? "" : node.domain() + ".") + node.operator();
        missing.computeIfAbsent(operator, _ -> new TreeSet<>()).add("'" + node.name() + "'");
      }
    }
    if (!missing.isEmpty()) {
      List<String> texts = new ArrayList<>();
      missing.forEach(
          (operator, nodes) -> texts.add(operator + " in " + shown(nodes, nodes.size(), ", ")));
      throw new IOException(
          "operators that the engine does not have: "
              + shown(texts, texts.size(), "; ")
              + "; export the model without them, or cut it before them");
    }
  }

  private static String shown(Collection<String> items, int count, String separator) {
    int more = count - SHOWN;
    String text = String.join(separator, items.stream().limit(SHOWN).toList());
    return more > 0 ? text + separator + "and " + more + " more" : text;
  }

  /** The format wants nodes in an order in which they can run. */
  private static void checkOrder(List<Node> nodes, Graph graph) throws IOException {
    Set<String> known = new HashSet<>(graph.initializers().keySet());
    graph.inputs().forEach(input -> known.add(input.name()));
    for (Node node : nodes) {
      for (String input : node.inputs()) {
        if (!input.isEmpty() && !known.contains(input)) {
          throw new IOException(
              node
                  + " takes '"
                  + input
                  + "', which neither an initialiser nor a node before it gives; the graph has a"
                  + " cycle, is not in order, or lacks a weight");
        }
      }
      known.addAll(node.outputs());
    }
  }

  private void addSteps(List<Node> nodes, Run run) throws IOException {
    Set<String> later = new HashSet<>();
    outputs.forEach(output -> later.add(output.name()));
    for (Node node : nodes.reversed()) {
      if (node.operator().equals(CONSTANT)) {
        constants.put(node.outputs().getFirst(), constant(node, run));
        continue;
      }
      Set<String> names = new LinkedHashSet<>(node.inputs());
      names.addAll(node.outputs());
      steps.add(new Step(node, names.stream().filter(later::add).toList()));
    }
    Collections.reverse(steps);
  }

  /** A node that gives a constant does so once. */
  private static Value constant(Node node, Run run) throws IOException {
    try {
      return Operators.run(node, run, List.of()).getFirst();
    } catch (IllegalArgumentException | ArithmeticException | UncheckedIOException e) {
      throw new IOException(node + ": " + e.getMessage(), e);
    }
  }

  // ---------------------------------------------------------------- running

  /** Returns the version of the operators. */
  int opset() {
    return opset;
  }

  /** Returns what comes out. */
  List<ValueInfo> outputs() {
    return outputs;
  }

  /** Lets go of the file. */
  void forget() {
    for (Value value : constants.values()) {
      if (value instanceof Weight(var literal, var _)) {
        literal.forget();
      }
    }
  }

  /**
   * Computes the outputs.
   *
   * @throws IllegalArgumentException if a node cannot be computed; the message names it
   */
  Map<String, Tensor> run(Map<String, Live> inputs, Run run) {
    Map<String, Value> values = new Pass(inputs, run, Network::fail).values();
    Map<String, Tensor> results = new LinkedHashMap<>();
    outputs.forEach(info -> results.put(info.name(), result(info.name(), values)));
    return results;
  }

  /** Returns an output as a tensor: pictures with channels last, all else as in the file. */
  private Tensor result(String name, Map<String, Value> values) {
    if (!(values.get(name) instanceof Live live)) {
      throw new IllegalArgumentException("it depends on no weight or input");
    }
    int rank = live.dims().length;
    boolean picture = rank == Values.PICTURE_RANK && !channelsLast.contains(name);
    return (picture ? Values.asPicture(live) : Values.inRows(live)).tensor();
  }

  private static void fail(Node node, RuntimeException problem) {
    throw new IllegalArgumentException(node + ": " + problem.getMessage(), problem);
  }

  /**
   * Tries to compute the outputs, with placeholders.
   *
   * @return what does not work, node by node
   */
  String problems(Map<String, Live> inputs, Run run) {
    Problems problems = new Problems();
    Pass pass = new Pass(inputs, run, (node, e) -> problems.add(node + ": " + e.getMessage()));
    Map<String, Value> values = pass.values();
    for (ValueInfo output : outputs) {
      if (problems.count > 0) {
        break;
      }
      try {
        result(output.name(), values);
      } catch (IllegalArgumentException e) {
        problems.add("output '" + output.name() + "': " + e.getMessage());
      }
    }
    return shown(problems.first, problems.count, "; ");
  }

  /** The first few problems and the number of all: there may be one for each node. */
  private static final class Problems {
    final List<String> first = new ArrayList<>();
    int count;

    void add(String problem) {
      count++;
      if (first.size() < SHOWN) {
        boolean fits = problem.length() <= LONGEST_PROBLEM;
        first.add(fits ? problem : problem.substring(0, LONGEST_PROBLEM) + "…");
      }
    }
  }

  /** Is told of what does not work. */
  private interface Listener {
    void problem(Node node, RuntimeException problem);
  }

  /** One run. */
  private final class Pass {
    private final Map<String, Value> values;
    private final Set<String> failed = new HashSet<>();
    private final Run run;
    private final Listener listener;

    Pass(Map<String, Live> inputs, Run run, Listener listener) {
      this.values = new HashMap<>(inputs);
      this.run = run;
      this.listener = listener;
    }

    Map<String, Value> values() {
      for (Step step : steps) {
        if (!computed(step.node)) {
          failed.addAll(step.node.outputs());
        }
        step.last.forEach(values::remove);
      }
      return values;
    }

    private boolean computed(Node node) {
      List<@Nullable Value> inputs = new ArrayList<>();
      try {
        for (String name : node.inputs()) {
          if (!name.isEmpty() && failed.contains(name)) {
            return false;
          }
          inputs.add(name.isEmpty() ? null : input(name));
        }
        List<Value> results = Operators.run(node, run, inputs);
        for (int i = 0; i < Math.min(results.size(), node.outputs().size()); i++) {
          String name = node.outputs().get(i);
          if (!name.isEmpty()) { // one without a name is not wanted
            values.put(name, results.get(i));
          }
        }
        return true;
      } catch (IllegalArgumentException | ArithmeticException | UncheckedIOException e) {
        listener.problem(node, e);
        return false;
      }
    }

    private Value input(String name) {
      Value value = values.getOrDefault(name, constants.get(name));
      if (value == null) {
        throw new IllegalArgumentException(
            "it takes '" + name + "', a secondary output that is not computed");
      }
      return value;
    }
  }
}
