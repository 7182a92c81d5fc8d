package dev.thumbnet.bench.harness;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Puts pages with tables together. */
public final class Markdown {
  private final StringBuilder text = new StringBuilder();

  /**
   * A column of a table.
   *
   * @param header above it
   * @param cell what stands in a row
   */
  public record Column<T>(String header, Function<T, String> cell) {}

  /** Begins a page with its title. */
  public Markdown(String title) {
    line("# %s", title);
    line("");
  }

  /**
   * Begins a page: its title, and where the figures come from.
   *
   * @param remark what follows the machine
   */
  public Markdown(String title, Results<?> results, String remark) {
    this(title);
    origin(results, remark);
  }

  /**
   * Says where figures come from.
   *
   * @param remark what follows the machine
   */
  public void origin(Results<?> results, String remark) {
    line("%s, %s%s. Made by", results.date(), results.machine(), remark);
    line("");
    line("```sh\n%s\n```", results.command());
    line("");
  }

  /** Adds a line; a format without arguments is taken as it is. */
  public void line(String format, Object... arguments) {
    text.append(arguments.length == 0 ? format : format(format, arguments)).append('\n');
  }

  /** Adds a heading between empty lines. */
  public void heading(String format, Object... arguments) {
    line("");
    line("## " + format, arguments);
    line("");
  }

  /** Adds lines as they are. */
  public void text(String lines) {
    text.append(lines);
  }

  /** Adds a table. */
  public <T> void table(List<T> rows, List<Column<T>> columns) {
    row(columns.stream().map(Column::header).toList());
    line("|" + "---|".repeat(columns.size()));
    for (T row : rows) {
      row(columns.stream().map(column -> column.cell().apply(row)).toList());
    }
  }

  private void row(List<String> cells) {
    text.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  /** Returns a positive number with about three digits. */
  public static String number(double value) {
    return format(value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
  }

  /** Formats without regard to the user's language. */
  public static String format(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
