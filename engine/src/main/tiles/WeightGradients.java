import java.util.ArrayList;
import java.util.List;

/** Tiles of weight gradients. */
record WeightGradients(String name, List<Panel> panels) implements TileClass {
  private static final String ARGUMENTS =
      "ny, nx, a, p, aStepY, aStepX, b, bBase, bStepY, bStepX, c, q";
  private static final List<String> PARAMETERS =
      List.of(
          "int ny",
          "int nx",
          "float[] a",
          "int aBase",
          "int aStepY",
          "int aStepX",
          "float[] b",
          "int bBase",
          "int bStepY",
          "int bStepX",
          "float[] c",
          "int cBase");

  WeightGradients(String name, Panel... panels) {
    this(name, List.of(panels));
  }

  @Override
  public String comment() {
    return """
    Register tiles of {@link %s.TileKernels#outerProducts}, rows x vectors; the sizes are those of
    {@link MultiplyTiles}, and 8x2 and 16x1: with 32 registers, narrow panels have taller tiles,
    which load less for each multiply-add.

    Rows of the result are neighbours in A, so a tile needs one pointer into A and one into B, and
    C2 has registers enough for two nested loops. (A third loop around them made it spill 16 of 24
    sums.)
    """
        .formatted(KERNELS);
  }

  @Override
  public List<String> imports() {
    return List.of(KERNELS + ".Tiles", VECTORS + ".FloatVector", VECTORS + ".VectorSpecies");
  }

  @Override
  public void fields(Source out) {
    out.lines(FLOATS);
    if (Panel.asksForRegisters(panels)) {
      out.blank().lines(Registers.CONSTANT);
    }
  }

  @Override
  public void methods(Source out) {
    Panel.byWidth(panels).forEach((vectors, lines) -> width(out, vectors, lines));
    out.lines(
        """

        /** As for other tiles, but three rows are a picture's colours, or what is left of 15 or 7. */
        private static int nextRows(int left, int most) {
          return left == 3 ? 3 : left == 7 ? 4 : Tiles.nextRows(left, most);
        }
        """);
    Panel.byWidth(panels)
        .values()
        .forEach(lines -> Panel.shapes(lines).forEach(shape -> tile(out, shape)));
  }

  private static void width(Source out, int vectors, List<Panel> lines) {
    List<String> parameters = new ArrayList<>(List.of("int rows"));
    parameters.addAll(PARAMETERS);
    out.method("public static void width" + vectors, parameters);
    out.line("int p = aBase;");
    out.line("int q = cBase;");
    String row = vectors == 1 ? "tile * L" : "tile * " + vectors + " * L";
    Panel.dispatch(
        out, lines, "rows", "nextRows", "gradient", ARGUMENTS, "p += tile;", "q += " + row + ";");
    out.close();
  }

  private static void tile(Source out, Shape shape) {
    out.method("private static void gradient" + shape, PARAMETERS);
    out.line("int c0 = cBase;");
    for (int i = 1; i < shape.rows(); i++) {
      out.line("int c%d = %s;", i, Source.plus("c" + (i - 1), shape.vectors(), "L"));
    }
    shape.load(out);
    out.line("int rowA = aBase;");
    out.line("int rowB = bBase;");
    out.open("for (int y = 0; y < ny; y++)");
    out.line("int p = rowA;");
    out.line("int q = rowB;");
    out.open("for (int x = 0; x < nx; x++)");
    for (int j = 0; j < shape.vectors(); j++) {
      out.line("FloatVector b%d = FloatVector.fromArray(F, b, %s);", j, Source.plus("q", j, "L"));
    }
    for (int i = 0; i < shape.rows(); i++) {
      out.line("FloatVector x%d = FloatVector.broadcast(F, a[%s]);", i, Source.plus("p", i));
      shape.multiplyAdd(out, i, "x" + i, "b", 0);
    }
    out.line("p += aStepX;");
    out.line("q += bStepX;");
    out.close();
    out.line("rowA += aStepY;");
    out.line("rowB += bStepY;");
    out.close();
    shape.store(out);
    out.close();
  }
}
