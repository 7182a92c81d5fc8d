package dev.thumbnet.engine.backend.cpu.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * The sizes of register tiles and blocks, with the reasons.
 *
 * <p><b>Registers.</b> A tile of r rows and v vectors keeps r·v sums, v vectors of B and two
 * broadcasts of A in registers, and does r·v multiply-adds for r + v loads. With 32 vector
 * registers (AVX-512, NEON) panels are four vectors wide: 6x4 tiles need one load for 2.4
 * multiply-adds. With 16 (AVX2) they are two wide: 5x2 needs one for 1.4. The budget, which C2's
 * machine code decides, stands in the generator of the tiles. Narrower panels of two and one
 * vectors (8x1) serve the rest of the channels, so that 16, 32, 48 or 80 channels waste nothing.
 *
 * <p><b>Remaining rows.</b> Tiles of 6, 5 and 4 rows make every number above 3 but 7, of 5 and 4
 * every number above 11, for example 64 = 10·6 + 4 = 12·5 + 4; single rows make the rest.
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
   * At most this much of a sum goes through one tile call. 1152 steps (three kernel rows of 3x128)
   * of a panel of 64 floats are 288 KB, which stay in L2 while all tiles of a block use them.
   */
  public static final int LONGEST_SUM = 1152;

  /** Returns the length of the pieces of a long sum; even, because bytes may be packed in twos. */
  public static int piece(int length) {
    int piece = Math.ceilDiv(length, Math.ceilDiv(length, LONGEST_SUM));
    return piece + piece % 2;
  }

  /** Pixels of a map up to which the batch is the inner loop, because lines are too short. */
  public static final int SMALL_MAP = 100;

  private Tiles() {}

  /**
   * Returns the rows of the next tile when {@code left} rows are left: {@code most}, or 5 instead
   * of 6, or 4 or 1.
   *
   * @param most rows of the largest tile: 4, 5, 6 or 8
   */
  public static int nextRows(int left, int most) {
    boolean onlyFours =
        switch (most) {
          case 5 -> left == 8 || left == 12 || left == 16;
          case 6 -> left == 8;
          default -> false;
        };
    if (most == 6 && (left == 5 || left == 9 || left == 13)) {
      return 5;
    }
    if (left >= most && !onlyFours) {
      return most;
    }
    return left >= 4 ? 4 : 1;
  }

  /** Returns the vectors of the widest panel for a vector width, on this machine. */
  public static int widestPanel(int lanes) {
    boolean manyRegisters = lanes == 16 || System.getProperty("os.arch").equals("aarch64");
    return manyRegisters ? 4 : 2;
  }

  /** Returns into how many rows of results of {@code width} floats a problem is cut. */
  public static int blockRows(int width) {
    return BLOCK / width;
  }

  /**
   * Channels [start, start + valid) in a panel of {@code width} lanes, of which the last may be
   * empty.
   */
  public record Panel(int start, int valid, int width) {}

  /**
   * Neighbouring panels whose results are worked out one after the other and stored together, so
   * that each pixel of the results is visited once for all of their channels: with narrow panels it
   * would be once for each cache line, and stores to memory that far apart take as long as a short
   * sum.
   *
   * @param first index of the first panel
   * @param end index of the first one behind
   * @param start first channel
   * @param valid channels
   * @param width lanes of all panels, of which the last may be empty
   */
  public record PanelGroup(int first, int end, int start, int valid, int width) {}

  /** Floats of a row of results of a group of panels, unless a single one has more. */
  private static final int GROUP_WIDTH = 64;

  /** Groups panels. */
  public static List<PanelGroup> groups(List<Panel> panels) {
    List<PanelGroup> groups = new ArrayList<>();
    for (int i = 0; i < panels.size(); ) {
      int first = i;
      int valid = 0;
      int width = 0;
      do {
        valid += panels.get(i).valid();
        width += panels.get(i).width();
        i++;
      } while (i < panels.size() && width + panels.get(i).width() <= GROUP_WIDTH);
      groups.add(new PanelGroup(first, i, panels.get(first).start(), valid, width));
    }
    return groups;
  }

  /** Covers {@code channels} channels with panels, as wide as possible, with little waste. */
  public static List<Panel> panels(int channels, int[] widths) {
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
