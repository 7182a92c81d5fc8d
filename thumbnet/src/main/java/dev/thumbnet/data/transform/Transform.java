package dev.thumbnet.data.transform;

import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.engine.Rng;
import java.util.List;

/**
 * Turns one picture into another one: crops, flips, changes colours. A transform has no state; what
 * is random comes from the given source alone, so the same source gives the same picture. Names and
 * meanings are torchvision's.
 */
@FunctionalInterface
public interface Transform {
  /**
   * Transforms a picture, which itself is not changed.
   *
   * @param rng source of all random choices; used up to a degree that may depend on them
   */
  RgbImage apply(RgbImage image, Rng rng);

  /** One transform after the other. */
  static Transform compose(Transform... steps) {
    List<Transform> list = List.of(steps);
    return (image, rng) -> {
      RgbImage result = image;
      for (Transform step : list) {
        result = step.apply(result, rng);
      }
      return result;
    };
  }
}
