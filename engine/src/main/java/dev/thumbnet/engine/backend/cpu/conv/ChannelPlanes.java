package dev.thumbnet.engine.backend.cpu.conv;

import dev.thumbnet.engine.backend.cpu.conv.Direction.Part;
import dev.thumbnet.engine.backend.cpu.kernel.GroupKernels;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The inputs of a convolution as lanes need them that run along the output channels of several
 * groups. For a block of as many output channels as a vector has lanes, a row of the input becomes
 * planes: member i of each group, repeated for all outputs of the group. Depthwise, that is one
 * plane and a plain copy. Pixels of a plane are neighbours, whatever the number of channels, so
 * that kernels know all distances beforehand, and a frame of zeros makes all windows whole.
 *
 * <p><b>Ring.</b> Only as many rows are kept as a window is high: each row of the input is copied
 * into the place of the one that no window sees any more. Wide maps are cut into segments of
 * columns, so that the ring of a block stays in L1 on the way down. The array that holds it belongs
 * to the caller.
 */
public final class ChannelPlanes {
  /** Floats of a ring: 24 KB. */
  private static final int RING = 6 * 1024;

  /** Results of a tile; segments are multiples of it. */
  private static final int TILE = 4;

  /** Segments are not made narrower than two tiles for the sake of the ring. */
  private static final int NARROWEST = 8;

  /** Members of a group up to which repeating them one by one is worth it. */
  private static final int MOST_MEMBERS = 8;

  private final Direction c;
  private final SlidingWindow rows;
  private final SlidingWindow cols;
  private final CpuStorage x;
  private final GroupKernels kernels;
  private final int width;
  private final int members;

  /** Rows of the ring. */
  private final int height;

  /** Floats of a row of a plane. */
  private final int line;

  /** Columns [firstColumn, endColumn) of a plane lie in the picture, the others are zeros. */
  private final int firstColumn;

  private final int endColumn;

  /** Where the rows of a window and its members begin, by the place of the first in the ring. */
  private final int[][] places;

  private ChannelPlanes(
      Direction c, SlidingWindow rows, SlidingWindow cols, CpuStorage x, GroupKernels kernels) {
    this.c = c;
    this.rows = rows;
    this.cols = cols;
    this.x = x;
    this.kernels = kernels;
    width = kernels.width();
    members = c.inGroup();
    height = height(rows);
    int columns = (cols.count() - 1) * cols.inStep() + height(cols);
    line = columns * width;
    firstColumn = Math.clamp(-cols.inBase(), 0, columns);
    endColumn = Math.clamp(c.inW - cols.inBase(), firstColumn, columns);
    places = new int[height][rows.elements() * members];
    for (int first = 0; first < height; first++) {
      for (int i = 0; i < places[first].length; i++) {
        int row = (first + i / members * rows.elementStep()) % height;
        places[first][i] = (row * members + i % members) * line;
      }
    }
  }

  /**
   * Tells whether lanes of output channels of several groups are a good way to compute a direction.
   */
  public static boolean suit(Direction c, int width) {
    int in = c.inGroup();
    int out = c.outGroup();
    boolean equal = in == out && Integer.bitCount(in) == 1 && (in == 1 || 2 * in <= width);
    return c.groups > 1 && (equal || in == 1 && out < width || out == 1 && in <= MOST_MEMBERS);
  }

  /** Returns the planes of the results of a part, a segment of columns each. */
  public static List<ChannelPlanes> segments(
      Direction c, Part part, CpuStorage x, GroupKernels kernels) {
    SlidingWindow cols = part.cols();
    int column = height(part.rows()) * c.inGroup() * kernels.width();
    int most = (RING / column - height(cols)) / cols.inStep() + 1;
    int count = Math.ceilDiv(cols.count(), Math.max(NARROWEST, most));
    int length = Math.ceilDiv(Math.ceilDiv(cols.count(), count), TILE) * TILE;
    List<ChannelPlanes> segments = new ArrayList<>();
    for (int begin = 0; begin < cols.count(); begin += length) {
      SlidingWindow segment = cols.range(begin, Math.min(cols.count(), begin + length));
      segments.add(new ChannelPlanes(c, part.rows(), segment, x, kernels));
    }
    return segments;
  }

  private static int height(SlidingWindow axis) {
    return Math.max(1, (axis.elements() - 1) * axis.elementStep() + 1);
  }

  /** Returns the columns of the results. */
  public SlidingWindow columns() {
    return cols;
  }

  /** Returns the rows that the ring holds. */
  public int height() {
    return height;
  }

  /** Returns the floats of the ring. */
  public int size() {
    return height * members * line;
  }

  /** Returns where in the ring the rows of planes begin which result row m sees. */
  public int[] window(int m) {
    return places[Math.floorMod(rows.position(m, 0), height)];
  }

  /**
   * Copies what row m of the results of a block sees. For the first row of a strip that is all, and
   * the frame; afterwards what was not copied for the row before.
   */
  public void advance(int block, int picture, int m, boolean first, float[] ring) {
    int from = rows.position(m, 0);
    int stop = from + (rows.elements() - 1) * rows.elementStep() + 1;
    if (first) {
      Arrays.fill(ring, 0, size(), 0f);
    } else {
      from = Math.max(from, stop - rows.inStep());
    }
    for (int in = from; in < stop; in++) {
      copy(block, picture, in, ring);
    }
  }

  /** Copies a row of the input, or zeros if it is none. */
  private void copy(int block, int picture, int in, float[] ring) {
    int place = Math.floorMod(in, height) * members * line;
    if (in < 0 || in >= c.inH) {
      Arrays.fill(ring, place, place + members * line, 0f);
      return;
    }
    int from = x.offset + ((picture * c.inH + in) * c.inW + cols.inBase() + firstColumn) * c.inC;
    for (int i = 0; i < members; i++) {
      copyPlane(block * width, i, from, ring, place + i * line + firstColumn * width);
    }
  }

  private void copyPlane(int channel, int member, int from, float[] ring, int to) {
    int count = endColumn - firstColumn;
    int valid = Math.min(width, c.outC - channel);
    if (members != c.outGroup()) {
      repeat(count, channel, valid, member, from, ring, to);
    } else if (members == 1) {
      kernels.copy(count, valid, x.array, from + channel, c.inC, ring, to);
    } else {
      kernels.spread(count, valid, members, member, x.array, from + channel, c.inC, ring, to);
    }
  }

  /** Groups with other numbers of inputs than of outputs. */
  private void repeat(
      int count, int channel, int valid, int member, int from, float[] ring, int to) {
    for (int j = 0; j < valid; j++) {
      int p = from + (channel + j) / c.outGroup() * members + member;
      for (int m = 0; m < count; m++) {
        ring[to + m * width + j] = x.array[p + m * c.inC];
      }
    }
  }
}
