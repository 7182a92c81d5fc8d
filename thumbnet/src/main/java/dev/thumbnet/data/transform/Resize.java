package dev.thumbnet.data.transform;

import dev.thumbnet.data.image.DecodeLimits;
import dev.thumbnet.data.image.ImageException;
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

  /**
   * The resized picture; nothing about it is random.
   *
   * @throws ImageException if the picture is so narrow that the result would have more pixels than
   *     a picture may have
   */
  public RgbImage resize(RgbImage image) {
    long width = width(image);
    long height = height(image);
    if (width * height > DecodeLimits.DEFAULT_MAX_PIXELS) {
      throw new ImageException(
          "a " + image,
          "with a short side of "
              + shortSide
              + " it would have "
              + width
              + "x"
              + height
              + " pixels; crop such a narrow picture before resizing it");
    }
    return Resampler.resize(image, (int) width, (int) height, filter);
  }

  /**
   * The square in the middle of the resized picture: what {@link CenterCrop} makes of it, without
   * the work for the rest, so that pictures may be as narrow as they like.
   *
   * @param side of the square in pixels
   */
  public RgbImage resizeAndCrop(RgbImage image, int side) {
    CenterCrop middle = new CenterCrop(side);
    long width = width(image);
    long height = height(image);
    RgbImage part =
        Resampler.resizePart(
            image,
            width,
            height,
            filter,
            Math.max(0, middle.offset(width)),
            Math.max(0, middle.offset(height)),
            (int) Math.min(side, width),
            (int) Math.min(side, height));
    return middle.crop(part); // adds what a short side less than the square's lacks
  }

  private long width(RgbImage image) {
    return image.width() <= image.height()
        ? shortSide
        : (long) shortSide * image.width() / image.height();
  }

  private long height(RgbImage image) {
    return image.height() <= image.width()
        ? shortSide
        : (long) shortSide * image.height() / image.width();
  }
}
