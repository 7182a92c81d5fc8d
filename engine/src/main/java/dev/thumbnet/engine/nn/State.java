package dev.thumbnet.engine.nn;

import dev.thumbnet.engine.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything a module, an optimiser or an average needs to continue exactly: named tensors and
 * named whole numbers, in a fixed order. The tensors are the live ones, not copies: write or copy
 * them before the next training step.
 *
 * @param tensors by name
 * @param counters by name
 */
public record State(Map<String, Tensor> tensors, Map<String, Long> counters) {
  private static final int SHOWN = 5;

  /** Keeps an unmodifiable copy of the maps, in their order. */
  public State {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    counters = Collections.unmodifiableMap(new LinkedHashMap<>(counters));
  }

  /**
   * Copies the numbers of another state into this one's tensors, which may be on another device.
   * Counters are checked, but it is the owner who takes them over.
   *
   * @throws IllegalArgumentException if names or shapes differ; then nothing was changed
   */
  public void copyFrom(State source) {
    List<String> problems = new ArrayList<>();
    compareNames("tensor", tensors, source.tensors, problems);
    compareNames("counter", counters, source.counters, problems);
    tensors.forEach(
        (name, tensor) -> {
          Tensor other = source.tensors.get(name);
          if (other != null && !other.shape().equals(tensor.shape())) {
            problems.add(
                "tensor " + name + " must have shape " + tensor.shape() + ", not " + other.shape());
          }
        });
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(message(problems));
    }
    tensors.forEach(
        (name, tensor) -> {
          Tensor other = source.tensors.get(name);
          if (other != null && other != tensor) {
            tensor.copyFrom(other.to(tensor.device()));
          }
        });
  }

  private static void compareNames(
      String what, Map<String, ?> expected, Map<String, ?> given, List<String> problems) {
    for (String name : expected.keySet()) {
      if (!given.containsKey(name)) {
        problems.add(what + " " + name + " is missing");
      }
    }
    for (String name : given.keySet()) {
      if (!expected.containsKey(name)) {
        problems.add(what + " " + name + " is not expected");
      }
    }
  }

  private static String message(List<String> problems) {
    List<String> shown = problems.subList(0, Math.min(SHOWN, problems.size()));
    int more = problems.size() - shown.size();
    return "the state does not fit: "
        + String.join("; ", shown)
        + (more == 0 ? "" : "; and " + more + " more")
        + ". It must come from the same architecture";
  }
}
