package dev.thumbnet.cli;

import dev.thumbnet.cli.picture.PictureFiles.Source;
import dev.thumbnet.data.image.ImageDecoder;
import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.pipeline.TrainedModel;
import java.nio.file.Path;

/**
 * Reads pictures for a model, and finds out where thumbnails and full pictures are mixed up.
 * Thread-safe.
 */
final class SinglePictures {
  /** Side of the model's thumbnails; 0 if it takes full pictures. */
  private final int thumbnailSide;

  private final ImageDecoder decoder;

  SinglePictures(int thumbnailSide, ImageDecoder decoder) {
    this.thumbnailSide = thumbnailSide;
    this.decoder = decoder;
  }

  static SinglePictures of(TrainedModel model) {
    return new SinglePictures(
        model.usesThumbnails() ? model.inputSize() : 0, model.preprocessing().decoder());
  }

  /** Only models with a downscaler have thumbnails. */
  void checkUsesThumbnails(Path file) {
    if (thumbnailSide == 0) {
      throw new IllegalArgumentException(
          file + ": takes full pictures and has no downscaler; take a model made by 'distill'");
    }
  }

  /**
   * A full picture.
   *
   * @param anySize whether it may have the size of a thumbnail; without, such a one is refused,
   *     because it most likely is one
   */
  RgbImage full(Source image, boolean anySize) {
    RgbImage picture = image.decode(decoder);
    if (!anySize && isThumbnail(picture)) {
      throw new IllegalArgumentException(
          image.file()
              + ": has the size of this model's thumbnails, "
              + size(thumbnailSide)
              + " pixels; 'classify --thumbnail' takes it as one, --picture as a picture like any"
              + " other");
    }
    return picture;
  }

  /** A thumbnail that the model's downscaler made. */
  RgbImage thumbnail(Source image) {
    RgbImage picture = image.decode(decoder);
    if (!isThumbnail(picture)) {
      throw new IllegalArgumentException(
          image.file()
              + ": is no thumbnail of this model, which has "
              + size(thumbnailSide)
              + " pixels, but a "
              + picture
              + "; leave out --thumbnail for full pictures");
    }
    return picture;
  }

  private boolean isThumbnail(RgbImage picture) {
    return picture.width() == thumbnailSide && picture.height() == thumbnailSide;
  }

  private static String size(int side) {
    return side + "x" + side;
  }
}
