package dev.thumbnet.data.image.jpeg;

import java.util.Arrays;

/**
 * The samples of one row of MCUs, and the rows of pixels that become of them. There is never more
 * of a picture than that, beside the result.
 *
 * <p>If pixels need samples above and below, the last row of pixels waits for the next stripe; of
 * each component the last row of samples is kept for it, as row 0. Row j of a component with n rows
 * in a stripe is in stripe r the row r n + j − 1 of the picture. Belongs to one thread.
 */
final class Stripe {
  private final Frame frame;
  private final JpegWindow window;
  private final Component[] components;
  private final Colours colours;
  private final byte[] out;
  private final Idct whole = new Idct();
  private final ReducedIdct reduced = new ReducedIdct();

  // By component.
  private final Upsampling[] upsampling;
  private final int[][][] samples;
  private final int[][] factors;
  private final int[] firstColumn;
  private final int[] endColumn;
  private final int[][] rows;

  /** 1 if the last row of pixels waits for the next stripe. */
  private final int late;

  Stripe(Frame frame, JpegWindow window, Colours.Kind kind) {
    this.frame = frame;
    this.window = window;
    this.components = frame.components;
    this.colours = new Colours(kind, window.left(), window.right());
    this.out = new byte[3 * window.width() * window.height()];
    int count = components.length;
    upsampling = new Upsampling[count];
    samples = new int[count][][];
    factors = new int[count][];
    firstColumn = new int[count];
    endColumn = new int[count];
    rows = new int[count][];
    boolean waits = false;
    for (int i = 0; i < count; i++) {
      Component component = components[i];
      upsampling[i] = new Upsampling(frame, component);
      waits |= upsampling[i].needsNeighbours();
      int width = component.paddedAcross * component.size;
      samples[i] = new int[1 + component.down * component.size][width];
      factors[i] = component.quantisation();
      int ratio = frame.ratioAcross(component);
      int first = Math.max(0, window.left() / ratio - 1);
      int last = (window.right() - 1) / ratio + 1;
      firstColumn[i] = first / component.size;
      endColumn[i] = Math.min(component.blocksAcross, last / component.size + 1);
    }
    late = waits ? 1 : 0;
  }

  /** The first row of MCUs that is needed. */
  int first() {
    return Math.max(0, window.top() - late) / frame.rows();
  }

  /** The last row of MCUs that is needed. */
  int last() {
    return Math.min(frame.mcusDown() - 1, (window.bottom() - 1 + late) / frame.rows());
  }

  int firstColumn(Component component) {
    return firstColumn[component.index];
  }

  int endColumn(Component component) {
    return endColumn[component.index];
  }

  /**
   * Transforms a block of this row of MCUs, if it is needed.
   *
   * @param row in which row of the component's blocks within the MCU it is
   * @param column in which column of all its blocks
   * @param in has the coefficients
   * @param base where they begin
   * @param ac whether there may be others than DC
   */
  void put(Component component, int row, int column, short[] in, int base, boolean ac) {
    int i = component.index;
    if (column < firstColumn[i] || column >= endColumn[i]) {
      return;
    }
    int size = component.size;
    int top = 1 + row * size;
    int left = column * size;
    int[] table = factors[i];
    if (!ac || size == 1) {
      int value = Idct.flat(in[base] * table[0]);
      for (int y = top; y < top + size; y++) {
        Arrays.fill(samples[i][y], left, left + size, value);
      }
    } else if (size == Component.SIDE) {
      whole.transform(in, base, table, samples[i], top, left);
    } else if (size == 4) {
      reduced.toFour(in, base, table, samples[i], top, left);
    } else {
      reduced.toTwo(in, base, table, samples[i], top, left);
    }
  }

  /** Makes pixels of a row of MCUs, all of whose blocks were put. */
  void finish(int mcuRow) {
    int height = frame.rows();
    int begin = Math.max(window.top(), mcuRow * height - late);
    boolean bottom = mcuRow == frame.mcusDown() - 1;
    int end = Math.min(window.bottom(), (mcuRow + 1) * height - (bottom ? 0 : late));
    for (int y = begin; y < end; y++) {
      for (int i = 0; i < components.length; i++) {
        rows[i] = pixels(i, mcuRow, y);
      }
      colours.make(rows, out, 3 * window.width() * (y - window.top()));
    }
    for (int i = 0; i < late * components.length; i++) {
      int[] kept = samples[i][samples[i].length - 1];
      System.arraycopy(kept, 0, samples[i][0], 0, kept.length);
    }
  }

  /** Makes a row of pixels of a component, or finds it. */
  private int[] pixels(int i, int mcuRow, int y) {
    Component component = components[i];
    Upsampling up = upsampling[i];
    int ratio = frame.ratioDown(component);
    int near = y / ratio;
    boolean upper = y % ratio == 0;
    int other =
        up.needsNeighbours()
            ? Math.clamp(near + (upper ? -1 : 1), 0, component.sampleHeight - 1)
            : near;
    int first = mcuRow * component.down * component.size - 1;
    int[][] in = samples[i];
    return up.make(in[near - first], in[other - first], upper, window.left(), window.right());
  }

  /** The pixels, when all rows of MCUs are finished. */
  byte[] pixels() {
    return out;
  }
}
