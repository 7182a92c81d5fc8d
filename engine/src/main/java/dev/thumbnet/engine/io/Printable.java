package dev.thumbnet.engine.io;

import java.util.Locale;

/**
 * Text that came from outside, made fit to be shown: names of files and classes, settings in files,
 * messages of what reads them. What moves a cursor or changes colours, turns the direction of
 * writing, or cannot be seen at all is spelled out as JSON does it, such as {@code \u001B}; so JSON
 * stays what it was.
 */
public final class Printable {
  private Printable() {}

  /**
   * Tells whether a code point is shown as itself: no control, no mark without a width of its own,
   * no line end, no half of a pair.
   */
  public static boolean isVisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          false;
      default -> !isNoncharacter(c);
    };
  }

  /** As {@link #line(String)}, cut off after a number of characters. */
  public static String line(String text, int most) {
    if (text.length() <= most) {
      return line(text);
    }
    int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
    return line(text.substring(0, end)) + "...";
  }

  /** Returns a text as one line: line breaks are spelled out, too. Tabs stay. */
  public static String line(String text) {
    return spelledOut(text, "\t");
  }

  /** Returns a text whose line breaks are wanted. */
  public static String lines(String text) {
    return spelledOut(text, "\t\n\r");
  }

  private static String spelledOut(String text, String kept) {
    if (text.codePoints().allMatch(c -> isVisible(c) || kept.indexOf(c) >= 0)) {
      return text;
    }
    StringBuilder visible = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (isVisible(c) || kept.indexOf(c) >= 0) {
                visible.appendCodePoint(c);
              } else {
                spell(c, visible);
              }
            });
    return visible.toString();
  }

  /** Unicode promises that these never become characters; XML does not allow them. */
  private static boolean isNoncharacter(int c) {
    return (c & 0xFFFE) == 0xFFFE || c >= 0xFDD0 && c <= 0xFDEF;
  }

  private static void spell(int c, StringBuilder out) {
    if (c == '\n') {
      out.append("\\n");
    } else if (c == '\r') {
      out.append("\\r");
    } else {
      for (char unit : Character.toChars(c)) {
        out.append(String.format(Locale.ROOT, "\\u%04X", (int) unit));
      }
    }
  }
}
