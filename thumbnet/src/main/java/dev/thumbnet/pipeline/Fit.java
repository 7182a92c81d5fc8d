package dev.thumbnet.pipeline;

import dev.thumbnet.engine.io.SafeTensors;
import dev.thumbnet.engine.io.StateDict;
import dev.thumbnet.engine.nn.Module;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How the tensors of a file go with a network. What the file has besides may be left alone if it
 * cannot be a layer of the network: single numbers, such as counters that tools add, and what
 * stands beside all of its modules.
 *
 * @param missing names that the file lacks
 * @param misshaped names with another shape or type, and both
 * @param additional names in the midst of the network that it does not have
 * @param ignored other names that it does not have
 */
record Fit(
    List<String> missing, List<String> misshaped, List<String> additional, List<String> ignored) {
  private static final int SHOWN = 4;

  /**
   * Compares a file with a network.
   *
   * @param network may be on the meta device
   * @param expected the exchange of its weights
   */
  static Fit of(SafeTensors file, Module network, StateDict expected) {
    StateDict.Mismatch mismatch = expected.compare(file);
    Set<String> modules = network.children().keySet();
    List<String> additional = new ArrayList<>();
    List<String> ignored = new ArrayList<>();
    for (String name : mismatch.unexpected()) {
      int dot = name.indexOf('.');
      boolean inside = dot > 0 && modules.contains(name.substring(0, dot));
      boolean single = file.tensor(name).elementCount() <= 1;
      (inside && !single ? additional : ignored).add(name);
    }
    return new Fit(mismatch.missing(), mismatch.misshaped(), additional, ignored);
  }

  boolean isGood() {
    return problems() == 0;
  }

  int problems() {
    return missing.size() + misshaped.size() + additional.size();
  }

  /** Returns what keeps the file from being the network. */
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    add(parts, "missing", missing);
    add(parts, "of another shape or type", misshaped);
    add(parts, "that it does not have", additional);
    return String.join("; ", parts);
  }

  private static void add(List<String> parts, String what, List<String> names) {
    if (!names.isEmpty()) {
      parts.add(
          names.size()
              + (names.size() == 1 ? " tensor " : " tensors ")
              + what
              + ": "
              + shown(names));
    }
  }

  /** Returns the first names. */
  static String shown(List<String> names) {
    List<String> first = names.subList(0, Math.min(SHOWN, names.size()));
    return String.join(", ", first) + (first.size() < names.size() ? ", ..." : "");
  }
}
