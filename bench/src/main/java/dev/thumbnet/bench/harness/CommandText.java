package dev.thumbnet.bench.harness;

import java.util.List;

/** Puts the command together that repeats a run, with all that decides what it measures. */
public final class CommandText {
  private final StringBuilder text;

  /** Begins with the program. */
  public CommandText(String program) {
    text = new StringBuilder(program);
  }

  /** Adds an option without a value if it was given. */
  public CommandText flag(String name, boolean given) {
    if (given) {
      text.append(' ').append(name);
    }
    return this;
  }

  /** Adds an option with each of some values; those with spaces in quotes. */
  public CommandText option(String name, List<?> values) {
    for (Object value : values) {
      String word = value.toString();
      text.append(' ').append(name).append(' ');
      text.append(word.indexOf(' ') < 0 ? word : "'" + word + "'");
    }
    return this;
  }

  /** Adds an option with a value. */
  public CommandText option(String name, Object value) {
    return option(name, List.of(value));
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
