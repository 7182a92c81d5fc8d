package dev.thumbnet.engine.backend.cpu;

import dev.thumbnet.engine.backend.cpu.Axis.Interval;
import dev.thumbnet.engine.backend.cpu.Correlation.Part;
import java.util.List;

/**
 * For a block of results, which of them see which taps, and where in the input: the "indirect" half
 * of an indirect matrix product.
 *
 * <p>Results of one interval of columns see the same taps of a kernel row, which in NHWC are one
 * run of (taps · channels) neighbouring floats. So for each kernel row and interval there is a list
 * of (where the run begins, which row of the block it adds to). Results whose kernel row lies in
 * the padding are not in the list: padding is neither stored nor multiplied.
 *
 * <p>If all results of the block see all kernel rows, the lists of the first row serve for all, a
 * constant distance apart.
 */
final class PixelRuns {
  private final Correlation c;
  private final Part part;
  private final List<Interval> intervals;
  private final int begin;
  private final int end;
  private final boolean uniform;
  private final int[] pairs;
  private final int[] bounds;

  /**
   * @param begin first result of the block, counted over (picture, row, column) of the part
   * @param end end of the block
   */
  PixelRuns(Correlation c, Part part, List<Interval> intervals, int begin, int end) {
    this.c = c;
    this.part = part;
    this.intervals = intervals;
    this.begin = begin;
    this.end = end;
    uniform = allRowsSeeAllTaps();
    int lists = uniform ? Math.min(1, part.rows().taps()) : part.rows().taps();
    pairs = new int[2 * (end - begin) * lists];
    bounds = new int[lists * intervals.size() + 1];
    int at = 0;
    for (int r = 0; r < lists; r++) {
      for (int i = 0; i < intervals.size(); i++) {
        at = collect(r, intervals.get(i), at);
        bounds[r * intervals.size() + i + 1] = at;
      }
    }
  }

  private boolean allRowsSeeAllTaps() {
    Axis rows = part.rows();
    int width = part.cols().count();
    for (int q = begin / width; q <= (end - 1) / width; q++) {
      int m = q % rows.count();
      if (rows.firstTap(m) != 0 || rows.endTap(m) != rows.taps()) {
        return false;
      }
    }
    return true;
  }

  /** Appends the results of an interval that see kernel row r. */
  private int collect(int r, Interval interval, int from) {
    Axis rows = part.rows();
    Axis cols = part.cols();
    int width = cols.count();
    int at = from;
    for (int q = begin / width; q <= (end - 1) / width; q++) {
      int m = q % rows.count();
      if (!rows.reads(m, r)) {
        continue;
      }
      int first = Math.max(interval.begin(), begin - q * width);
      int last = Math.min(interval.end(), end - q * width);
      int line = (q / rows.count() * c.inH + rows.position(m, r)) * c.inW;
      int offset = (line + cols.position(first, interval.firstTap())) * c.inC;
      int row = q * width + first - begin;
      for (int x = first; x < last; x++) {
        pairs[at++] = offset;
        pairs[at++] = row++;
        offset += cols.inStep() * c.inC;
      }
    }
    return at;
  }

  /** Returns pairs (offset, row of the block). */
  int[] pairs() {
    return pairs;
  }

  /** Returns where the list of kernel row r and interval i begins in {@link #pairs}. */
  int listBegin(int r, int i) {
    return bounds[(uniform ? 0 : r) * intervals.size() + i];
  }

  /** Returns how many pairs the list has. */
  int listLength(int r, int i) {
    int list = (uniform ? 0 : r) * intervals.size() + i;
    return (bounds[list + 1] - bounds[list]) / 2;
  }

  /** Returns what to add to the offsets of the list of kernel row r. */
  int shift(int r) {
    return uniform ? r * part.rows().tapStep() * c.inW * c.inC : 0;
  }
}
