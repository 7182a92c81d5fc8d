import java.util.ArrayList;
import java.util.List;

/**
 * Tiles of convolutions of planes.
 *
 * @param many the tiles for machines with many registers
 * @param few those for machines with few
 */
record Planes(String name, Panel many, Panel few) implements TileClass {
  private static final List<String> PARAMETERS =
      List.of(
          "int[] shifts",
          "int len",
          "float[] a",
          "int aBase",
          "int aStep",
          "float[] b",
          "int bBase",
          "int bStep",
          "float[] c",
          "int c0");

  @Override
  public String comment() {
    return """
    Register tiles of {@link %s.TileKernels#planes}, rows x vectors: as in {@link MultiplyTiles},
    but here the rows are output channels and the vectors run along pixels. Most loads of B cross a
    cache line and take two cycles: a step of 4x4 has 16 multiply-adds for 4·2 + 4 cycles of loads,
    one of 3x4 has 12 for 4·2 + 3. With 16 registers there are three rows and vectors: 4x3 spills two
    of its sums.
    """
        .formatted(KERNELS);
  }

  @Override
  public List<String> imports() {
    return List.of(KERNELS + ".Tiles", VECTORS + ".FloatVector", VECTORS + ".VectorSpecies");
  }

  @Override
  public void fields(Source out) {
    out.lines(FLOATS).blank().lines(Registers.CONSTANT).blank();
    out.line(
        "public static final int WIDTH = MANY ? %s : %s;",
        Source.times(many.vectors(), "L"), Source.times(few.vectors(), "L"));
  }

  @Override
  public void methods(Source out) {
    out.lines(
        """

        public static void planes(
            int rows,
            int[] shifts,
            int len,
            float[] a,
            int aBase,
            float[] b,
            int bBase,
            int bStep,
            float[] c,
            int cBase,
            int cStep) {
          int i = 0;
          while (i < rows) {
            int tile = nextRows(rows - i);
            int p = aBase + i;
            int q = cBase + i * cStep;
            if (MANY) {
              wide(tile, shifts, len, a, p, rows, b, bBase, bStep, c, q, cStep);
            } else {
              narrow(tile, shifts, len, a, p, rows, b, bBase, bStep, c, q, cStep);
            }
            i += tile;
          }
        }

        /**
         * Four, three or one: three channels are a picture, and 6 and 7 contain no single row. With few
         * registers three, two or one.
         */
        private static int nextRows(int left) {
          if (!MANY) {
            return left == 4 ? 2 : Math.min(left, 3);
          }
          if (left == 3 || left == 6) {
            return 3;
          }
          return left >= 4 ? 4 : 1;
        }
        """);
    choice(out, "wide", many);
    choice(out, "narrow", few);
    for (Panel panel : List.of(many, few)) {
      Panel.shapes(List.of(panel)).forEach(shape -> tile(out, shape));
    }
  }

  private static void choice(Source out, String name, Panel panel) {
    List<String> parameters = new ArrayList<>(List.of("int tile"));
    PARAMETERS.forEach(
        parameter ->
            parameters.add(parameter.replace("int aBase", "int p").replace("int c0", "int q")));
    parameters.add("int cStep");
    out.method("private static void " + name, parameters);
    Panel.cases(
        out,
        Panel.shapes(List.of(panel)),
        "sum",
        shape ->
            "shifts, len, a, p, aStep, b, bBase, bStep, c, q"
                + (shape.rows() > 1 ? ", cStep" : ""));
    out.close();
  }

  private static void tile(Source out, Shape shape) {
    List<String> parameters = new ArrayList<>(PARAMETERS);
    if (shape.rows() > 1) {
      parameters.add("int cStep");
    }
    out.method("private static void sum" + shape, parameters);
    for (int i = 1; i < shape.rows(); i++) {
      out.line("int c%d = c%d + cStep;", i, i - 1);
    }
    shape.load(out);
    out.line("int p = aBase;");
    out.open("for (int shift : shifts)");
    out.line("int q = bBase + shift;");
    out.open("for (int k = 0; k < len; k++)");
    for (int j = 0; j < shape.vectors(); j++) {
      out.line("FloatVector b%d = FloatVector.fromArray(F, b, %s);", j, Source.plus("q", j, "L"));
    }
    for (int i = 0; i < shape.rows(); i++) {
      out.line("FloatVector x%d = FloatVector.broadcast(F, a[%s]);", i, Source.plus("p", i));
      shape.multiplyAdd(out, i, "x" + i, "b", 0);
    }
    out.line("p += aStep;");
    out.line("q += bStep;");
    out.close();
    out.close();
    shape.store(out);
    out.close();
  }
}
