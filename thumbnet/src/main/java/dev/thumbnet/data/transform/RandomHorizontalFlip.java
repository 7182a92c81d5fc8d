package dev.thumbnet.data.transform;

import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.engine.Rng;

/**
 * Mirrors the picture left to right, or not.
 *
 * @param probability of mirroring, from 0 to 1
 */
public record RandomHorizontalFlip(double probability) implements Transform {
  /**
   * Checks the probability.
   *
   * @throws IllegalArgumentException if it is not within 0 and 1
   */
  public RandomHorizontalFlip {
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException("a probability is within 0 and 1, got " + probability);
    }
  }

  /** Mirrors every second picture on average. */
  public RandomHorizontalFlip() {
    this(0.5);
  }

  @Override
  public RgbImage apply(RgbImage image, Rng rng) {
    return rng.nextDouble() < probability ? image.flipHorizontal() : image;
  }
}
