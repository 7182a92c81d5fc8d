package dev.thumbnet.data.transform;

import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.engine.Rng;

/**
 * The square in the middle of the picture; where the picture is smaller, the rest is black.
 *
 * @param size side of the square in pixels
 */
public record CenterCrop(int size) implements Transform {
  /**
   * Checks the size.
   *
   * @throws IllegalArgumentException if the size is not positive
   */
  public CenterCrop {
    if (size < 1) {
      throw new IllegalArgumentException("the size must be at least 1, got " + size);
    }
  }

  @Override
  public RgbImage apply(RgbImage image, Rng rng) {
    return crop(image);
  }

  /** The square in the middle; nothing about it is random. */
  public RgbImage crop(RgbImage image) {
    return cut(image, (int) offset(image.width()), (int) offset(image.height()), size);
  }

  /** Half of the surplus, halves rounded to even; a deficit is split the way torchvision does. */
  long offset(long length) {
    return length >= size ? (long) Math.rint((length - size) / 2.0) : -((size - length) / 2);
  }

  /** A square whose corner and end may lie outside of the picture, where it is black. */
  static RgbImage cut(RgbImage image, int x, int y, int size) {
    int left = Math.max(0, x);
    int top = Math.max(0, y);
    int right = Math.min(image.width(), x + size);
    int bottom = Math.min(image.height(), y + size);
    byte[] out = new byte[3 * size * size];
    for (int row = top; row < bottom && left < right; row++) {
      int from = 3 * (row * image.width() + left);
      int to = 3 * ((row - y) * size + left - x);
      System.arraycopy(image.data(), from, out, to, 3 * (right - left));
    }
    return new RgbImage(size, size, out);
  }
}
