package dev.thumbnet.engine.backend.cpu;

/**
 * The tiles of a batch of pictures: m x m results each, counted by (picture, row, column). The last
 * ones of a row or column may overhang.
 *
 * @param m rows and columns of results of a tile
 * @param n pictures
 * @param rows rows of tiles in a picture
 * @param cols tiles in a row
 */
record WinogradGrid(int m, int n, int rows, int cols) {
  /** Covers pictures of results. */
  static WinogradGrid of(int m, int n, int outH, int outW) {
    return new WinogradGrid(m, n, Math.ceilDiv(outH, m), Math.ceilDiv(outW, m));
  }

  /** Returns the number of tiles. */
  int tiles() {
    return Math.multiplyExact(n, rows * cols);
  }

  /** Returns the number of inputs in each direction of a tile. */
  int size() {
    return m + 2;
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

  /** Returns the end of the tiles before {@code end} that stand in one row with a tile. */
  int endOfRow(int tile, int end) {
    return Math.min(end, (tile / cols + 1) * cols);
  }
}
