package dev.thumbnet.experiment.report;

import dev.thumbnet.engine.io.Printable;
import java.util.Base64;

/** The text of a page while it is written, and how things are written in it. */
final class Html {
  private final StringBuilder text = new StringBuilder();

  /** Appends a pattern of {@link String#format} with its values. */
  void add(String pattern, Object... values) {
    text.append(Texts.format(pattern, values));
  }

  @Override
  public String toString() {
    return text.toString();
  }

  /** A picture inside the page. */
  static String dataUri(byte[] png) {
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(png);
  }

  /** Names of files and classes may contain anything. */
  static String escape(String name) {
    StringBuilder safe = new StringBuilder();
    Printable.lines(name)
        .codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                default -> safe.appendCodePoint(c);
              }
            });
    return safe.toString();
  }
}
