package dev.thumbnet.data.image;

import java.util.Arrays;

/**
 * Changes the size of pictures with an antialiasing filter, a horizontal pass before a vertical
 * one.
 *
 * <p>The result is bit for bit that of Pillow's {@code Image.resize} (filters BILINEAR and BICUBIC,
 * also with {@code box}): weights are rounded to 22 fractional bits and both passes round and clamp
 * to 8 bits. So a network trained on pictures prepared by torchvision sees the same numbers here.
 *
 * <p>All methods are pure functions and thread-safe.
 */
public final class Resampler {
  /** 32 bits less 8 of the samples, less 2 because weights may add up to more than one. */
  private static final int PRECISION_BITS = 32 - 8 - 2;

  private static final int HALF = 1 << (PRECISION_BITS - 1);

  /**
   * A part of a picture in pixels, with fractions allowed: from the left and top edge (included) to
   * the right and bottom edge.
   *
   * @param left at least 0
   * @param top at least 0
   * @param right more than {@code left}
   * @param bottom more than {@code top}
   */
  public record Box(float left, float top, float right, float bottom) {
    /**
     * Checks the order of the edges.
     *
     * @throws IllegalArgumentException if the box is empty or starts before 0
     */
    public Box {
      if (!(left >= 0 && top >= 0 && right > left && bottom > top)) {
        throw new IllegalArgumentException(
            "the box must start at 0 or later and not be empty: left "
                + left
                + ", top "
                + top
                + ", right "
                + right
                + ", bottom "
                + bottom);
      }
    }
  }

  private Resampler() {}

  /**
   * The whole picture in another size.
   *
   * @param width wanted width, at least 1
   * @param height wanted height, at least 1
   */
  public static RgbImage resize(RgbImage image, int width, int height, ResampleFilter filter) {
    return resize(image, new Box(0, 0, image.width(), image.height()), width, height, filter);
  }

  /**
   * A part of the picture in another size. Near the edges of the box the filter also looks at
   * pixels outside of it; to exclude them, {@link RgbImage#crop} first, as torchvision does.
   *
   * @param width wanted width, at least 1
   * @param height wanted height, at least 1
   * @throws IllegalArgumentException if the box leaves the picture or a size is not positive
   */
  public static RgbImage resize(
      RgbImage image, Box box, int width, int height, ResampleFilter filter) {
    return resize(image, box, width, height, filter, new Part(0, 0, width, height));
  }

  /**
   * A rectangle of the whole picture in another size: that of {@link #resize(RgbImage, int, int,
   * ResampleFilter)} without the work for the rest. The whole may be larger than a picture can be.
   *
   * @param width width that the whole would have, at least 1
   * @param height height that the whole would have, at least 1
   * @param left first column of the rectangle
   * @param top first row of the rectangle
   * @param w width of the rectangle
   * @param h height of the rectangle
   * @throws IllegalArgumentException if the rectangle is empty or leaves the resized picture
   */
  public static RgbImage resizePart(
      RgbImage image,
      long width,
      long height,
      ResampleFilter filter,
      long left,
      long top,
      int w,
      int h) {
    if (left < 0 || top < 0 || w < 1 || h < 1 || w > width - left || h > height - top) {
      throw new IllegalArgumentException(
          w + "x" + h + " pixels at (" + left + ", " + top + ") leave " + width + "x" + height);
    }
    Box whole = new Box(0, 0, image.width(), image.height());
    return resize(image, whole, width, height, filter, new Part(left, top, w, h));
  }

  /** What of the result is wanted. */
  private record Part(long left, long top, int width, int height) {}

