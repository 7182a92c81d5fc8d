package dev.thumbnet.data.transform;

import dev.thumbnet.data.image.ImageDecoder;
import dev.thumbnet.data.image.ResampleFilter;
import dev.thumbnet.data.image.Resampler;
import dev.thumbnet.data.image.RgbImage;
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
    return resize(image, 0);
  }

  /**
   * The square in the middle of the resized picture: what {@link CenterCrop} makes of it, without
   * the work for the rest.
   *
   * @param side of the square in pixels
   */
  public RgbImage resizeAndCrop(RgbImage image, int side) {
    CenterCrop middle = new CenterCrop(side);
    return side > shortSide ? middle.crop(resize(image)) : resize(image, side);
  }

  /**
   * @param side of the square to cut out, at most the short side; 0 for the whole picture
   */
  private RgbImage resize(RgbImage image, int side) {
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
    if (side == 0) {
      return Resampler.resize(image, (int) width, (int) height, filter);
    }
    CenterCrop middle = new CenterCrop(side);
    return Resampler.resizePart(
        image,
        (int) width,
        (int) height,
        filter,
        middle.offset((int) width),
        middle.offset((int) height),
        side,
        side);
  }
}
