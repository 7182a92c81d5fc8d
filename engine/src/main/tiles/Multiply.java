import java.util.ArrayList;
import java.util.List;

/** Tiles of products with panels of weights that are stored in one way. */
record Multiply(String name, WeightDecoding decoding, List<Panel> panels) implements TileClass {
  private static final String ARGUMENTS =
      "pixels, at, rows, len, a, aBase, aStep, b, bBase, bStep, c, cBase, cStep";

  /** Names of broadcasts, without the row: those of the first step, of the second and so on. */
  private static final String BROADCASTS = "xzuw";

  Multiply(String name, WeightDecoding decoding, Panel... panels) {
    this(name, decoding, List.of(panels));
  }

  @Override
  public String comment() {
    return decoding.comment();
  }

  @Override
  public List<String> imports() {
    List<String> imports = new ArrayList<>(decoding.imports());
    imports.addAll(
        List.of(KERNELS + ".Tiles", VECTORS + ".FloatVector", VECTORS + ".VectorSpecies"));
    return imports;
  }

  @Override
  public void fields(Source out) {
    out.lines(decoding.isPacked() ? FLOATS_AND_INTS : FLOATS);
    if (Panel.asksForRegisters(panels)) {
      out.blank().lines(Registers.CONSTANT);
    }
  }

  @Override
  public void methods(Source out) {
    out.lines(decoding.methods());
    Panel.byWidth(panels).forEach((vectors, lines) -> width(out, vectors, lines));
    Panel.byWidth(panels)
        .values()
        .forEach(lines -> Panel.shapes(lines).forEach(shape -> tile(out, shape)));
  }

  private void width(Source out, int vectors, List<Panel> lines) {
    out.method("public static void width" + vectors, parameters("int begin", "int count"));
    out.line("int at = begin;");
    Panel.dispatch(out, lines, "count", "Tiles.nextRows", "multiply", ARGUMENTS, "at += 2 * tile;");
    out.close();
  }

  private List<String> parameters(String... which) {
    List<String> parameters = new ArrayList<>(List.of("int[] pixels"));
    parameters.addAll(List.of(which));
    parameters.addAll(
        List.of(
            "int rows",
            "int len",
            "float[] a",
            "int aBase",
            "int aStep",
            decoding.array() + " b",
            "int bBase",
            "int bStep",
            "float[] c",
            "int cBase",
            "int cStep"));
    return parameters;
  }

  private void tile(Source out, Shape shape) {
    out.method("private static void multiply" + shape, parameters("int at"));
    for (int i = 0; i < shape.rows(); i++) {
      out.line("int a%d = aBase + pixels[%s];", i, Source.plus("at", 2 * i));
    }
    for (int i = 0; i < shape.rows(); i++) {
      out.line("int c%d = cBase + pixels[%s] * cStep;", i, Source.plus("at", 2 * i + 1));
    }
    shape.load(out);
    out.line("int row = bBase;");
    out.open("for (int r = 0; r < rows; r++)");
    out.line("int p = row;");
    run(out, shape);
    out.line("row += bStep;");
    for (int i = 0; i < shape.rows(); i++) {
      out.line("a%d += aStep;", i);
    }
    out.close();
    shape.store(out);
    out.close();
  }

  /** The inner loop. */
  private void run(Source out, Shape shape) {
    int steps = decoding.steps(shape.vectors());
    int weights = steps * shape.vectors();
    out.open("for (int k = 0; k < len; %s)", steps == 1 ? "k++" : "k += " + steps);
    if (decoding.spillsIfUnrolled(shape)) {
      Shape.secondExit(out);
    }
    decoding.load(out, weights);
    for (int step = 0; step < steps; step++) {
      for (int i = 0; i < shape.rows(); i++) {
        String x = BROADCASTS.charAt(step) + "" + i;
        String at = Source.plus("a" + i + " + k", step);
        out.line("FloatVector %s = FloatVector.broadcast(F, a[%s]);", x, at);
        shape.multiplyAdd(out, i, x, "b", step * shape.vectors());
      }
    }
    out.line("p += %s;", Source.times(decoding.loads(weights), "L"));
    out.close();
  }
}
