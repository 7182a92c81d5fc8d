package dev.thumbnet.engine.onnx.operator;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.onnx.file.Attribute;
import dev.thumbnet.engine.onnx.file.Node;
import dev.thumbnet.engine.onnx.file.TensorData;
import dev.thumbnet.engine.onnx.value.Arrangement;
import dev.thumbnet.engine.onnx.value.Atom;
import dev.thumbnet.engine.onnx.value.Value;
import dev.thumbnet.engine.onnx.value.Value.Live;
import dev.thumbnet.engine.onnx.value.Values;
import dev.thumbnet.engine.onnx.value.Weights;
import dev.thumbnet.engine.onnx.value.Weights.Role;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A node and its inputs, for translators to take what they need, checked. */
public final class Call {
  private static final int[] PICTURE = {0, 2, 3, 1};

  private final Node node;
  private final Run run;
  private final List<@Nullable Value> inputs;
  private final Set<String> read = new HashSet<>();

  /**
   * Makes a call.
   *
   * @param inputs null where an optional one is left out
   */
  public Call(Node node, Run run, List<@Nullable Value> inputs) {
    this.node = node;
    this.run = run;
    this.inputs = inputs;
  }

  /** Returns what all nodes share. */
  Run run() {
    return run;
  }

  /** Returns the version of the operators. */
  int opset() {
    return run.opset();
  }

  /** Returns the graph's constants. */
  Weights weights() {
    return run.weights();
  }

  /** Returns the name of an output. */
  String output(int index) {
    return node.outputs().get(index);
  }

  /** Returns the number of outputs that the node names. */
  int outputs() {
    return node.outputs().size();
  }

  // ---------------------------------------------------------------- inputs

  /** Returns the number of inputs, perhaps some of them left out. */
  int inputs() {
    return inputs.size();
  }

  /** Tells whether there is an input. */
  boolean has(int index) {
    return optional(index) != null;
  }

  /** Returns an input, if there is one. */
  @Nullable Value optional(int index) {
    return index < inputs.size() ? inputs.get(index) : null;
  }

  /** Returns an input. */
  Value value(int index) {
    Value value = optional(index);
    if (value == null) {
      throw new IllegalArgumentException("input " + index + " is missing; the file is damaged");
    }
    return value;
  }

  /** Returns an input with a tensor, in whichever order it has. */
  Live live(int index) {
    return Values.live(value(index), weights(), Role.SCALE);
  }

  /** Returns how the axes of an input lie. */
  Arrangement arrangement(int index) {
    return Values.arrangement(value(index));
  }

  /** Returns an input's axis; negative numbers count from the end. */
  static int axis(long axis, int rank) {
    if (axis < -rank || axis >= rank) {
      throw new IllegalArgumentException("there is no axis " + axis + " among " + rank);
    }
    return (int) (axis < 0 ? axis + rank : axis);
  }

  /** Returns a value of rank 4 as pictures (n, h, w, c). */
  Tensor picture(Value value) {
    require(value.dims().length == 4, "it takes pictures, of rank 4");
    return tensor(value, Role.SCALE, PICTURE);
  }

  /** Returns what was computed of pictures, (n, h, w, c). */
  static Live picture(Tensor y, Arrangement x) {
    List<List<Atom>> axes =
        List.of(
            x.axes().getFirst(),
            Arrangement.axis(y.dim(3)),
            Arrangement.axis(y.dim(1)),
            Arrangement.axis(y.dim(2)));
    Arrangement unordered = new Arrangement(axes, List.of());
    return new Live(y, unordered.inOrder(unordered.atoms(PICTURE)));
  }

  /** Returns a value as a tensor with its axes in an order. */
  Tensor tensor(Value value, Role role, int... memory) {
    return Values.tensor(value, memory, weights(), role);
  }

  /** Returns an input that has one axis, such as a number for each channel. */
  Tensor vector(int index, Role role, int extent) {
    int[] dims = value(index).dims();
    require(
        dims.length == 1 && dims[0] == extent,
        "input " + index + " must have " + extent + " numbers");
    return tensor(value(index), role, 0);
  }

