package dev.thumbnet.engine.backend.cpu.conv;

import dev.thumbnet.engine.backend.cpu.conv.Direction.Part;
import dev.thumbnet.engine.backend.cpu.kernel.Tiles;

/**
 * The order in which the results of a part are counted and cut into blocks: line after line, with a
 * constant distance between neighbours of a line in the input and in the output.
 *
 * <p>Large maps are counted as they lie in memory, (picture, row, column), and a line is a row of
 * results. On small maps the results at one place of all pictures are a line, (row, column,
 * picture): they see the same kernel elements, so that even a small block has long lists of results
 * that are treated alike.
 */
final class ResultOrder {
  /** Fewer pictures than this make no line. */
  private static final int LINE = 4;

  private final Direction c;
  private final Part part;
  private final boolean byPlace;

  /** Results in a line. */
  final int length;

  /** Distance of the inputs of neighbours. */
  final int inStep;

  /** Distance of neighbours in the output. */
  final int outStep;

  ResultOrder(Direction c, Part part) {
    this.c = c;
    this.part = part;
    byPlace = c.n >= LINE && part.pixels() <= Tiles.SMALL_MAP;
    length = byPlace ? c.n : part.cols().count();
    inStep = byPlace ? c.inH * c.inW * c.inC : part.cols().inStep() * c.inC;
    outStep = byPlace ? c.outH * c.outW * c.outC : part.cols().outStep() * c.outC;
  }

  /** Tells whether a line is the results at one place, in all pictures. */
  boolean byPlace() {
    return byPlace;
  }

  /** Returns the row of the part in which the results of a line lie. */
  int row(int line) {
    return byPlace ? line / part.cols().count() : line % part.rows().count();
  }

  /** Returns the column of the part in which the first result of a line lies. */
  int col(int line) {
    return byPlace ? line % part.cols().count() : 0;
  }

  /** Returns where in the input kernel element (r, s) of the first result of a line lies. */
  int inAt(int line, int r, int s) {
    int row = picture(line) * c.inH + part.rows().position(row(line), r);
    return (row * c.inW + part.cols().position(col(line), s)) * c.inC;
  }

  /** Returns where in the output the first result of a line lies. */
  int outAt(int line) {
    SlidingWindow rows = part.rows();
    SlidingWindow cols = part.cols();
    int row = picture(line) * c.outH + rows.outBase() + row(line) * rows.outStep();
    return (row * c.outW + cols.outBase() + col(line) * cols.outStep()) * c.outC;
  }

  private int picture(int line) {
    return byPlace ? 0 : line / part.rows().count();
  }
}
