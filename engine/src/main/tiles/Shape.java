/**
 * The shape of a register tile: {@code rows} times {@code vectors} sums, called s with the numbers
 * of the row and the vector.
 */
record Shape(int rows, int vectors) {

  /** The registers that a step keeps: all sums, the vectors of B and two broadcasts of A. */
  int registers() {
    return rows * vectors + vectors + 2;
  }

  String sum(int row, int vector) {
    return "s" + row + vector;
  }

  /** Loads all sums from C, whose rows begin at c0, c1 and so on. */
  void load(Source out) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < vectors; j++) {
        out.line(
            "FloatVector %s = FloatVector.fromArray(F, c, %s);",
            sum(i, j), Source.plus("c" + i, j, "L"));
      }
    }
  }

  void store(Source out) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < vectors; j++) {
        out.line("%s.intoArray(c, %s);", sum(i, j), Source.plus("c" + i, j, "L"));
      }
    }
  }

  /**
   * Adds the products of a number of A and vectors of B to the sums of a row.
   *
   * @param x the number of A in all lanes
   * @param b the name of vectors of B, without their number
   * @param first the number of the first of them
   */
  void multiplyAdd(Source out, int row, String x, String b, int first) {
    for (int j = 0; j < vectors; j++) {
      String sum = sum(row, j);
      out.line("%s = %s.fma(%s%d, %s);", sum, x, b, first + j, sum);
    }
  }

  /**
   * An exit of the loop over k that is never taken. C2 unrolls short loops four times and makes all
   * loads first, which spills vectors; with a second exit it unrolls them twice.
   */
  static void secondExit(Source out) {
    out.line("// Never: C2 unrolls a loop with two exits less, and then spills nothing.");
    out.open("if (k == len)").line("break;").close();
  }

  @Override
  public String toString() {
    return rows + "x" + vectors;
  }
}
