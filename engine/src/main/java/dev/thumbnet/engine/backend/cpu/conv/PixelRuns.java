package dev.thumbnet.engine.backend.cpu.conv;

import dev.thumbnet.engine.backend.cpu.conv.BlockedProduct.Block;
import dev.thumbnet.engine.backend.cpu.conv.Direction.Part;
import dev.thumbnet.engine.backend.cpu.conv.SlidingWindow.Interval;
import dev.thumbnet.engine.backend.cpu.kernel.TileKernels;
import dev.thumbnet.engine.backend.cpu.kernel.Tiles;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import java.util.List;

/**
 * The windows of a block of results, read from the picture in place: for each result it is known
 * where its window begins. (This is the "indirect" half of an indirect matrix product.)
 *
 * <p>At the borders only some kernel elements of a window lie in the picture. Results whose windows
 * are cut in the same way, those of one interval of rows and one of columns, go together, and only
 * the kernel elements that they have are multiplied: padding is neither stored nor computed. In
 * NHWC the kernel elements of a kernel row are one run of (kernel elements · channels) neighbouring
 * floats.
 */
final class PixelRuns implements BlockedProduct.Windows {
  /** Intervals of results with the same kernel elements, by rows and by columns. */
  record Cuts(List<Interval> rows, List<Interval> cols) {
    static Cuts of(Part part) {
      return new Cuts(part.rows().intervals(), part.cols().intervals());
    }
  }

  private final Direction c;
  private final Part part;
  private final Cuts cuts;
  private final CpuStorage x;
  private final TileKernels tiles;
  private final int begin;
  private final int end;

  /** Pairs (where the window begins in x, row of the block), by intervals. */
  private final int[] pairs;

  /** Where the pairs of (row interval, column interval) begin. */
  private final int[] bounds;

  PixelRuns(Direction c, Block block, Cuts cuts, CpuStorage x, TileKernels tiles) {
    this.c = c;
    this.part = c.parts.get(block.part());
    this.cuts = cuts;
    this.x = x;
    this.tiles = tiles;
    this.begin = block.begin();
    this.end = block.end();
    pairs = new int[2 * block.rows()];
    bounds = new int[cuts.rows.size() * cuts.cols.size() + 1];
    int at = 0;
    int list = 0;
    for (Interval rows : cuts.rows) {
      for (Interval cols : cuts.cols) {
        at = collect(block.order(), rows, cols, at);
        bounds[++list] = at;
      }
    }
  }

  /** Appends the results of the block in an interval of rows and columns. */
  private int collect(ResultOrder order, Interval rows, Interval cols, int from) {
    int length = order.length;
    int at = from;
    for (int line = begin / length; line * length < end; line++) {
      int first = Math.max(0, begin - line * length);
      int last = Math.min(length, end - line * length);
      if (order.byPlace()) {
        if (!cols.contains(order.col(line))) {
          continue;
        }
      } else {
        first = Math.max(first, cols.begin());
        last = Math.min(last, cols.end());
      }
      if (!rows.contains(order.row(line))) {
        continue;
      }
      int offset =
          order.inAt(line, rows.firstElement(), cols.firstElement()) + first * order.inStep;
      int row = line * length + first - begin;
      for (int i = first; i < last; i++) {
        pairs[at++] = offset;
        pairs[at++] = row++;
        offset += order.inStep;
      }
    }
    return at;
  }

  @Override
  public void addProduct(int group, PanelWeights weights, float[] sums, int sumBase, int sumStep) {
    int list = 0;
    for (Interval rows : cuts.rows) {
      for (Interval cols : cuts.cols) {
        if (bounds[list] < bounds[list + 1]) {
          addList(list, rows, cols, group, weights, sums, sumBase, sumStep);
        }
        list++;
      }
    }
  }

  private void addList(
      int list,
      Interval rows,
      Interval cols,
      int group,
      PanelWeights weights,
      float[] sums,
      int sumBase,
      int sumStep) {
    int channels = c.inGroup();
    int from = x.offset + group * channels;
    int element = (rows.firstElement() * part.cols().elements() + cols.firstElement()) * channels;
    int seen = cols.endElement() - cols.firstElement();
    if (part.cols().elementStep() == 1 && c.groups == 1) {
      addRows(list, rows, from, seen * channels, weights, element, sums, sumBase, sumStep);
      return;
    }
    // Something lies between the kernel elements of a kernel row: one at a time.
    for (int s = 0; s < seen; s++) {
      int at = from + s * part.cols().elementStep() * c.inC;
      addRows(list, rows, at, channels, weights, element + s * channels, sums, sumBase, sumStep);
    }
  }

  /** Adds runs of {@code length} floats in each kernel row, not more in a call than L2 can hold. */
  private void addRows(
      int list,
      Interval rows,
      int from,
      int length,
      PanelWeights weights,
      int element,
      float[] sums,
      int sumBase,
      int sumStep) {
    int aStep = part.rows().elementStep() * c.inW * c.inC;
    int kernelRow = part.cols().elements() * c.inGroup();
    int piece = Tiles.piece(length);
    int rowsAtOnce = Math.max(1, Tiles.LONGEST_SUM / length);
    int elements = rows.endElement() - rows.firstElement();
    for (int r = 0; r < elements; r += rowsAtOnce) {
      for (int k = 0; k < length; k += piece) {
        weights.multiply(
            tiles,
            pairs,
            bounds[list],
            (bounds[list + 1] - bounds[list]) / 2,
            Math.min(rowsAtOnce, elements - r),
            Math.min(piece, length - k),
            x.array,
            from + r * aStep + k,
            aStep,
            element + r * kernelRow + k,
            kernelRow,
            sums,
            sumBase,
            sumStep);
      }
    }
  }
}
