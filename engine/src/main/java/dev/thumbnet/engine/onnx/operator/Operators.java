package dev.thumbnet.engine.onnx.operator;

import dev.thumbnet.engine.onnx.file.Node;
import dev.thumbnet.engine.onnx.value.Value;
import dev.thumbnet.engine.onnx.value.Value.Live;
import dev.thumbnet.engine.onnx.value.Value.Numbers;
import dev.thumbnet.engine.onnx.value.Value.Weight;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The table of all operators. */
public final class Operators {
  /** Constants up to here are numbers when all else that a node takes is. */
  private static final int FEW = 1 << 10;

  private static final Map<String, Translator> TENSORS = new HashMap<>();
  private static final Map<String, Translator> KNOWN = new HashMap<>();

  static {
    Windows.addTo(TENSORS);
    Elementwise.addTo(TENSORS);
    Views.addTo(TENSORS);
    Slices.addTo(TENSORS);
    Repetitions.addTo(TENSORS);
    Resampling.addTo(TENSORS);
    Reductions.addTo(TENSORS);
    Normalizations.addTo(TENSORS);
    LinearAlgebra.addTo(TENSORS);
    Constants.addTo(TENSORS);
    KnownNumbers.addTo(KNOWN);
    KnownLists.addTo(KNOWN);
  }

  private Operators() {}

  /** Returns the names of all operators that nodes may have. */
  public static Set<String> names() {
    Set<String> names = new TreeSet<>(TENSORS.keySet());
    names.addAll(KNOWN.keySet());
    return names;
  }

  /** Tells whether there is an operator. */
  public static boolean has(Node node) {
    return node.domain().isEmpty()
        && (TENSORS.containsKey(node.operator()) || KNOWN.containsKey(node.operator()));
  }

  /**
   * Computes the outputs of a node, perhaps fewer than it names.
   *
   * @param inputs null where an optional one is left out
   * @throws IllegalArgumentException if that cannot be done
   */
  public static List<Value> run(Node node, Run run, List<@Nullable Value> inputs) {
    Translator known = KNOWN.get(node.operator());
    if (known != null && areKnown(inputs)) {
      return called(known, node, run, numbers(inputs));
    }
    Translator translator = TENSORS.get(node.operator());
    if (translator == null) {
      throw new IllegalArgumentException(
          "it is computed of constants only, but here it depends on the picture");
    }
    return called(translator, node, run, inputs);
  }

  private static List<Value> called(
      Translator translator, Node node, Run run, List<@Nullable Value> inputs) {
    Call call = new Call(node, run, inputs);
    List<Value> outputs = translator.translate(call);
    call.checkAllRead();
    return outputs;
  }

  /** Numbers that are known, and perhaps a few constants that are not learnt. */
  private static boolean areKnown(List<@Nullable Value> inputs) {
    return inputs.stream().anyMatch(Numbers.class::isInstance)
        && inputs.stream()
            .filter(Objects::nonNull)
            .noneMatch(value -> value instanceof Live || value instanceof Weight w && isWeight(w));
  }

  private static boolean isWeight(Weight value) {
    return value.literal().learnt() || size(value) > FEW;
  }

  private static long size(Value value) {
    return Arrays.stream(value.dims()).asLongStream().reduce(1, (a, b) -> a * b);
  }

  private static List<@Nullable Value> numbers(List<@Nullable Value> inputs) {
    List<@Nullable Value> numbers = new ArrayList<>();
    for (Value value : inputs) {
      numbers.add(
          value instanceof Weight(var literal, var _)
              ? new Numbers(false, value.dims(), literal.numbers())
              : value);
    }
    return numbers;
  }
}
