package dev.thumbnet.data.image.jpeg;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Estimates of coefficients that a progressive picture should have had and has not, as
 * libjpeg-turbo 2.1 makes them, so that a picture of few scans does not fall into squares (T.81,
 * K.8, extended from three by three blocks to five by five).
 *
 * <p>Let D be the DC of the block and those around it, at an edge that of the last block repeated,
 * and K_k a kernel of 25 weights. A coefficient k ≤ 9 that is zero, and some bits of which are
 * missing, becomes
 *
 * <pre>  ± (|q_0 Σ K_k D| + 128 q_k) / (256 q_k), rounded down, less than 2^a</pre>
 *
 * if only bits below 2^a are missing. If none of a component's coefficients came but DC, the
 * kernels are others, and DC itself is smoothed; if some came, only k ≤ 5 are estimated. The kernel
 * of the coefficient in row v and column u is that of row u and column v, transposed.
 */
final class Smoothing {
  /** Coefficients of which is known what is missing. */
  static final int KNOWN = 10;

  private static final int SIDE = 5;
  private static final int ESTIMATED = 5;
  private static final int FRACTION_BITS = 8;

  // By the order of storage: weights of the blocks around.
  private static final int[][] KERNELS = new int[ESTIMATED + 1][];
  private static final int[][] KERNELS_OF_DC = new int[KNOWN][];

  static {
    KERNELS[1] = inRow(2, -7, 50, 0, -50, 7);
    KERNELS[2] = transposed(KERNELS[1]);
    KERNELS[5] = inRow(2, -1, 13, -24, 13, -1);
    KERNELS[3] = transposed(KERNELS[5]);
    KERNELS[4] =
        new int[] {
          0, -1, 0, 1, 0, -1, 10, 0, -10, 1, 0, 0, 0, 0, 0, 1, -10, 0, 10, -1, 0, 1, 0, -1, 0
        };
    KERNELS_OF_DC[0] =
        new int[] {
          -2, -6, -8, -6, -2, -6, 6, 42, 6, -6, -8, 42, 152, 42, -8, -6, 6, 42, 6, -6, -2, -6, -8,
          -6, -2
        };
    KERNELS_OF_DC[1] =
        new int[] {
          -1, -1, 0, 1, 1, -3, 13, 0, -13, 3, -3, 38, 0, -38, 3, -3, 13, 0, -13, 3, -1, -1, 0, 1, 1
        };
    KERNELS_OF_DC[2] = transposed(KERNELS_OF_DC[1]);
    KERNELS_OF_DC[3] =
        new int[] {0, 0, 1, 0, 0, 0, 2, 7, 2, 0, 0, -5, -14, -5, 0, 0, 2, 7, 2, 0, 0, 0, 1, 0, 0};
    KERNELS_OF_DC[5] = transposed(KERNELS_OF_DC[3]);
    KERNELS_OF_DC[4] =
        new int[] {-1, 0, 0, 0, 1, 0, 9, 0, -9, 0, 0, 0, 0, 0, 0, 0, -9, 0, 9, 0, 1, 0, 0, 0, -1};
    KERNELS_OF_DC[6] =
        new int[] {0, 0, 0, 0, 0, 0, 1, 0, -1, 0, 0, 2, 0, -2, 0, 0, 1, 0, -1, 0, 0, 0, 0, 0, 0};
    KERNELS_OF_DC[9] = transposed(KERNELS_OF_DC[6]);
    KERNELS_OF_DC[7] =
        new int[] {0, 0, 0, 0, 0, 0, 1, -3, 1, 0, 0, 0, 0, 0, 0, 0, -1, 3, -1, 0, 0, 0, 0, 0, 0};
    KERNELS_OF_DC[8] = transposed(KERNELS_OF_DC[7]);
  }

  private final Frame frame;

  /** By component: whether DC is all that came. */
  private final boolean[] onlyDc;

  private final short[] block = new short[Component.BLOCK];
  private final int[] around = new int[SIDE * SIDE];

