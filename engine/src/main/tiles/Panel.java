import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A line of the table of tiles: the tiles for a panel of B.
 *
 * <p>Several lines may have the same width. Then the first counts whose registers the machine has
 * and whose condition holds; the last one of them needs neither.
 *
 * @param vectors the panel's width
 * @param registers the machines that the tiles are for
 * @param condition when these tiles are taken, an expression of {@code left} rows, or empty
 * @param rows rows of the tiles, from the largest to the smallest
 */
record Panel(int vectors, Registers registers, String condition, List<Integer> rows) {
  Panel {
    rows.forEach(height -> registers.check(new Shape(height, vectors)));
  }

  static Panel of(int vectors, Registers registers, int... rows) {
    return new Panel(vectors, registers, "", IntStream.of(rows).boxed().toList());
  }

  Panel when(String newCondition) {
    return new Panel(vectors, registers, newCondition, rows);
  }

  /** Lines of the same width, in the order of the table. */
  static Map<Integer, List<Panel>> byWidth(List<Panel> panels) {
    Map<Integer, List<Panel>> widths = new LinkedHashMap<>();
    for (Panel panel : panels) {
      widths.computeIfAbsent(panel.vectors, width -> new ArrayList<>()).add(panel);
    }
    return widths;
  }

  /** Whether the choice of a tile asks for the number of registers. */
  static boolean asksForRegisters(List<Panel> panels) {
    return byWidth(panels).values().stream()
        .flatMap(lines -> lines.subList(0, lines.size() - 1).stream())
        .anyMatch(line -> !line.registers.test().isEmpty());
  }

  /** The shapes of lines of the same width, none twice, from the largest to the smallest. */
  static List<Shape> shapes(List<Panel> lines) {
    return lines.stream()
        .flatMap(line -> line.rows.stream().map(height -> new Shape(height, line.vectors)))
        .distinct()
        .sorted(Comparator.comparing(Shape::rows).reversed())
        .toList();
  }

  /**
   * The loop over tiles of what is {@code left} of the rows.
   *
   * @param lines lines of the same width
   * @param count the variable with the number of rows
   * @param nextRows the method that returns the rows of the next tile
   * @param method the start of the names of the tiles' methods
   * @param arguments their arguments
   * @param next what follows a tile, to find the next one
   */
  static void dispatch(
      Source out,
      List<Panel> lines,
      String count,
      String nextRows,
      String method,
      String arguments,
      String... next) {
    out.open("for (int left = %s; left > 0; )", count);
    out.line("int tile = %s;", choice(lines, nextRows));
    cases(out, shapes(lines), method, shape -> arguments);
    for (String statement : next) {
      out.line(statement);
    }
    out.line("left -= tile;");
    out.close();
  }

  /** Arguments of a tile's method, which may depend on its shape. */
  interface Arguments {
    String of(Shape shape);
  }

  /** Calls the method of the shape that has {@code tile} rows. */
  static void cases(Source out, List<Shape> shapes, String method, Arguments arguments) {
    out.open("switch (tile)");
    for (Shape shape : shapes) {
      boolean last = shape.equals(shapes.getLast());
      String label = last ? "default" : "case " + shape.rows();
      out.arrow(label, method + shape + "(" + arguments.of(shape) + ")");
    }
    out.close();
  }

  private static String choice(List<Panel> lines, String nextRows) {
    StringBuilder choice = new StringBuilder();
    for (Panel line : lines) {
      if (line != lines.getLast()) {
        String test = line.registers.test();
        String both = test.isEmpty() || line.condition.isEmpty() ? "" : " && ";
        choice.append(test).append(both).append(line.condition).append(" ? ");
      }
      int most = line.rows.getFirst();
      choice.append(line.rows.size() == 1 ? "" + most : nextRows + "(left, " + most + ")");
      choice.append(line == lines.getLast() ? "" : " : ");
    }
    return choice.toString();
  }
}
