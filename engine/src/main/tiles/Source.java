import java.util.List;

/** Java source, put together line by line in the layout of google-java-format. */
final class Source {
  private static final int WIDTH = 100;

  private final StringBuilder text = new StringBuilder();
  private int indent;

  /** Adds lines as they are, but indented. */
  Source lines(String lines) {
    lines.lines().forEach(line -> text.append(line.isEmpty() ? "" : margin() + line).append('\n'));
    return this;
  }

  Source line(String format, Object... values) {
    return lines(format.formatted(values));
  }

  Source blank() {
    text.append('\n');
    return this;
  }

  /** Begins a block: {@code head} is what stands before its brace. */
  Source open(String format, Object... values) {
    line(format + " {", values);
    indent += 2;
    return this;
  }

  Source close() {
    indent -= 2;
    return line("}");
  }

  /** Ends a block and begins another one on the same line. */
  Source closeAndOpen(String head) {
    indent -= 2;
    line("} %s {", head);
    indent += 2;
    return this;
  }

  /** A comment for Javadoc; an empty line separates paragraphs. */
  Source javadoc(String comment) {
    String oneLine = margin() + "/** " + comment.strip() + " */";
    if (!comment.strip().contains("\n") && oneLine.length() <= WIDTH) {
      return line("%s", oneLine.strip());
    }
    line("/**");
    String prefix = "";
    for (String paragraph : comment.strip().split("\n\n")) {
      if (!prefix.isEmpty()) {
        line(" *");
      }
      fill(" * ", prefix + paragraph);
      prefix = "<p>";
    }
    return line(" */");
  }

  /** The first line of a method, up to its brace, after an empty line or the method's comment. */
  Source method(String head, List<String> parameters) {
    if (!text.toString().endsWith("*/\n")) {
      blank();
    }
    wrapped(head, parameters, ") {", 4);
    indent += 2;
    return this;
  }

  Source call(String head, List<String> arguments) {
    wrapped(head, arguments, ");", 4);
    return this;
  }

  /** A case of a switch that calls a method. */
  Source arrow(String label, String call) {
    if (fits(label + " -> " + call + ";")) {
      return line("%s -> %s;", label, call);
    }
    line("%s ->", label);
    indent += 4;
    line("%s;", call);
    indent -= 4;
    return this;
  }

  @Override
  public String toString() {
    return text.toString();
  }

  /** All in a line, or all in the next one, or one in a line. */
  private void wrapped(String head, List<String> elements, String end, int step) {
    String all = String.join(", ", elements) + end;
    if (fits(head + "(" + all)) {
      line("%s(%s", head, all);
      return;
    }
    line("%s(", head);
    indent += step;
    if (fits(all)) {
      line("%s", all);
    } else {
      line("%s%s", String.join(",\n", elements), end);
    }
    indent -= step;
  }

  private void fill(String prefix, String paragraph) {
    StringBuilder line = new StringBuilder(prefix.stripTrailing());
    for (String word : paragraph.strip().split("\\s+")) {
      if (!fits(line + " " + word)) {
        lines(line.toString());
        line = new StringBuilder(prefix.stripTrailing());
      }
      line.append(' ').append(word);
    }
    lines(line.toString());
  }

  private boolean fits(String line) {
    return indent + line.length() <= WIDTH;
  }

  private String margin() {
    return " ".repeat(indent);
  }

  /** The sum of a base and so many units, as one writes it. */
  static String plus(String base, int count, String unit) {
    return count == 0 ? base : base + " + " + times(count, unit);
  }

  static String plus(String base, int number) {
    return number == 0 ? base : base + " + " + number;
  }

  /** A product with a unit, as one writes it. */
  static String times(int count, String unit) {
    return count == 0 ? "0" : count == 1 ? unit : count + " * " + unit;
  }
}
