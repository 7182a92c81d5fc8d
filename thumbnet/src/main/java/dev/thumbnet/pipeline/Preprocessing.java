package dev.thumbnet.pipeline;

import dev.thumbnet.data.image.DecodeLimits;
import dev.thumbnet.data.image.ImageDecoder;
import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.data.transform.CenterCrop;
import dev.thumbnet.data.transform.Normalize;
import dev.thumbnet.data.transform.Resize;
import dev.thumbnet.data.transform.Transform;
import dev.thumbnet.model.ColorRange;

/**
 * How a picture is brought before a network when nothing about it is random: turned upright,
 * resized to a short side, the square in its middle, normalised colours.
 *
 * @param shortSide in pixels; 0 to leave the size as it is
 * @param size side of the square in pixels
 * @param normalize colours to floats
 * @param exifOrientation whether a picture is turned upright if its camera noted how it was held
 */
public record Preprocessing(int shortSide, int size, Normalize normalize, boolean exifOrientation) {
  /** The largest size and short side, in pixels: a square has as many as a decoded picture may. */
  public static final int MAX_SIDE = 8000;

  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if they make no sense
   */
  public Preprocessing {
    if (size < 1 || shortSide < 0 || size > MAX_SIDE || shortSide > MAX_SIDE) {
      throw new IllegalArgumentException(
          "the size must be 1 to "
              + MAX_SIDE
              + " pixels and the short side at most that and not negative, got "
              + size
              + " and "
              + shortSide);
    }
  }

  /** Makes one that turns pictures upright. */
  public Preprocessing(int shortSide, int size, Normalize normalize) {
    this(shortSide, size, normalize, true);
  }

  /**
   * For photographs: the middle seven eighths of the short side, as is usual, in the colours of
   * ImageNet.
   *
   * @param size side of the square in pixels
   */
  public static Preprocessing photographs(int size) {
    return new Preprocessing((int) Math.rint(size * 8 / 7.0), size, Normalize.imageNet());
  }

  /** For pictures that have the right size already: their middle, in the colours of ImageNet. */
  public static Preprocessing unscaled(int size) {
    return new Preprocessing(0, size, Normalize.imageNet());
  }

  /** Returns the same for pictures that are turned upright, or not, by their EXIF orientation. */
  public Preprocessing withExifOrientation(boolean upright) {
    return new Preprocessing(shortSide, size, normalize, upright);
  }

  /** Returns what decodes pictures as they are to be shown. */
  public ImageDecoder decoder() {
    return new ImageDecoder(DecodeLimits.DEFAULT, exifOrientation);
  }

  /** Returns the range of colours that the network sees. */
  public ColorRange colors() {
    return new ColorRange(normalize.black(), normalize.white());
  }

  /** Returns the picture that the network sees, still in 8 bits. */
  public RgbImage crop(RgbImage image) {
    return shortSide == 0
        ? new CenterCrop(size).crop(image)
        : new Resize(shortSide).resizeAndCrop(image, size);
  }

  /** Returns {@link #crop} as a transform. */
  public Transform transform() {
    return (image, _) -> crop(image);
  }
}
