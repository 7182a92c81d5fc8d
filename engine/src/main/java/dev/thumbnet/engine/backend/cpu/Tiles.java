package dev.thumbnet.engine.backend.cpu;

import java.util.ArrayList;
import java.util.List;

/**
 * The sizes of register tiles and blocks, with the reasons.
 *
 * <p><b>Registers.</b> A tile of r rows and v vectors keeps r·v sums, v vectors of B and one
 * broadcast of A in registers, and does r·v multiply-adds for r + v loads. With 32 registers
 * (AVX-512, NEON) 6x4 fits and needs one load per 2.4 multiply-adds; with 16 (AVX2, SSE) 6x2 fits.
 * Narrower panels of 2 and 1 vectors serve the rest of the channels, so that 16, 32, 48 or 80
 * channels waste nothing. Six rows also divide 3·2ⁿ, the length of a row of a 3x3 kernel.
 *
 * <p><b>Remaining rows.</b> Tiles of 6, 4 and 1 rows make every even number above 2 without single
 * rows, for example 64 = 10·6 + 4.
 *
 * <p><b>Caches.</b> A panel of B streams from L2 (10 bytes a cycle of about 30 that it gives), a
 * block of results of at most 24 KB stays in L1.
 */
public final class Tiles {
  /** Rows of the largest tile. */
  public static final int ROWS = 6;

  /** Results per block: 24 KB. */
  private static final int BLOCK = 6 * 1024;

  /**
   * A run of at most this length of the sum goes through one tile call. 1024 steps of a panel of 64
   * floats are 256 KB, which stay in L2 while all tiles of a block use them.
   */
  static final int LONGEST_RUN = 1024;

  private Tiles() {}

  /** Returns the rows of the next tile when {@code left} rows are left: 6, 4 or 1. */
  public static int nextRows(int left) {
    if (left >= ROWS && left != 8 && left != 9) {
      return ROWS;
    }
    return left >= 4 ? 4 : 1;
  }

  /** Returns the vectors of the widest panel for a vector width, on this machine. */
  public static int widestPanel(int lanes) {
    boolean manyRegisters = lanes == 16 || System.getProperty("os.arch").equals("aarch64");
    return manyRegisters ? 4 : 2;
  }

  /** Returns into how many rows of results of a panel width a problem is cut. */
  static int blockRows(int width) {
    return BLOCK / width;
  }

  /**
   * Channels [start, start + valid) in a panel of {@code width} lanes, of which the last may be
   * empty.
   */
  record Panel(int start, int valid, int width) {}

  /** Covers {@code channels} channels with panels, as wide as possible, with little waste. */
  static List<Panel> panels(int channels, int[] widths) {
    List<Panel> panels = new ArrayList<>();
    int narrowest = widths[widths.length - 1];
    for (int start = 0; start < channels; ) {
      int left = channels - start;
      int padded = (left + narrowest - 1) / narrowest * narrowest;
      int width = narrowest;
      for (int w : widths) {
        if (w <= padded) {
          width = w;
          break;
        }
      }
      int valid = Math.min(left, width);
      panels.add(new Panel(start, valid, width));
      start += valid;
    }
    return panels;
  }
}
