package dev.thumbnet.engine.backend.cpu;

import dev.thumbnet.engine.backend.cpu.BlockedProduct.Block;
import dev.thumbnet.engine.backend.cpu.Correlation.Part;
import java.util.Arrays;

/**
 * The windows of a block of results of a small map, kernel tap by kernel tap: the results for which
 * a tap lies in the picture are multiplied by the weights of this tap, then comes the next tap.
 *
 * <p>Sorted by the taps that they share (see {@link PixelRuns}), the 16 results of a 4 x 4 map fall
 * into nine lists of one, two or four: small tiles, and weights that are read again for each list.
 * Tap by tap, each weight is read once and serves 9 to 16 results. That decides with a single
 * picture, when the weights come from memory and take longer than the multiplications.
 */
final class TapWindows implements BlockedProduct.Windows {
  private final Correlation c;
  private final CpuStorage x;
  private final TileKernels tiles;

  /** Pairs (place of the tap in x, row of the block) of the results that see it, by taps. */
  private final int[][] pairs;

  TapWindows(Correlation c, Block block, CpuStorage x, TileKernels tiles) {
    this.c = c;
    this.x = x;
    this.tiles = tiles;
    Part part = c.parts.get(block.part());
    int cols = part.cols().taps();
    pairs = new int[part.taps()][];
    int[] list = new int[2 * block.rows()];
    for (int tap = 0; tap < pairs.length; tap++) {
      int count = collect(block, part, tap / cols, tap % cols, list);
      pairs[tap] = Arrays.copyOf(list, 2 * count);
    }
  }

  /** Tells whether this is a good way to read the results of a part. */
  static boolean suit(Part part, ResultOrder order) {
    return !order.byPlace() && part.taps() > 1 && part.pixels() <= Tiles.SMALL_MAP;
  }

  /** Lists the results of the block that see tap (r, s), and returns how many there are. */
  private static int collect(Block block, Part part, int r, int s, int[] list) {
    ResultOrder order = block.order();
    int count = 0;
    for (int i = block.begin(); i < block.end(); i++) {
      int line = i / order.length;
      int col = i - line * order.length;
      if (part.rows().reads(order.row(line), r) && part.cols().reads(col, s)) {
        list[2 * count] = order.inAt(line, r, s) + col * order.inStep;
        list[2 * count + 1] = i - block.begin();
        count++;
      }
    }
    return count;
  }

  @Override
  public void addProduct(int group, PanelWeights weights, float[] sums) {
    int channels = c.inGroup();
    int piece = Tiles.piece(channels);
    for (int tap = 0; tap < pairs.length; tap++) {
      for (int k = 0; k < channels; k += piece) {
        weights.multiply(
            tiles,
            pairs[tap],
            0,
            pairs[tap].length / 2,
            1,
            Math.min(piece, channels - k),
            x.array,
            x.offset + group * channels + k,
            0,
            tap * channels + k,
            0,
            sums);
      }
    }
  }
}
