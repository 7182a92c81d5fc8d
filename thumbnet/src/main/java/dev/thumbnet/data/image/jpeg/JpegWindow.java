package dev.thumbnet.data.image.jpeg;

/**
 * What of a JPEG is wanted: a rectangle of the picture at a reduced size.
 *
 * @param scale 1, 2, 4 or 8: how many times smaller each side is, rounded up
 * @param left first column, in pixels of the reduced picture
 * @param top first row
 * @param width columns, at least 1
 * @param height rows, at least 1
 */
public record JpegWindow(int scale, int left, int top, int width, int height) {
  /** An array holds three bytes of each. */
  private static final int MOST_PIXELS = (Integer.MAX_VALUE - 8) / 3;

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if the scale is another, or the rectangle empty, or of more
   *     pixels than an array holds
   */
  public JpegWindow {
    if (scale < 1 || scale > 8 || Integer.bitCount(scale) != 1) {
      throw new IllegalArgumentException("scale must be 1, 2, 4 or 8, got " + scale);
    }
    if (left < 0 || top < 0 || width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "no rectangle: " + width + "x" + height + " at (" + left + ", " + top + ")");
    }
    if ((long) width * height > MOST_PIXELS) {
      throw new IllegalArgumentException(
          width + "x" + height + " pixels are more than an array holds");
    }
  }

  /**
   * All of a picture.
   *
   * @param width of the picture as it is stored, in pixels
   * @param height of the picture as it is stored
   * @param scale 1, 2, 4 or 8
   */
  public static JpegWindow whole(int width, int height, int scale) {
    return new JpegWindow(scale, 0, 0, Math.ceilDiv(width, scale), Math.ceilDiv(height, scale));
  }

  /** Whether it lies in a picture of this size. */
  boolean isWithin(int pictureWidth, int pictureHeight) {
    return width <= Math.ceilDiv(pictureWidth, scale) - left
        && height <= Math.ceilDiv(pictureHeight, scale) - top;
  }

  int right() {
    return left + width;
  }

  int bottom() {
    return top + height;
  }
}