  private Smoothing(Frame frame) {
    this.frame = frame;
    onlyDc = new boolean[frame.components.length];
    for (Component component : frame.components) {
      onlyDc[component.index] =
          Arrays.stream(component.missing, 1, KNOWN).allMatch(bits -> bits < 0);
    }
  }

  private static int[] inRow(int row, int... weights) {
    int[] kernel = new int[SIDE * SIDE];
    System.arraycopy(weights, 0, kernel, SIDE * row, SIDE);
    return kernel;
  }

  private static int[] transposed(int[] kernel) {
    int[] out = new int[SIDE * SIDE];
    for (int i = 0; i < out.length; i++) {
      out[i] = kernel[SIDE * (i % SIDE) + i / SIDE];
    }
    return out;
  }

  /** The estimates of a picture whose scans are all read, or null if it needs none. */
  static @Nullable Smoothing of(Frame frame) {
    boolean useful = false;
    for (Component component : frame.components) {
      int[] factors = component.quantisation();
      for (int k = 0; k < KNOWN; k++) {
        if (factors[Segments.NATURAL_ORDER[k]] == 0) {
          return null;
        }
        useful |= k > 0 && component.missing[k] != 0;
      }
      if (component.missing[0] < 0) {
        return null;
      }
    }
    return useful && frame.progressive ? new Smoothing(frame) : null;
  }

  /**
   * Copies a block and estimates what it lacks.
   *
   * @return the copy, until the next call
   */
  short[] estimated(Component component, int row, int column) {
    short[] in = component.coefficients();
    System.arraycopy(in, component.place(row, column), block, 0, Component.BLOCK);
    look(component, row, column, in);
    int[] missing = component.missing;
    int[] factors = component.quantisation();
    boolean smoothDc = onlyDc[component.index];
    int[][] kernels = smoothDc ? KERNELS_OF_DC : KERNELS;
    for (int k = 1; k < kernels.length; k++) {
      int at = Segments.NATURAL_ORDER[k];
      if (missing[k] != 0 && block[at] == 0) {
        int most = missing[k] < 0 ? Integer.MAX_VALUE : (1 << missing[k]) - 1;
        block[at] = estimate(kernels[k], factors[0], factors[at], most);
      }
    }
    if (smoothDc) {
      block[0] = estimate(KERNELS_OF_DC[0], factors[0], factors[0], Integer.MAX_VALUE);
    }
    return block;
  }

  /** Fetches the DC of the blocks around. */
  private void look(Component component, int row, int column, short[] in) {
    int mcuRow = row / component.down;
    int within = row % component.down;
    int below = frame.mcusDown() - 1 - mcuRow;
    int rows = below == 0 ? component.blocksDown - mcuRow * component.down : component.down;
    int up = reach(mcuRow, within);
    int down = reach(below, rows - 1 - within);
    int end = component.blocksAcross;
    // If there are but two columns, what lies right of them is for libjpeg-turbo 2.1 the first one.
    int beyond = end == 2 ? 0 : end - 1;
    for (int i = 0; i < around.length; i++) {
      int y = row + Math.clamp(i / SIDE - 2, -up, down);
      int x = column + i % SIDE - 2;
      x = x < end ? Math.max(0, x) : beyond;
      around[i] = in[component.place(y, x)];
    }
  }

  /** How many rows of blocks libjpeg looks up or down: two, or one if they are in the next MCU. */
  private static int reach(int mcus, int blocks) {
    return mcus > 1 || blocks > 1 ? 2 : Math.min(1, mcus + blocks);
  }

  private short estimate(int[] kernel, int factorOfDc, int factor, int most) {
    long sum = 0;
    for (int i = 0; i < kernel.length; i++) {
      sum += kernel[i] * around[i];
    }
    long all = Math.abs(factorOfDc * sum);
    long half = (long) factor << FRACTION_BITS - 1;
    long size = Math.min(most, (half + all) / ((long) factor << FRACTION_BITS));
    return (short) (sum < 0 ? -size : size);
  }
}
