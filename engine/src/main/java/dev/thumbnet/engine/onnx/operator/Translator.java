package dev.thumbnet.engine.onnx.operator;

import dev.thumbnet.engine.onnx.value.Value;
import java.util.List;
import java.util.function.Function;

/** Computes the outputs of a node. */
public interface Translator {
  /**
   * Returns the outputs; perhaps fewer than the node names, if nobody can want the others.
   *
   * @throws IllegalArgumentException if this cannot be computed
   */
  List<Value> translate(Call call);

  /** A translator of nodes with one output. */
  static Translator of(Function<Call, Value> function) {
    return call -> List.of(function.apply(call));
  }
}
