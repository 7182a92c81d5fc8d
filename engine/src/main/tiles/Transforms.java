import java.util.ArrayList;
import java.util.List;

/**
 * The transforms of a size of Winograd's tiles.
 *
 * @param size of a tile of inputs
 * @param numbers how long the loops are; the end of the class's comment
 */
record Transforms(String name, int size, String numbers, List<Loop> loops) implements TileClass {

  /** A method. */
  interface Loop {
    LinearMap map();

    void write(Source out);
  }

  Transforms(String name, int size, String numbers, Loop... loops) {
    this(name, size, numbers, List.of(loops));
  }

  /**
   * A map along the columns of tiles: distances of what it reads are known at run time only.
   *
   * @param item the distance of the places that it writes
   * @param tap the distance of the results for one place
   * @param begin the first of these places
   */
  record Columns(String method, LinearMap map, String item, String tap, String begin)
      implements Loop {
    @Override
    public void write(Source out) {
      List<String> parameters = new ArrayList<>();
      parameters.addAll(List.of("int count", "float[] x", "int from", "int item", "int tap"));
      parameters.add("float[] y");
      if (!begin.equals("0")) {
        parameters.add("int " + begin);
      }
      out.method("public static void " + method, parameters);
      factors(out, map);
      out.line("int back = -item;");
      loop(out, "from", "y", "count");
      out.close();
    }

    /** The loop over {@code count} places. */
    void loop(Source out, String from, String y, String count) {
      map.reads().forEach(read -> index(out, "i", LinearMap.place(read), from, "tap"));
      range(out, "j", begin, count, item);
      for (String read : map.reads()) {
        out.line("FloatVector %s = FloatVector.fromArray(F, x, i%d);", read, LinearMap.place(read));
      }
      map.parts().forEach(part -> out.line("FloatVector %s;", part));
      for (String write : map.writes()) {
        int place = Integer.parseInt(LinearMap.name(write));
        out.line("%s.intoArray(%s, %s);", LinearMap.value(write), y, Source.plus("j", place, tap));
      }
      map.reads().forEach(read -> out.line("i%d -= back;", LinearMap.place(read)));
      out.close();
    }
  }

  /**
   * A map along the rows of tiles: distances of what it writes are known at run time only.
   *
   * @param item the distance of the places that it reads
   * @param tap the distance of the vectors of one place
   * @param begin the first of these places
   */
  record Rows(String method, LinearMap map, String item, String tap, String begin) implements Loop {
    @Override
    public void write(Source out) {
      List<String> parameters = new ArrayList<>(List.of("int count", "float[] x"));
      if (!begin.equals("0")) {
        parameters.add("int " + begin);
      }
      if (map.hasBias()) {
        parameters.addAll(List.of("float[] bias", "int v"));
      }
      parameters.addAll(List.of("float[] y", "int to", "int toItem", "int toTap"));
      out.method("public static void " + method, parameters);
      factors(out, map);
      if (map.hasBias()) {
        out.line("FloatVector b = FloatVector.fromArray(F, bias, v);");
      }
      out.line("int toBack = -toItem;");
      loop(out, "x", "to", "count");
      out.close();
    }

    void loop(Source out, String x, String to, String count) {
      for (String write : map.writes()) {
        index(out, "j", Integer.parseInt(LinearMap.name(write)), to, "toTap");
      }
      range(out, "i", begin, count, item);
      for (String read : map.reads()) {
        String at = Source.plus("i", LinearMap.place(read), tap);
        out.line("FloatVector %s = FloatVector.fromArray(F, %s, %s);", read, x, at);
      }
      map.parts().forEach(part -> out.line("FloatVector %s;", part));
      for (String write : map.writes()) {
        out.line("%s.intoArray(y, j%s);", LinearMap.value(write), LinearMap.name(write));
      }
      map.writes().forEach(write -> out.line("j%s -= toBack;", LinearMap.name(write)));
      out.close();
    }
  }

  /** A map along the rows of tiles, for some rows. */
  record Tiles(Rows rows) implements Loop {
    @Override
    public LinearMap map() {
      return rows.map;
    }

