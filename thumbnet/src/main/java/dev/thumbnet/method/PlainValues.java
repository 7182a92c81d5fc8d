package dev.thumbnet.method;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values by names that files keep: texts, numbers and truth values. */
public final class PlainValues {
  private static final List<Class<?>> ALLOWED =
      List.of(String.class, Integer.class, Double.class, Boolean.class);

  private PlainValues() {}

  /**
   * Returns an unmodifiable copy, in the same order.
   *
   * @throws IllegalArgumentException if a value is no text, number or truth value
   */
  public static Map<String, Object> copy(Map<String, Object> values) {
    Map<String, Object> copy = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    copy.forEach(
        (name, value) -> {
          if (!ALLOWED.contains(value.getClass())) {
            throw new IllegalArgumentException(
                "the setting " + name + " is neither text, number nor truth value: " + value);
          }
        });
    return copy;
  }
}
