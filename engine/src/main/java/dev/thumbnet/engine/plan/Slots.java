package dev.thumbnet.engine.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Assigns a buffer to each value so that values that are needed at the same time have different
 * ones: steps in their order take the idle buffer that fits best, or let the largest one grow.
 */
final class Slots {
  private final List<Integer> sizes = new ArrayList<>();
  private final List<Integer> idle = new ArrayList<>();

  private Slots() {}

  /**
   * Sets the slots of all values.
   *
   * @param result stays intact to the end
   * @return the size of each slot, in elements for one picture
   */
  static List<Integer> assign(Value input, List<Step> steps, Value result) {
    Slots slots = new Slots();
    Map<Integer, Integer> lastUse = new TreeMap<>();
    Map<Value, Integer> last = new HashMap<>();
    for (int i = 0; i < steps.size(); i++) {
      for (Value value : steps.get(i).inputs) {
        if (!value.isConstant()) {
          last.put(value, i);
        }
      }
    }
    last.put(result, steps.size());
    slots.take(input);
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      if (step.sharesMemory()) {
        Value from = step.inputs.getFirst();
        step.output.slot = from.slot;
      } else {
        slots.take(step.output);
      }
      for (Value value : step.inputs) {
        if (!value.isConstant()) {
          lastUse.merge(value.slot, last.get(value), Math::max);
        }
      }
      lastUse.merge(step.output.slot, last.getOrDefault(step.output, i), Math::max);
      int now = i;
      lastUse
          .entrySet()
          .removeIf(
              use -> {
                if (use.getValue() > now) {
                  return false;
                }
                slots.idle.add(use.getKey());
                return true;
              });
    }
    return slots.sizes;
  }

  private void take(Value value) {
    int wanted = value.perPicture();
    Integer best = null;
    for (Integer slot : idle) {
      if (best == null || better(sizes.get(slot), sizes.get(best), wanted)) {
        best = slot;
      }
    }
    if (best == null) {
      value.slot = sizes.size();
      sizes.add(wanted);
      return;
    }
    idle.remove(best);
    sizes.set(best, Math.max(sizes.get(best), wanted));
    value.slot = best;
  }

  /** Tells whether a slot is a better choice than another: it fits tighter, or lacks less. */
  private static boolean better(int size, int other, int wanted) {
    if (size >= wanted && other >= wanted) {
      return size < other;
    }
    return size > other;
  }
}