    @Override
    public void write(Source out) {
      out.method(
          "public static void " + rows.method,
          List.of(
              "int rows",
              "int count",
              "float[] x",
              "int from",
              "float[] y",
              "int to",
              "int toItem",
              "int toTap"));
      factors(out, rows.map);
      out.line("int toBack = -toItem;");
      out.open("for (int k = 0; k < rows; k++)");
      out.line("int begin = from + k * UNITED;");
      rows.loop(out, "x", "to + k * SIZE * toTap", "count");
      out.close();
      out.close();
    }
  }

  /**
   * Both directions, for as many channels as one wants.
   *
   * @param first how many places the map along columns has
   * @param second how many places the map along rows has
   */
  record Both(String method, Columns columns, String first, Rows rows, String second)
      implements Loop {
    @Override
    public LinearMap map() {
      return columns.map;
    }

    @Override
    public void write(Source out) {
      boolean hasBias = rows.map.hasBias();
      List<String> parameters = new ArrayList<>(List.of("int width", "float[] x", "int from"));
      parameters.addAll(List.of("int item", "int tap"));
      if (hasBias) {
        parameters.add("float[] bias");
      }
      parameters.addAll(List.of("float[] scratch", "float[] y", "int to"));
      parameters.addAll(List.of("int toItem", "int toTap"));
      out.method("public static void " + method, parameters);
      factors(out, columns.map);
      out.line("int back = -item;");
      out.line("int toBack = -toItem;");
      out.open("for (int v = 0; v < width; v += L)");
      columns.loop(out, "from + v", "scratch", first);
      if (hasBias) {
        out.line("FloatVector b = FloatVector.fromArray(F, bias, v);");
      }
      rows.loop(out, "scratch", "to + v", second);
      out.close();
      out.close();
    }
  }

  private static void factors(Source out, LinearMap map) {
    for (String factor : map.factors()) {
      out.line(
          "FloatVector %s = FloatVector.broadcast(F, %s);",
          LinearMap.name(factor), LinearMap.value(factor));
    }
  }

  private static void index(Source out, String letter, int place, String base, String step) {
    out.line("int %s%d = %s;", letter, place, Source.plus(base, place, step));
  }

  /** The head of a loop over places. */
  private static void range(Source out, String index, String begin, String count, String item) {
    String end = count + " * " + item;
    if (!begin.equals("0")) {
      out.line("int end = %s + %s;", begin, end);
      end = "end";
    }
    out.open("for (int %1$s = %2$s; %1$s < %3$s; %1$s += %4$s)", index, begin, end, item);
  }

  @Override
  public String comment() {
    return """
    Winograd's transforms of tiles of %d x %d inputs, a vector of channels at a time.

    A map along columns knows the distances of what it reads at run time only, one along rows those
    of what it writes. Vectors on that side have an index each, and a check of its bounds; those on
    the other side, an array of ours with distances that are constants, share the loop's index,
    which C2 checks before the loop. The former go on by subtracting a negative distance, because
    C2 makes a sum in the register of the operand that it has met first: that is the distance, and
    the sum is copied back. A difference stays where it is, and nothing is copied. So six indices,
    both arrays and the ends of loop and array fit into the thirteen registers for integers, and
    factors, inputs and parts into sixteen for vectors.

    Whole tiles of results, and weights, go through both directions in one method: the factors and
    some hundred instructions of checks before the loops are for all channels, not for each vector.

    %s
    """
        .formatted(size, size, numbers);
  }

  @Override
  public List<String> imports() {
    return List.of(
        "static " + KERNELS + ".WinogradKernels.UNITED",
        VECTORS + ".FloatVector",
        VECTORS + ".VectorSpecies");
  }

  @Override
  public void fields(Source out) {
    out.lines(FLOATS);
    out.line("private static final int SIZE = %d;", size);
    out.lines(
        """

        /** Distance of columns between the two directions of the transforms of tiles. */
        private static final int COLUMN = SIZE * UNITED;

        /** Distance of rows between the two directions of the transform of products. */
        private static final int ROW = SIZE * L;
        """);
    if (loops.stream().anyMatch(loop -> loop.map().hasRoots())) {
      out.lines(
          """

          /** The point √½ and, as the other is its inverse, √2. */
          private static final float P = (float) Math.sqrt(0.5);

          private static final float Q = (float) Math.sqrt(2);
          """);
    }
  }

  @Override
  public void methods(Source out) {
    loops.forEach(loop -> loop.write(out));
  }
}
