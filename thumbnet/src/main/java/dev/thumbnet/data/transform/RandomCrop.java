package dev.thumbnet.data.transform;

import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.engine.Rng;

/**
 * A random square of fixed size from the picture, which is first framed by black pixels: a random
 * shift that does not resample, so the finest detail stays as it is.
 *
 * @param size side of the square in pixels
 * @param padding width of the black frame in pixels
 */
public record RandomCrop(int size, int padding) implements Transform {
  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if the size is not positive or the padding is negative
   */
  public RandomCrop {
    if (size < 1 || padding < 0) {
      throw new IllegalArgumentException(
          "needs a size of at least 1 and a padding of at least 0, got " + size + ", " + padding);
    }
  }

  @Override
  public RgbImage apply(RgbImage image, Rng rng) {
    int freeX = image.width() + 2 * padding - size;
    int freeY = image.height() + 2 * padding - size;
    if (freeX < 0 || freeY < 0) {
      throw new IllegalArgumentException(
          "a crop of " + size + " pixels needs a larger padding than " + padding + " for " + image);
    }
    int y = rng.nextInt(freeY + 1) - padding;
    int x = rng.nextInt(freeX + 1) - padding;
    return CenterCrop.cut(image, x, y, size);
  }
}
