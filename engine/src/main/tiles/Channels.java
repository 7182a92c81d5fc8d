import java.util.ArrayList;
import java.util.List;

/**
 * Loops over rows of few vectors, which take all vectors of a row in a step.
 *
 * @param vectors vectors of a row
 */
record Channels(String name, int vectors, List<Loop> loops) implements TileClass {

  /**
   * A loop over rows.
   *
   * <p>In {@code statements}, # is the number of the vector, @ what it adds to an offset, and ^ its
   * first column.
   *
   * @param method the name of its method, without the suffix that all of them have
   * @param parameters those of the method, but for the number of rows
   * @param before statements before all others
   * @param from the first column
   * @param loaded arrays with a value for each channel, as "name of vectors = array"
   * @param sums arrays to which sums of channels are added, as "name of vectors = array"
   * @param pointers offsets of rows, as "name = start"
   * @param stride from one row to the next
   * @param statements what is done with each vector of a row
   */
  record Loop(
      String method,
      String parameters,
      String before,
      String from,
      List<String> loaded,
      List<String> sums,
      List<String> pointers,
      String stride,
      List<String> statements) {

    static Loop of(String method, String parameters) {
      List<String> none = List.of();
      return new Loop(method, parameters, "", "0", none, none, none, "NARROW", none);
    }

    /** The same with a vector of zeros. */
    Loop withZero() {
      String zero = "FloatVector zero = FloatVector.zero(F);";
      return new Loop(method, parameters, zero, from, loaded, sums, pointers, stride, statements);
    }

    /** The same for part of longer rows. */
    Loop within(String column, String newStride) {
      return new Loop(
          method, parameters, before, column, loaded, sums, pointers, newStride, statements);
    }

    Loop loading(String... arrays) {
      return new Loop(
          method, parameters, before, from, List.of(arrays), sums, pointers, stride, statements);
    }

    Loop summing(String... arrays) {
      return new Loop(
          method, parameters, before, from, loaded, List.of(arrays), pointers, stride, statements);
    }

    Loop over(String... offsets) {
      return new Loop(
          method, parameters, before, from, loaded, sums, List.of(offsets), stride, statements);
    }

    Loop each(String... lines) {
      return new Loop(
          method, parameters, before, from, loaded, sums, pointers, stride, List.of(lines));
    }
  }

  Channels(String name, int vectors, Loop... loops) {
    this(name, vectors, List.of(loops));
  }

  @Override
  public String comment() {
    return """
    Loops of {@code VectorChannelKernels} over rows of %d vectors, with the channels' values and the
    sums in registers. The sums begin at zero and are added to the array at the end. Where a channel
    has four values, sixteen registers are not enough for all of them, and the one that is added is
    loaded again, which costs no more than the copy that a multiply-add needs of it anyway: 46 and 67
    instructions for a row instead of 48 and 71, of which 3 and 4 loaded what was spilled. {@code
    gradientSumsRelu} has three values, but a zero and masks too, and spills in 5 of 50; half a row
    at a time would not, but read memory twice.
    """
        .formatted(vectors);
  }

  @Override
  public List<String> imports() {
    return List.of(
        "static " + PACKAGE + ".ChannelRows.load",
        "static " + VECTORS + ".VectorOperators.GT",
        KERNELS + ".Tiles",
        VECTORS + ".FloatVector",
        VECTORS + ".VectorSpecies");
  }

  @Override
  public void fields(Source out) {
    out.lines(FLOATS).blank().lines(Registers.CONSTANT).blank();
    out.javadoc("Floats of a row.");
    out.line("public static final int NARROW = %s;", Source.times(vectors, "L"));
  }

  @Override
  public void methods(Source out) {
    out.lines(
        """

        private static void addTo(float[] sums, int at, FloatVector v) {
          load(sums, at).add(v).intoArray(sums, at);
        }
        """);
    loops.forEach(loop -> loop(out, loop));
  }

  private void loop(Source out, Loop loop) {
    List<String> parameters = new ArrayList<>(List.of("int rows"));
    parameters.addAll(List.of(loop.parameters.split(", ")));
    out.method("public static void " + loop.method + "Narrow", parameters);
    out.lines(loop.before);
    each(out, loop.loaded, loop, "FloatVector %s%d = load(%s, %s);");
    each(out, loop.sums, loop, "FloatVector %s%d = FloatVector.zero(F);");
    loop.pointers.forEach(pointer -> out.line("int %s;", pointer));
    out.open("for (int r = 0; r < rows; r++)");
    for (int v = 0; v < vectors; v++) {
      for (String statement : loop.statements) {
        String offset = Source.plus("", v, "L");
        String text = statement.replace("#", "" + v).replace("@", offset);
        out.line("%s", text.replace("^", Source.times(v, "L")));
      }
    }
    loop.pointers.forEach(pointer -> out.line("%s += %s;", name(pointer), loop.stride));
    out.close();
    each(out, loop.sums, loop, "addTo(%3$s, %4$s, %1$s%2$d);");
    out.close();
  }

  /** A statement for each vector of each array; takes vector, number, array and offset. */
  private void each(Source out, List<String> arrays, Loop loop, String statement) {
    for (String array : arrays) {
      for (int v = 0; v < vectors; v++) {
        String at = loop.from.equals("0") ? Source.times(v, "L") : Source.plus(loop.from, v, "L");
        out.line(statement, name(array), v, array.split(" = ")[1], at);
      }
    }
  }

  private static String name(String definition) {
    return definition.split(" = ")[0];
  }
}