  /** Returns numbers of an input that must be known beforehand. */
  double[] numbers(int index) {
    return switch (value(index)) {
      case Value.Numbers numbers -> numbers.values();
      case Value.Weight weight -> weight.literal().numbers();
      case Live _ ->
          throw new IllegalArgumentException(
              "input " + index + " depends on the picture, where only constants can be taken");
    };
  }

  /** Returns whole numbers of an input that must be known beforehand. */
  int[] wholes(int index) {
    double[] values = numbers(index);
    return IntStream.range(0, values.length).map(i -> clamped(values[i])).toArray();
  }

  /** The file says "to the end" by numbers far beyond. */
  private static int clamped(double value) {
    return (int) value;
  }

  /** Returns an input that is a single number known beforehand, or null if it is something else. */
  @Nullable Double number(int index) {
    if (value(index) instanceof Value.Numbers n && n.values().length == 1) {
      return n.values()[0];
    }
    return null;
  }

  /** Returns an optional input that is a number. */
  double number(int index, double otherwise) {
    if (!has(index)) {
      return otherwise;
    }
    double[] values = numbers(index);
    require(values.length == 1, "input " + index + " must be one number");
    return values[0];
  }

  // ---------------------------------------------------------------- attributes

  /** Tells whether there is an attribute. */
  boolean hasAttribute(String name) {
    return node.attributes().containsKey(name);
  }

  private @Nullable Attribute attribute(String name) {
    read.add(name);
    return node.attributes().get(name);
  }

  /** Passes over attributes that do not matter here. */
  void ignore(String... names) {
    read.addAll(List.of(names));
  }

  /** Returns a whole number; one beyond all extents is the largest or the least. */
  int whole(String name, int otherwise) {
    return switch (attribute(name)) {
      case null -> otherwise;
      case Attribute.Whole(long value) -> clamped((double) value);
      case Attribute other -> throw wrong(name, "a whole number", other);
    };
  }

  /** Returns a number. */
  double real(String name, double otherwise) {
    return switch (attribute(name)) {
      case null -> otherwise;
      case Attribute.Real(double value) -> value;
      case Attribute other -> throw wrong(name, "a number", other);
    };
  }

  /** Returns text. */
  String text(String name, String otherwise) {
    return switch (attribute(name)) {
      case null -> otherwise;
      case Attribute.Text(String value) -> value;
      case Attribute other -> throw wrong(name, "text", other);
    };
  }

  /** Returns whole numbers, if they are there. */
  int @Nullable [] wholes(String name) {
    return switch (attribute(name)) {
      case null -> null;
      case Attribute.Wholes(long[] values) ->
          Arrays.stream(values).mapToInt(v -> clamped((double) v)).toArray();
      case Attribute other -> throw wrong(name, "whole numbers", other);
    };
  }

  /** Returns numbers, if they are there. */
  double @Nullable [] reals(String name) {
    return switch (attribute(name)) {
      case null -> null;
      case Attribute.Reals(double[] values) -> values;
      case Attribute other -> throw wrong(name, "numbers", other);
    };
  }

  /** Returns a tensor, if it is there. */
  @Nullable TensorData data(String name) {
    return switch (attribute(name)) {
      case null -> null;
      case Attribute.Numbers(TensorData value) -> value;
      case Attribute other -> throw wrong(name, "a tensor", other);
    };
  }

  private static IllegalArgumentException wrong(String name, String expected, Attribute found) {
    String what = found instanceof Attribute.Other(String kind) ? kind : "something else";
    return new IllegalArgumentException(
        "attribute '" + name + "' must be " + expected + ", but is " + what);
  }

  /** Checks that no attribute was left unread, which might mean something. */
  public void checkAllRead() {
    Set<String> unread =
        node.attributes().keySet().stream()
            .filter(name -> !read.contains(name))
            .collect(Collectors.toSet());
    require(unread.isEmpty(), "attributes " + unread + " are not known");
  }

  /** Refuses what is not so. */
  static void require(boolean so, String otherwise) {
    if (!so) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
