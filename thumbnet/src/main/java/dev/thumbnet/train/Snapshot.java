package dev.thumbnet.train;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.State;
import java.util.LinkedHashMap;
import java.util.Map;

/** A copy of the state of a module. */
final class Snapshot {
  private final State state;

  private Snapshot(State state) {
    this.state = state;
  }

  static Snapshot of(State source) {
    Map<String, Tensor> copies = new LinkedHashMap<>();
    source.tensors().forEach((name, tensor) -> copies.put(name, tensor.copy().keep()));
    return new Snapshot(new State(copies, source.counters()));
  }

  State state() {
    return state;
  }

  void release() {
    state.tensors().values().forEach(Tensor::release);
  }
}
