package dev.thumbnet.engine.backend.problem;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads and writes the one-line form of problem records: words made of a name and a number. */
final class ProblemText {
  private final String line;
  private final Map<String, String> fields = new LinkedHashMap<>();

  ProblemText(String line, String... names) {
    this.line = line;
    List<String> known = List.of(names);
    for (String word : line.trim().split("\\s+")) {
      int digits = 0;
      while (digits < word.length() && Character.isLetter(word.charAt(digits))) {
        digits++;
      }
      String name = word.substring(0, digits);
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "unknown field '" + word + "' in problem '" + line + "'; known are " + known);
      }
      if (fields.put(name, word.substring(digits)) != null) {
        throw new IllegalArgumentException("field '" + name + "' twice in problem '" + line + "'");
      }
    }
  }

  int number(String name) {
    String text = fields.get(name);
    if (text == null) {
      throw new IllegalArgumentException("field '" + name + "' missing in problem '" + line + "'");
    }
    return parse(name, text);
  }

  int number(String name, int otherwise) {
    return fields.containsKey(name) ? number(name) : otherwise;
  }

  int[] pair(String name, int otherwise) {
    String text = fields.get(name);
    if (text == null) {
      return new int[] {otherwise, otherwise};
    }
    int x = text.indexOf('x');
    if (x < 0) {
      int both = parse(name, text);
      return new int[] {both, both};
    }
    return new int[] {parse(name, text.substring(0, x)), parse(name, text.substring(x + 1))};
  }

  /** Tells whether a word without a number is there. */
  boolean flag(String name) {
    String text = fields.get(name);
    if (text != null && !text.isEmpty()) {
      throw new IllegalArgumentException(
          "field '" + name + "' takes no number, but has '" + text + "' in problem '" + line + "'");
    }
    return text != null;
  }

  /** Reads padding as {@link Padding} prints it; none if it is not there. */
  Padding padding(String name) {
    String text = fields.getOrDefault(name, "0");
    if (text.indexOf(',') < 0) {
      int[] pad = pair(name, 0);
      return Padding.of(pad[0], pad[1]);
    }
    String[] sides = text.split(",", -1);
    if (sides.length != 4) {
      throw new IllegalArgumentException(
          "field '" + name + "' has not four sides: '" + text + "' in problem '" + line + "'");
    }
    return new Padding(
        parse(name, sides[0]), parse(name, sides[1]), parse(name, sides[2]), parse(name, sides[3]));
  }

  static String pair(String name, int first, int second) {
    return first == second ? name + first : name + first + "x" + second;
  }

  private int parse(String name, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "field '" + name + "' is no number: '" + text + "' in problem '" + line + "'", e);
    }
  }
}
