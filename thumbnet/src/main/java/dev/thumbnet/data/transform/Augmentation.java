package dev.thumbnet.data.transform;

/**
 * How training pictures are varied. Teacher and student see the same variation, because thumbnails
 * are made of its result.
 *
 * @param description for the provenance: equal descriptions must mean equal transforms
 * @param transform yields squares of the size of the network's pictures
 */
public record Augmentation(String description, Transform transform) {
  private static final double MIN_SCALE = 0.35;

  /** For photographs: random parts of at least 35 % of the area, mirrored or not. */
  public static Augmentation photographs(int size) {
    return new Augmentation(
        "RandomResizedCrop " + size + " from " + MIN_SCALE + ", flip",
        Transform.compose(new RandomResizedCrop(size, MIN_SCALE), new RandomHorizontalFlip()));
  }

  /** For pictures that must not be resampled: shifted by some pixels, mirrored or not. */
  public static Augmentation shifts(int size, int padding) {
    return new Augmentation(
        "RandomCrop " + size + " padded by " + padding + ", flip",
        Transform.compose(new RandomCrop(size, padding), new RandomHorizontalFlip()));
  }
}
