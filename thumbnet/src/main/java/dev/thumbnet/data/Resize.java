package dev.thumbnet.data;

import dev.thumbnet.engine.Rng;

/**
 * Resizes to a given short side and keeps the aspect ratio; the long side is rounded down.
 *
 * @param shortSide in pixels
 * @param filter how to resize
 */
public record Resize(int shortSide, ResampleFilter filter) implements Transform {
  /**
   * Checks the size.
   *
   * @throws IllegalArgumentException if the size is not positive
   */
  public Resize {
    if (shortSide < 1) {
      throw new IllegalArgumentException("the short side must be at least 1, got " + shortSide);
    }
  }

  /** Bilinear, as torchvision's default is. */
  public Resize(int shortSide) {
    this(shortSide, ResampleFilter.BILINEAR);
  }

  @Override
  public RgbImage apply(RgbImage image, Rng rng) {
    return resize(image);
  }

  /** The resized picture; nothing about it is random. */
  public RgbImage resize(RgbImage image) {
    int w = image.width();
    int h = image.height();
    long width = w <= h ? shortSide : (long) shortSide * w / h;
    long height = h <= w ? shortSide : (long) shortSide * h / w;
    if (width * height > ImageDecoder.DEFAULT_MAX_PIXELS) {
      throw new IllegalArgumentException(
          "a "
              + image
              + " with a short side of "
              + shortSide
              + " would have "
              + width
              + "x"
              + height
              + " pixels; crop such a narrow picture before resizing it");
    }
    return Resampler.resize(image, (int) width, (int) height, filter);
  }
}
