package dev.thumbnet.experiment.report;

import dev.thumbnet.engine.io.Printable;
import java.util.regex.Pattern;

/** How text from outside is written in Markdown, so that it stays text and on its line. */
final class Markdown {
  /** What is a mark anywhere in a line, and in GitHub's tables. */
  private static final Pattern MARKS = Pattern.compile("[\\\\`*_\\[\\]|~$]");

  /** What is a mark at the beginning of a line only: headings, lists, rules, underlines. */
  private static final Pattern SIGN = Pattern.compile("^(\\s*)([#+=-])");

  private static final Pattern NUMBER = Pattern.compile("^(\\s*\\d+)([.)])(?=\\s|$)");

  private static final Pattern BACKTICKS = Pattern.compile("`+");

  private Markdown() {}

  /** Returns text for any place but code. */
  static String escape(String text) {
    String marked = MARKS.matcher(Printable.line(text)).replaceAll("\\\\$0");
    String entities = marked.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    String unsigned = SIGN.matcher(entities).replaceFirst("$1\\\\$2");
    return NUMBER.matcher(unsigned).replaceFirst("$1\\\\$2");
  }

  /** Returns text as code, in which nothing but the end is a mark. */
  static String code(String text) {
    String line = Printable.line(text);
    int longest =
        BACKTICKS.matcher(line).results().mapToInt(run -> run.group().length()).max().orElse(0);
    String fence = "`".repeat(longest + 1);
    return longest == 0 ? fence + line + fence : fence + " " + line + " " + fence;
  }
}
