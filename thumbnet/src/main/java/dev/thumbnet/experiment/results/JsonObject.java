package dev.thumbnet.experiment.results;

import java.time.Instant;
import java.time.format.DateTimeParseException;
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
  /** So much of a wrong value is shown. */
  private static final int SHOWN = 60;

  /** There are not more pictures, epochs or threads. */
  private static final int MANY = 1_000_000_000;

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
      throw wrong(where, value);
    }
    return type.cast(value);
  }

  private static IllegalArgumentException wrong(String where, Object value) {
    String text = String.valueOf(value);
    return new IllegalArgumentException(
        where
            + " should not be "
            + (text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text));
  }

  String text(String name) {
    return get(name, String.class);
  }

  /** Returns a number that is finite; NaN for null, which stands for it. */
  double number(String name) {
    if (members.containsKey(name) && members.get(name) == null) {
      return Double.NaN;
    }
    return number(name, -Double.MAX_VALUE, Double.MAX_VALUE);
  }

  /** Returns a number within limits. */
  double number(String name, double least, double most) {
    double value = get(name, Number.class).doubleValue();
    if (!(value >= least && value <= most)) {
      throw wrong(at(name), value);
    }
    return value;
  }

  /** Returns a share of pictures. */
  double percent(String name) {
    return number(name, 0, 100);
  }

  /** Returns a moment or a time in seconds: not before it began, and within three hundred years. */
  double seconds(String name) {
    return number(name, 0, 1e10);
  }

  /** Returns a share of pictures that need not be there. */
  OptionalDouble optionalPercent(String name) {
    return has(name) ? OptionalDouble.of(percent(name)) : OptionalDouble.empty();
  }

  /** Returns a moment as ISO 8601 writes it. */
  String moment(String name) {
    String text = text(name);
    try {
      Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw wrong(at(name), text);
    }
    return text;
  }

  int integer(String name) {
    return get(name, Integer.class);
  }

  /** Returns a number of things: whole, and neither below a limit nor beyond all sense. */
  int count(String name, int least) {
    int value = integer(name);
    if (value < least || value > MANY) {
      throw wrong(at(name), value);
    }
    return value;
  }

  /** Returns a number of numbers or of multiply-adds, likewise. */
  long quantity(String name, long most) {
    long value = whole(name);
    if (value < 0 || value > most) {
      throw wrong(at(name), value);
    }
    return value;
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

  /** Returns the elements of a list, which may be of several kinds. */
  List<Object> elements(String name) {
    List<Object> elements = new ArrayList<>();
    for (Object element : get(name, List.class)) {
      elements.add(cast(element, at(name), Object.class));
    }
    return elements;
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
