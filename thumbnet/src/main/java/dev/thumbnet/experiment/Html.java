package dev.thumbnet.experiment;

import java.util.Base64;
import java.util.Locale;

/** The text of a page while it is written, and how things are written in it. */
final class Html {
  private final StringBuilder text = new StringBuilder();

  /** Appends a pattern of {@link String#format} with its values. */
  void add(String pattern, Object... values) {
    text.append(format(pattern, values));
  }

  /** Appends a cell of a table. */
  void cell(String content) {
    add("<td>%s</td>", content);
  }

  @Override
  public String toString() {
    return text.toString();
  }

  /** The same on every machine: a point in fractions, a comma between thousands. */
  static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }

  /** With one decimal. */
  static String one(double value) {
    return format("%.1f", value);
  }

  /** A square picture's size. */
  static String square(int side) {
    return side + " × " + side;
  }

  /** A picture inside the page. */
  static String dataUri(byte[] png) {
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(png);
  }

  /** Names of files and classes may contain anything. */
  static String escape(String name) {
    StringBuilder safe = new StringBuilder();
    name.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                default -> safe.appendCodePoint(c < ' ' && c != '\n' && c != '\t' ? '\uFFFD' : c);
              }
            });
    return safe.toString();
  }
}
