package dev.thumbnet.data.transform;

import dev.thumbnet.data.image.ResampleFilter;
import dev.thumbnet.data.image.Resampler;
import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.engine.Rng;

/**
 * A random part of the picture, resized to a square: its area is a uniform fraction of the
 * picture's, the logarithm of its aspect ratio (width / height) is uniform. After ten parts that do
 * not fit, the largest central part within the ratios is taken. The usual augmentation for training
 * on photographs.
 *
 * @param size side of the resulting square in pixels
 * @param minScale smallest fraction of the area, above 0
 * @param maxScale largest fraction of the area
 * @param minRatio smallest aspect ratio, above 0
 * @param maxRatio largest aspect ratio
 * @param filter how the part is resized
 */
public record RandomResizedCrop(
    int size,
    double minScale,
    double maxScale,
    double minRatio,
    double maxRatio,
    ResampleFilter filter)
    implements Transform {
  private static final int TRIES = 10;

  /** The part of a picture that is taken. */
  record Part(int x, int y, int width, int height) {}

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if the size is not positive or a range is empty
   */
  public RandomResizedCrop {
    if (size < 1
        || !(minScale > 0 && maxScale >= minScale)
        || !(minRatio > 0 && maxRatio >= minRatio)) {
      throw new IllegalArgumentException(
          "needs a size of at least 1 and ranges above 0 in ascending order, got size "
              + size
              + ", scale "
              + minScale
              + " to "
              + maxScale
              + ", ratio "
              + minRatio
              + " to "
              + maxRatio);
    }
  }

  /**
   * With ratios from 3/4 to 4/3, bilinear, as torchvision's defaults are.
   *
   * @param size side of the resulting square in pixels
   * @param minScale smallest fraction of the area; 0.08 for large sets, 0.35 for small ones
   */
  public RandomResizedCrop(int size, double minScale) {
    this(size, minScale, 1, 3.0 / 4, 4.0 / 3, ResampleFilter.BILINEAR);
  }

  @Override
  public RgbImage apply(RgbImage image, Rng rng) {
    Part part = choose(image.width(), image.height(), rng);
    RgbImage crop = image.crop(part.x, part.y, part.width, part.height);
    return Resampler.resize(crop, size, size, filter);
  }

  Part choose(int width, int height, Rng rng) {
    double logMin = StrictMath.log(minRatio);
    double logMax = StrictMath.log(maxRatio);
    for (int i = 0; i < TRIES; i++) {
      double area = (double) width * height * uniform(rng, minScale, maxScale);
      double ratio = StrictMath.exp(uniform(rng, logMin, logMax));
      int w = (int) Math.rint(Math.sqrt(area * ratio));
      int h = (int) Math.rint(Math.sqrt(area / ratio));
      if (w > 0 && w <= width && h > 0 && h <= height) {
        int y = rng.nextInt(height - h + 1);
        int x = rng.nextInt(width - w + 1);
        return new Part(x, y, w, h);
      }
    }
    return central(width, height);
  }

  private Part central(int width, int height) {
    double ratio = (double) width / height;
    int w = ratio > maxRatio ? Math.max(1, (int) Math.rint(height * maxRatio)) : width;
    int h = ratio < minRatio ? Math.max(1, (int) Math.rint(width / minRatio)) : height;
    return new Part((width - w) / 2, (height - h) / 2, w, h);
  }

  private static double uniform(Rng rng, double from, double to) {
    return from + (to - from) * rng.nextDouble();
  }
}
