package dev.thumbnet.cli;

import dev.thumbnet.experiment.results.JsonText;
import java.io.PrintWriter;
import tools.jackson.databind.json.JsonMapper;

/** Prints what a command found for other programs. */
final class Json {
  private static final JsonMapper LINE = JsonText.mapper(false);
  private static final JsonMapper INDENTED = JsonText.mapper(true);

  private Json() {}

  /** A list that is printed element by element, and is a whole one when it is closed. */
  static final class Elements implements AutoCloseable {
    private final PrintWriter out;
    private String separator = " ";

    /** Begins a list. */
    Elements(Console console) {
      out = console.out();
      out.print("[");
    }

    void add(Object value) {
      out.print(separator + INDENTED.writeValueAsString(value));
      out.flush();
      separator = ", ";
    }

    @Override
    public void close() {
      out.println(" ]");
    }
  }

  /** Prints lists, maps, numbers and text, in their order. */
  static void print(Console console, Object value) {
    console.out().print(INDENTED.writeValueAsString(value) + System.lineSeparator());
  }

  /** Returns the same as one line. */
  static String line(Object value) {
    return LINE.writeValueAsString(value);
  }
}
