import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Tiles of scalar products, and of what does not fill a vector. Besides the largest tile there are
 * those of one row, of one column and of both.
 *
 * @param many the largest tile for machines with many registers
 * @param few the largest for machines with few
 */
record Dots(String name, Shape many, Shape few) implements TileClass {
  Dots {
    Registers.MANY.check(many);
    Registers.FEW.check(few);
  }

  @Override
  public String comment() {
    return """
    Register tiles of {@link VectorDots}, rows x columns. The lanes run along the sum, so nothing is
    wasted when there are only a few columns; %s does %d multiply-adds for %d loads (which cross
    cache lines, so that each costs two). With 16 registers it is %s.

    What does not fill a vector is added by methods of its own, as the last vector of the run with
    the lanes that were added before set to zero, and the lanes of a sum are added elsewhere: all in
    one method, or with masked loads, is more than C2 likes, and then each vector is an object.
    """
        .formatted(many, many.rows() * many.vectors(), many.rows() + many.vectors(), few);
  }

  @Override
  public List<String> imports() {
    List<String> imports = new ArrayList<>();
    if (!many.equals(few)) {
      imports.add(KERNELS + ".Tiles");
    }
    imports.addAll(
        List.of(
            "java.util.Arrays",
            VECTORS + ".FloatVector",
            VECTORS + ".IntVector",
            VECTORS + ".VectorSpecies"));
    return imports;
  }

  @Override
  public void fields(Source out) {
    out.lines(FLOATS_AND_INTS);
    if (!many.equals(few)) {
      out.blank().lines(Registers.CONSTANT);
    }
    out.lines(
        """

        /** L zeros and L times all bits: from r on it keeps the last r lanes. */
        private static final int[] KEEP = new int[2 * L];

        static {
          Arrays.fill(KEEP, L, 2 * L, -1);
        }

        /** Rows of the largest tile. */
        public static final int ROWS = %s;

        /** Columns of the largest tile. */
        static final int COLUMNS = %s;
        """
            .formatted(either(many.rows(), few.rows()), either(many.vectors(), few.vectors())));
  }

  @Override
  public void methods(Source out) {
    Set<Shape> shapes = new LinkedHashSet<>(shapes(many));
    shapes.addAll(shapes(few));
    tile(out);
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

  private static String either(int many, int few) {
    return many == few ? "" + many : "MANY ? " + many + " : " + few;
  }

  /** The largest tile and the smaller ones. */
  private static List<Shape> shapes(Shape largest) {
    return List.of(
        largest, new Shape(largest.rows(), 1), new Shape(1, largest.vectors()), new Shape(1, 1));
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

  private void tile(Source out) {
    out.blank()
        .javadoc(
            "Leaves the lanes of each sum in {@code sums}: whole vectors first, then what"
                + " remains.");
    out.method("public static void tile", parameters("len", "int tall", "int wide"));
    out.line("int whole = F.loopBound(len);");
    out.line("int rest = len - whole;");
    call(out, "whole", "whole", "aBase", "bBase");
    out.open("if (rest > 0)");
    call(out, "tail", "rest", "aBase + len - L", "bBase + len - L");
    out.close();
    out.close();
  }

  private void call(Source out, String method, String length, String a, String b) {
    List<String> arguments =
        List.of(
            "pixels", "at", "rows", length, "a", a, "aStep", "b", b, "bColumn", "bStep", "sums");
    if (many.equals(few)) {
      call(out, shapes(many), method, arguments);
      return;
    }
    out.open("if (MANY)");
    call(out, shapes(many), method, arguments);
    out.closeAndOpen("else");
    call(out, shapes(few), method, arguments);
    out.close();
  }

  private static void call(Source out, List<Shape> shapes, String method, List<String> arguments) {
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
    Shape.secondExit(out);
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
