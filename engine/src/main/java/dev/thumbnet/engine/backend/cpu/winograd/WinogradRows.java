package dev.thumbnet.engine.backend.cpu.winograd;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Which tiles of a block are multiplied for each element of the Winograd domain: small tiles at the
 * border do not have the last elements.
 *
 * @param tiles tiles of the block
 * @param step rows of products of an element; odd, so that the elements spread over the sets of L1
 * @param pairs pairs (tile in the transformed inputs, row of the products), element by element
 * @param begins where the pairs of each element begin, and the end of the last ones
 */
record WinogradRows(int tiles, int step, int[] pairs, int[] begins) {
  /** Where a block begins in its picture, and how many tiles it has: the same rows for the same. */
  private record Position(int begin, int tiles) {}

  /**
   * Returns the rows of each block of {@code block} tiles; equal ones are one object.
   *
   * @param channels distance of tiles in the transformed inputs
   */
  static WinogradRows[] ofBlocks(WinogradGrid grid, int block, int channels) {
    int period = grid.even() ? 1 : grid.tilesOfPicture();
    Map<Position, WinogradRows> known = new HashMap<>();
    WinogradRows[] rows = new WinogradRows[Math.ceilDiv(grid.tiles(), block)];
    for (int i = 0; i < rows.length; i++) {
      int begin = i * block;
      int tiles = Math.min(block, grid.tiles() - begin);
      rows[i] =
          known.computeIfAbsent(
              new Position(begin % period, tiles),
              p -> of(grid, p.begin(), tiles, block | 1, channels));
    }
    return rows;
  }

  private static WinogradRows of(WinogradGrid grid, int begin, int tiles, int step, int channels) {
    int size = grid.size();
    int[] begins = new int[size * size + 1];
    int[] pairs = new int[2 * size * size * tiles];
    int at = 0;
    for (int e = 0; e < size * size; e++) {
      begins[e] = at;
      for (int i = 0; i < tiles; i++) {
        int tile = begin + i;
        if (e / size < grid.inputs(grid.height(tile)) && e % size < grid.inputs(grid.width(tile))) {
          pairs[at++] = i * channels;
          pairs[at++] = e * step + i;
        }
      }
    }
    begins[size * size] = at;
    return new WinogradRows(tiles, step, Arrays.copyOf(pairs, at), begins);
  }

  /** Returns where the pairs of an element begin. */
  int begin(int element) {
    return begins[element];
  }

  /** Returns the tiles that have an element. */
  int count(int element) {
    return (begins[element + 1] - begins[element]) / 2;
  }
}
