import java.util.ArrayList;
import java.util.List;

/**
 * Tiles of scalar products, and of what does not fill a vector.
 *
 * @param largest the largest tile; there are also those of one row, of one column and of both
 */
record Dots(String name, Shape largest) implements TileClass {

  @Override
  public String comment() {
    return """
    Register tiles of {@link VectorDots}, rows x columns. The lanes run along the sum, so nothing is
    wasted when there are only a few columns; %s does %d multiply-adds for %d loads (which cross
    cache lines, so that each costs two).

    What does not fill a vector is added by methods of its own, as the last vector of the run with
    the lanes that were added before set to zero, and the lanes of a sum are added elsewhere: all in
    one method, or with masked loads, is more than C2 likes, and then each vector is an object.
    """
        .formatted(largest, largest.rows() * largest.vectors(), largest.rows() + largest.vectors());
  }

  @Override
  public List<String> imports() {
    return List.of(
        "java.util.Arrays",
        VECTORS + ".FloatVector",
        VECTORS + ".IntVector",
        VECTORS + ".VectorSpecies");
  }

  @Override
  public void fields(Source out) {
    out.lines(FLOATS_AND_INTS);
    out.lines(
        """

        /** L zeros and L times all bits: from r on it keeps the last r lanes. */
        private static final int[] KEEP = new int[2 * L];

        static {
          Arrays.fill(KEEP, L, 2 * L, -1);
        }

        /** Rows of the largest tile. */
        static final int ROWS = %d;

        /** Columns of the largest tile. */
        static final int COLUMNS = %d;
        """
            .formatted(largest.rows(), largest.vectors()));
  }

  @Override
  public void methods(Source out) {
    List<Shape> shapes =
        List.of(
            largest,
            new Shape(largest.rows(), 1),
            new Shape(1, largest.vectors()),
            new Shape(1, 1));
    tile(out, shapes);
    shapes.forEach(shape -> whole(out, shape));
    out.lines(
        """

        /** The last vector of a run, with zeros in the lanes that were used before. */
        private static FloatVector last(float[] array, int at, IntVector keep) {
          return FloatVector.fromArray(F, array, at).reinterpretAsInts().and(keep).reinterpretAsFloats();
        }
        """);
    shapes.forEach(shape -> tail(out, shape));
  }

  private static List<String> parameters(String length, String... before) {
    List<String> parameters = new ArrayList<>(List.of(before));
    parameters.addAll(
        List.of(
            "int[] pixels",
            "int at",
            "int rows",
            "int " + length,
            "float[] a",
            "int aBase",
            "int aStep",
            "float[] b",
            "int bBase",
            "int bColumn",
            "int bStep",
            "float[] sums"));
    return parameters;
  }

  private static void tile(Source out, List<Shape> shapes) {
    out.blank()
        .javadoc(
            "Leaves the lanes of each sum in {@code sums}: whole vectors first, then what"
                + " remains.");
    out.method("static void tile", parameters("len", "int tall", "int wide"));
    out.line("int whole = F.loopBound(len);");
    out.line("int rest = len - whole;");
    call(out, shapes, "whole", "whole", "aBase", "bBase");
    out.open("if (rest > 0)");
    call(out, shapes, "tail", "rest", "aBase + len - L", "bBase + len - L");
    out.close();
    out.close();
  }

  private static void call(
      Source out, List<Shape> shapes, String method, String length, String a, String b) {
    List<String> arguments =
        List.of(
            "pixels", "at", "rows", length, "a", a, "aStep", "b", b, "bColumn", "bStep", "sums");
    out.open("if (tall == ROWS)");
    out.open("if (wide == COLUMNS)");
    out.call(method + shapes.get(0), arguments);
    out.closeAndOpen("else");
    out.call(method + shapes.get(1), arguments);
    out.close();
    out.closeAndOpen("else if (wide == COLUMNS)");
    out.call(method + shapes.get(2), arguments);
    out.closeAndOpen("else");
    out.call(method + shapes.get(3), arguments);
    out.close();
  }

  private static void whole(Source out, Shape shape) {
    out.method("private static void whole" + shape, parameters("len"));
    offsets(out, shape);
    for (int i = 0; i < shape.rows(); i++) {
      for (int j = 0; j < shape.vectors(); j++) {
        out.line("FloatVector %s = FloatVector.zero(F);", shape.sum(i, j));
      }
    }
    out.open("for (int r = 0; r < rows; r++)");
    out.open("for (int k = 0; k < len; k += L)");
    step(out, shape, "FloatVector.fromArray(F, %1$s, %1$s%2$d + k)");
    out.close();
    advance(out, shape);
    out.close();
    store(out, shape);
    out.close();
  }

  private static void tail(Source out, Shape shape) {
    out.method("private static void tail" + shape, parameters("rest"));
    offsets(out, shape);
    for (int i = 0; i < shape.rows(); i++) {
      for (int j = 0; j < shape.vectors(); j++) {
        out.line(
            "FloatVector %s = FloatVector.fromArray(F, sums, %s);",
            shape.sum(i, j), place(shape, i, j));
      }
    }
    out.line("IntVector keep = IntVector.fromArray(I, KEEP, rest);");
    out.open("for (int r = 0; r < rows; r++)");
    step(out, shape, "last(%1$s, %1$s%2$d, keep)");
    advance(out, shape);
    out.close();
    store(out, shape);
    out.close();
  }

  private static void offsets(Source out, Shape shape) {
    for (int i = 0; i < shape.rows(); i++) {
      out.line("int a%d = aBase + pixels[%s];", i, Source.plus("at", 2 * i));
    }
    for (int j = 0; j < shape.vectors(); j++) {
      out.line("int b%d = %s;", j, Source.plus("bBase", j, "bColumn"));
    }
  }

  /**
   * A vector of each row and column.
   *
   * @param load loads it; takes the name of the array and the number of the row or column
   */
  private static void step(Source out, Shape shape, String load) {
    for (int j = 0; j < shape.vectors(); j++) {
      out.line("FloatVector w%d = %s;", j, load.formatted("b", j));
    }
    for (int i = 0; i < shape.rows(); i++) {
      out.line("FloatVector x%d = %s;", i, load.formatted("a", i));
      shape.multiplyAdd(out, i, "x" + i, "w", 0);
    }
  }

  private static void advance(Source out, Shape shape) {
    for (int i = 0; i < shape.rows(); i++) {
      out.line("a%d += aStep;", i);
    }
    for (int j = 0; j < shape.vectors(); j++) {
      out.line("b%d += bStep;", j);
    }
  }

  private static void store(Source out, Shape shape) {
    for (int i = 0; i < shape.rows(); i++) {
      for (int j = 0; j < shape.vectors(); j++) {
        out.line("%s.intoArray(sums, %s);", shape.sum(i, j), place(shape, i, j));
      }
    }
  }

  /** The place of a sum in the array of sums. */
  private static String place(Shape shape, int row, int column) {
    return Source.times(row * shape.vectors() + column, "L");
  }
}