  private static RgbImage resize(
      RgbImage image, Box box, long width, long height, ResampleFilter filter, Part part) {
    int w = image.width();
    int h = image.height();
    if (box.right > w || box.bottom > h) {
      throw new IllegalArgumentException(box + " leaves " + image);
    }
    boolean horizontal = width != w || box.left != 0 || box.right != w;
    boolean vertical = height != h || box.top != 0 || box.bottom != h;
    if (!horizontal && !vertical) {
      return image.crop((int) part.left, (int) part.top, part.width, part.height);
    }
    PillowTaps rows = new PillowTaps(h, box.top, box.bottom, height, filter, part.top, part.height);
    int last = part.height - 1;
    int firstRow = vertical ? rows.first(0) : (int) part.top;
    int endRow = vertical ? rows.first(last) + rows.count(last) : firstRow + part.height;
    checkFits(part.width, Math.max(part.height, endRow - firstRow));
    int[] lines = new int[3 * part.width * (endRow - firstRow)];
    if (horizontal) {
      PillowTaps columns =
          new PillowTaps(w, box.left, box.right, width, filter, part.left, part.width);
      horizontalPass(image, firstRow, columns, lines);
    } else {
      widen(image.crop((int) part.left, firstRow, part.width, endRow - firstRow).data(), lines);
    }
    byte[] out = new byte[3 * part.width * part.height];
    if (vertical) {
      verticalPass(lines, firstRow, 3 * part.width, rows, out);
    } else {
      narrow(lines, out);
    }
    return new RgbImage(part.width, part.height, out);
  }

  private static void checkFits(int width, int height) {
    if (3L * width * height > Integer.MAX_VALUE - 16) {
      throw new IllegalArgumentException(width + "x" + height + " pixels are more than fit");
    }
  }

  /** Rows from {@code firstRow} on become lines of {@code columns.outSize()} pixels. */
  private static void horizontalPass(
      RgbImage image, int firstRow, PillowTaps columns, int[] lines) {
    byte[] in = image.data();
    int[][] weights = fixedPoint(columns);
    int stride = 3 * image.width();
    int row = stride * firstRow;
    for (int o = 0; o < lines.length; row += stride) {
      for (int x = 0; x < weights.length; x++, o += 3) {
        int[] weight = weights[x];
        int i = row + 3 * columns.first(x);
        int red = HALF;
        int green = HALF;
        int blue = HALF;
        for (int k : weight) {
          red += (in[i] & 0xFF) * k;
          green += (in[i + 1] & 0xFF) * k;
          blue += (in[i + 2] & 0xFF) * k;
          i += 3;
        }
        lines[o] = clamp(red);
        lines[o + 1] = clamp(green);
        lines[o + 2] = clamp(blue);
      }
    }
  }

  /** Simple loops along whole lines, which the JVM turns into SIMD code. */
  private static void verticalPass(
      int[] lines, int firstRow, int stride, PillowTaps rows, byte[] out) {
    int[][] weights = fixedPoint(rows);
    int[] sums = new int[stride];
    for (int y = 0; y < weights.length; y++) {
      Arrays.fill(sums, HALF);
      for (int k = 0; k < weights[y].length; k++) {
        addLine(sums, lines, (rows.first(y) + k - firstRow) * stride, weights[y][k]);
      }
      for (int i = 0; i < stride; i++) {
        out[y * stride + i] = (byte) clamp(sums[i]);
      }
    }
  }

  private static void addLine(int[] sums, int[] lines, int start, int weight) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += lines[start + i] * weight;
    }
  }

  private static int clamp(int sum) {
    return Math.min(Math.max(sum >> PRECISION_BITS, 0), 255);
  }

  /** Rounds half away from zero. */
  private static int[][] fixedPoint(PillowTaps taps) {
    int[][] fixed = new int[taps.outSize()][];
    for (int i = 0; i < fixed.length; i++) {
      fixed[i] = new int[taps.count(i)];
      for (int k = 0; k < fixed[i].length; k++) {
        double weight = taps.weight(i, k) * (1 << PRECISION_BITS);
        fixed[i][k] = (int) (weight < 0 ? weight - 0.5 : weight + 0.5);
      }
    }
    return fixed;
  }

  private static void widen(byte[] in, int[] out) {
    for (int i = 0; i < out.length; i++) {
      out[i] = in[i] & 0xFF;
    }
  }

  private static void narrow(int[] in, byte[] out) {
    for (int i = 0; i < in.length; i++) {
      out[i] = (byte) in[i];
    }
  }
}
