package dev.thumbnet.experiment.report;

import dev.thumbnet.engine.io.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Rows, and the columns that say what is shown of them, in every form alike.
 *
 * @param columns the first one names the row
 * @param groups the rows, in groups with a heading
 * @param main which rows stand out
 */
record Table<R>(List<Column<R>> columns, List<Group<R>> groups, Predicate<R> main) {

  /**
   * Rows that have something in common.
   *
   * @param heading what it is; empty for none
   * @param rows at least one
   */
  record Group<R>(String heading, List<R> rows) {}

  private List<R> rows() {
    return groups.stream().flatMap(group -> group.rows().stream()).toList();
  }

  // ---------------------------------------------------------------- HTML

  /** Writes all columns as HTML, with a line for each group's heading. */
  void writeTo(Html html) {
    html.add("<div class=\"scroll\"><table class=\"wide\">\n<thead><tr>");
    for (Column<R> column : columns) {
      html.add(
          "<th>%s<small>%s</small></th>", Html.escape(column.header()), Html.escape(column.unit()));
    }
    html.add("</tr></thead>\n<tbody>\n");
    for (Group<R> group : groups) {
      if (!group.heading().isEmpty()) {
        html.add(
            "<tr class=\"group\"><th colspan=\"%d\">%s</th></tr>\n",
            columns.size(), Html.escape(group.heading()));
      }
      group.rows().forEach(row -> writeTo(html, row));
    }
    html.add("</tbody></table></div>\n");
  }

  private void writeTo(Html html, R row) {
    html.add(main.test(row) ? "<tr class=\"main\">" : "<tr>");
    for (Column<R> column : columns) {
      html.add(
          "<td%s>%s</td>",
          column.share().map(share -> bar(share.applyAsDouble(row))).orElse(""),
          Html.escape(column.cell().apply(row)));
    }
    html.add("</tr>\n");
  }

  private static String bar(double percent) {
    return " class=\"bar\" style=\"--share:" + Texts.one(percent) + "%\"";
  }

  // ---------------------------------------------------------------- Markdown

  /** Returns all columns as Markdown. */
  String markdown() {
    StringBuilder text = new StringBuilder();
    List<String> headers = columns.stream().map(Column::title).toList();
    line(text, headers.stream().map(Markdown::escape).toList());
    line(text, headers.stream().map(_ -> "---").toList());
    for (R row : rows()) {
      line(text, columns.stream().map(c -> Markdown.escape(c.cell().apply(row))).toList());
    }
    return text.toString();
  }

  private static void line(StringBuilder text, List<String> cells) {
    text.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  // ---------------------------------------------------------------- console

  /** Returns the brief columns as text for a terminal, names to the left, numbers to the right. */
  String text() {
    List<Column<R>> shown = columns.stream().filter(Column::brief).toList();
    List<List<String>> lines = new ArrayList<>();
    lines.add(shown.stream().map(Column::title).toList());
    for (R row : rows()) {
      lines.add(shown.stream().map(column -> Printable.line(column.cell().apply(row))).toList());
    }
    StringBuilder text = new StringBuilder();
    for (List<String> line : lines) {
      for (int i = 0; i < shown.size(); i++) {
        int column = i;
        int width = lines.stream().mapToInt(l -> l.get(column).length()).max().orElse(0);
        String cell = line.get(i);
        String space = " ".repeat(width - cell.length());
        text.append(i == 0 ? cell + space : "  " + space + cell);
      }
      text.append('\n');
    }
    return text.toString();
  }
}
