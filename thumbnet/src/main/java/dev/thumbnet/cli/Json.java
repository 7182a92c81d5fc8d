package dev.thumbnet.cli;

import dev.thumbnet.experiment.results.JsonText;
import tools.jackson.databind.json.JsonMapper;

/** Prints what a command found for other programs. */
final class Json {
  private static final JsonMapper LINE = JsonText.mapper(false);
  private static final JsonMapper INDENTED = JsonText.mapper(true);

  private Json() {}

  /** Prints lists, maps, numbers and text, in their order. */
  static void print(Console console, Object value) {
    console.out().println(INDENTED.writeValueAsString(value));
  }

  /** Returns the same as one line. */
  static String line(Object value) {
    return LINE.writeValueAsString(value);
  }
}
