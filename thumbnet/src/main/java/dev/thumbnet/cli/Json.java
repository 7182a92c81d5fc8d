package dev.thumbnet.cli;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Prints what a command found for other programs. */
final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private Json() {}

  /** Prints lists, maps, numbers and text, in their order. */
  static void print(Console console, Object value) {
    console.out().print(MAPPER.writeValueAsString(value) + System.lineSeparator());
  }
}
