package dev.thumbnet.engine.backend.cpu.conv;

import dev.thumbnet.engine.backend.cpu.conv.BlockedProduct.Block;
import dev.thumbnet.engine.backend.cpu.conv.Direction.Part;
import dev.thumbnet.engine.backend.cpu.kernel.TileKernels;
import dev.thumbnet.engine.backend.cpu.kernel.Tiles;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import java.util.Arrays;

/**
 * The windows of a block of results of a small map, kernel element by kernel element: the results
 * for which one lies in the picture are multiplied by its weights, then comes the next.
 *
 * <p>Sorted by the kernel elements that they share (see {@link PixelRuns}), the 16 results of a 4 x
 * 4 map fall into nine lists of one, two or four: small tiles, and weights that are read again for
 * each list. Element by element, each weight is read once and serves 9 to 16 results. That decides
 * with a single picture, when the weights come from memory and take longer than the
 * multiplications.
 */
final class KernelElementWindows implements BlockedProduct.Windows {
  private final Direction c;
  private final CpuStorage x;
  private final TileKernels tiles;

  /**
   * Pairs (place of the kernel element in x, row of the block) of the results that see it, by
   * element.
   */
  private final int[][] pairs;

  KernelElementWindows(Direction c, Block block, CpuStorage x, TileKernels tiles) {
    this.c = c;
    this.x = x;
    this.tiles = tiles;
    Part part = c.parts.get(block.part());
    int cols = part.cols().elements();
    pairs = new int[part.elements()][];
    int[] list = new int[2 * block.rows()];
    for (int element = 0; element < pairs.length; element++) {
      int count = collect(block, part, element / cols, element % cols, list);
      pairs[element] = Arrays.copyOf(list, 2 * count);
    }
  }

  /** Tells whether this is a good way to read the results of a part. */
  static boolean suit(Part part, ResultOrder order) {
    return !order.byPlace() && part.elements() > 1 && part.pixels() <= Tiles.SMALL_MAP;
  }

  /**
   * Lists the results of the block that see kernel element (r, s), and returns how many there are.
   */
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
  public void addProduct(int group, PanelWeights weights, float[] sums, int sumBase, int sumStep) {
    int channels = c.inGroup();
    int piece = Tiles.piece(channels);
    for (int element = 0; element < pairs.length; element++) {
      for (int k = 0; k < channels; k += piece) {
        weights.multiply(
            tiles,
            pairs[element],
            0,
            pairs[element].length / 2,
            1,
            Math.min(piece, channels - k),
            x.array,
            x.offset + group * channels + k,
            0,
            element * channels + k,
            0,
            sums,
            sumBase,
            sumStep);
      }
    }
  }
}
