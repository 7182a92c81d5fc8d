package dev.thumbnet.cli;

import dev.thumbnet.cli.picture.PictureFiles.Source;
import dev.thumbnet.data.image.ImageDecoder;
import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.pipeline.TrainedModel;
import java.nio.file.Path;
import java.util.function.Function;

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
   * Uses a full picture while its memory still counts, so that as many threads as there are may do
   * this.
   *
   * @param anySize whether it may have the size of a thumbnail; without, such a one is refused,
   *     because it most likely is one
   */
  <T> T full(Source image, boolean anySize, Function<? super RgbImage, T> use) {
    return image.decode(
        decoder,
        picture -> {
          checkFull(image, anySize, picture);
          return use.apply(picture);
        });
  }

  private void checkFull(Source image, boolean anySize, RgbImage picture) {
    if (!anySize && isThumbnail(picture)) {
      throw new IllegalArgumentException(
          image.file()
              + ": has the size of this model's thumbnails, "
              + size(thumbnailSide)
              + " pixels; 'classify --thumbnail' takes it as one, --picture as a picture like any"
              + " other");
    }
  }

  /** Uses a thumbnail that the model's downscaler made. */
  <T> T thumbnail(Source image, Function<? super RgbImage, T> use) {
    return image.decode(
        decoder,
        picture -> {
          checkThumbnail(image, picture);
          return use.apply(picture);
        });
  }

  private void checkThumbnail(Source image, RgbImage picture) {
    if (!isThumbnail(picture)) {
      throw new IllegalArgumentException(
          image.file()
              + ": is no thumbnail of this model, which has "
              + size(thumbnailSide)
              + " pixels, but a "
              + picture
              + "; leave out --thumbnail for full pictures");
    }
  }

  private boolean isThumbnail(RgbImage picture) {
    return picture.width() == thumbnailSide && picture.height() == thumbnailSide;
  }

  private static String size(int side) {
    return side + "x" + side;
  }
}
