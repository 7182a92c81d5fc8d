package dev.thumbnet.experiment.results;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An object of a JSON text, and where in the text it stands: whatever is missing or of another kind
 * is an error that says so.
 *
 * @param path such as {@code rows[2].runs[0]}; empty for the whole text
 * @param members by name
 */
record JsonObject(String path, Map<?, ?> members) {

  private String at(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /** Tells whether a member is there, and not null. */
  boolean has(String name) {
    return members.get(name) != null;
  }

  private <T> T get(String name, Class<T> type) {
    return cast(members.get(name), at(name), type);
  }

  private static <T> T cast(@Nullable Object value, String where, Class<T> type) {
    if (value == null) {
      throw new IllegalArgumentException(where + " is missing");
    }
    if (!type.isInstance(value)) {
      throw new IllegalArgumentException(where + " should not be " + value);
    }
    return type.cast(value);
  }

  String text(String name) {
    return get(name, String.class);
  }

  /** Returns a number; NaN for null, which stands for it. */
  double number(String name) {
    if (members.containsKey(name) && members.get(name) == null) {
      return Double.NaN;
    }
    return get(name, Number.class).doubleValue();
  }

  OptionalDouble optionalNumber(String name) {
    return has(name) ? OptionalDouble.of(number(name)) : OptionalDouble.empty();
  }

  int integer(String name) {
    return get(name, Integer.class);
  }

  long whole(String name) {
    return whole(members.get(name), at(name));
  }

  private static long whole(@Nullable Object value, String where) {
    return value instanceof Integer i ? i : cast(value, where, Long.class);
  }

  boolean truth(String name) {
    return get(name, Boolean.class);
  }

  JsonObject object(String name) {
    return new JsonObject(at(name), get(name, Map.class));
  }

  /** Returns what is made of each object of a list. */
  <T> List<T> objects(String name, Function<JsonObject, T> maker) {
    List<T> made = new ArrayList<>();
    for (Object element : get(name, List.class)) {
      String where = at(name) + "[" + made.size() + "]";
      made.add(maker.apply(new JsonObject(where, cast(element, where, Map.class))));
    }
    return made;
  }

  List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    for (Object element : get(name, List.class)) {
      texts.add(cast(element, at(name), String.class));
    }
    return texts;
  }

  List<Long> wholes(String name) {
    List<Long> numbers = new ArrayList<>();
    for (Object element : get(name, List.class)) {
      numbers.add(whole(element, at(name)));
    }
    return numbers;
  }

  /** Returns all members as numbers. */
  Map<String, Double> numbers() {
    Map<String, Double> numbers = new LinkedHashMap<>();
    members.keySet().forEach(name -> numbers.put((String) name, number((String) name)));
    return numbers;
  }

  /** Returns all members; those of an object inside as {@code name.member}. */
  Map<String, Object> flat() {
    Map<String, Object> flat = new LinkedHashMap<>();
    members.forEach(
        (name, value) -> {
          if (value instanceof Map<?, ?>) {
            object((String) name)
                .flat()
                .forEach((inner, deeper) -> flat.put(name + "." + inner, deeper));
          } else {
            flat.put((String) name, cast(value, at((String) name), Object.class));
          }
        });
    return flat;
  }
}
