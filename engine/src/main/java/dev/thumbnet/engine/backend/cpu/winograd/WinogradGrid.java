package dev.thumbnet.engine.backend.cpu.winograd;

/**
 * The tiles of a batch of pictures: m x m results each, counted by (picture, row, column). Those at
 * the right and lower border have what is left, at least one row and column.
 *
 * @param m most rows and columns of results of a tile
 * @param stride distance of the inputs of two results
 * @param n pictures
 * @param outH rows of results of a picture
 * @param outW columns of results
 * @param rows rows of tiles in a picture
 * @param cols tiles in a row
 */
record WinogradGrid(int m, int stride, int n, int outH, int outW, int rows, int cols) {
  /** Covers pictures of results. */
  static WinogradGrid of(int m, int stride, int n, int outH, int outW) {
    return new WinogradGrid(m, stride, n, outH, outW, Math.ceilDiv(outH, m), Math.ceilDiv(outW, m));
  }

  /** Covers pictures of results with tiles of m x m only, which overhang at the border. */
  static WinogradGrid overhanging(int m, int n, int outH, int outW) {
    return of(m, 1, n, Math.ceilDiv(outH, m) * m, Math.ceilDiv(outW, m) * m);
  }

  /** Returns the number of tiles. */
  int tiles() {
    return Math.multiplyExact(n, tilesOfPicture());
  }

  int tilesOfPicture() {
    return rows * cols;
  }

  /** Returns the number of elements of all tiles in the Winograd domain. */
  long elements() {
    int each = inputs(0); // inputs of a tile beyond stride for each result
    return (long) n * (stride * outH + each * rows) * (stride * outW + each * cols);
  }

  /** Tells whether all tiles have m x m results. */
  boolean even() {
    return outH % m == 0 && outW % m == 0;
  }

  /** Returns the number of inputs, and of elements, in each direction of the largest tile. */
  int size() {
    return inputs(m);
  }

  /** Returns the number of neighbouring inputs that some neighbouring results see. */
  int inputs(int results) {
    return stride * results + 3 - stride;
  }

  int picture(int tile) {
    return tile / cols / rows;
  }

  /** Returns the first row of results of a tile. */
  int top(int tile) {
    return tile / cols % rows * m;
  }

  /** Returns the first column of results of a tile. */
  int left(int tile) {
    return tile % cols * m;
  }

  /** Returns the rows of results of a tile. */
  int height(int tile) {
    return Math.min(m, outH - top(tile));
  }

  /** Returns the columns of results of a tile. */
  int width(int tile) {
    return Math.min(m, outW - left(tile));
  }

  /** Returns the end of the tiles before {@code end} that stand in one row with a tile. */
  int endOfRow(int tile, int end) {
    return Math.min(end, (tile / cols + 1) * cols);
  }
}
