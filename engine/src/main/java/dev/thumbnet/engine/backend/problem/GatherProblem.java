package dev.thumbnet.engine.backend.problem;

/**
 * Chosen rows and columns: x is seen as (outer, rows, columns, inner), y as (outer, ofRows.size(),
 * ofColumns.size(), inner), and y[o][r][c][i] is x[o][ofRows[r]][ofColumns[c]][i], or a constant
 * where one of the indices is {@link Indices#NONE}. It describes padding, cropping, repetition and
 * reversal along two neighbouring axes, or along one if there is one row.
 *
 * @param outer leading extent, at least 1
 * @param rows extent of the first axis of x
 * @param columns extent of the second axis of x
 * @param inner trailing extent, at least 1
 * @param ofRows the rows of y, at least one
 * @param ofColumns the columns of y, at least one
 */
public record GatherProblem(
    int outer, int rows, int columns, int inner, Indices ofRows, Indices ofColumns) {
  /** Checks the numbers. */
  public GatherProblem {
    String text = outer + " times " + rows + " rows, " + columns + " columns of " + inner;
    Checks.atLeast(1, "outer", outer, text);
    Checks.atLeast(1, "rows", rows, text);
    Checks.atLeast(1, "columns", columns, text);
    Checks.atLeast(1, "inner", inner, text);
    check("row", ofRows, rows);
    check("column", ofColumns, columns);
    Checks.size("input", outer, rows, columns, inner);
    Checks.size("output", outer, ofRows.size(), ofColumns.size(), inner);
  }

  private static void check(String what, Indices indices, int extent) {
    if (indices.size() < 1) {
      throw new IllegalArgumentException("at least one " + what + " must be chosen");
    }
    for (int i = 0; i < indices.size(); i++) {
      if (indices.get(i) < Indices.NONE || indices.get(i) >= extent) {
        throw new IllegalArgumentException(
            what + " " + indices.get(i) + " is outside [0, " + extent + ")");
      }
    }
  }

  /** Returns the number of elements of x. */
  public int inputSize() {
    return outer * rows * columns * inner;
  }

  /** Returns the number of elements of y. */
  public int outputSize() {
    return outer * ofRows.size() * ofColumns.size() * inner;
  }

  /** Returns the same choice for another outer extent. */
  public GatherProblem withOuter(int other) {
    return new GatherProblem(other, rows, columns, inner, ofRows, ofColumns);
  }
}
