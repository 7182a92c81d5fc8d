package dev.thumbnet.measure;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What whoever evaluates a network found: a number that is to become as large as possible, by which
 * a training chooses, and other numbers worth keeping.
 *
 * @param name of the score, for example Acc@1
 * @param value the score; NaN if none was measured
 * @param others what else was measured, by name, of whatever direction
 */
public record Score(String name, double value, Map<String, Double> others) {
  /** Says that nothing was measured. */
  public static final Score NONE = new Score("", Double.NaN, Map.of());

  /**
   * Keeps an unmodifiable copy of the map, in its order.
   *
   * @throws IllegalArgumentException if a name cannot be kept in a checkpoint, or the score's own
   *     name is among the others
   */
  public Score {
    others = Collections.unmodifiableMap(new LinkedHashMap<>(others));
    checkName(name);
    others.keySet().forEach(Score::checkName);
    if (others.containsKey(name)) {
      throw new IllegalArgumentException("two numbers are called " + name);
    }
  }

  /**
   * Checks the name of a score or a loss.
   *
   * @throws IllegalArgumentException if it cannot be kept in a checkpoint
   */
  public static void checkName(String name) {
    if (name.chars().anyMatch(c -> c == ';' || c == '=' || Character.isISOControl(c))) {
      throw new IllegalArgumentException(
          "the name of a score or loss is without ';', '=' and control characters: \""
              + name
              + '"');
    }
  }

  /** Returns the score and all else by their names, the score first; nothing if it is NaN. */
  public Map<String, Double> all() {
    Map<String, Double> all = new LinkedHashMap<>();
    if (!Double.isNaN(value)) {
      all.put(name, value);
    }
    all.putAll(others);
    return all;
  }

  /** Returns the number with a name, NaN if it was not measured. */
  public double value(String wanted) {
    return all().getOrDefault(wanted, Double.NaN);
  }
}
