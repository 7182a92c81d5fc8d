package dev.thumbnet.cli;

import dev.thumbnet.data.ImageDecoder;
import dev.thumbnet.data.RgbImage;
import dev.thumbnet.train.TrainedModel;
import java.nio.file.Path;

/** Reads pictures for a model, and finds out where thumbnails and full pictures are mixed up. */
final class SinglePictures {
  private final TrainedModel model;
  private final ImageDecoder decoder;

  SinglePictures(TrainedModel model, ImageDecoder decoder) {
    this.model = model;
    this.decoder = decoder;
  }

  /** Only models with a downscaler have thumbnails. */
  void checkUsesThumbnails(Path file) {
    if (!model.usesThumbnails()) {
      throw new IllegalArgumentException(
          file + ": takes full pictures and has no downscaler; take a model made by 'distill'");
    }
  }

  /** A full picture, of any size. */
  RgbImage full(Path image) {
    RgbImage picture = decoder.decode(image);
    if (model.usesThumbnails() && isThumbnail(picture)) {
      throw new IllegalArgumentException(
          image
              + ": has the size of this model's thumbnails, "
              + size(model.inputSize())
              + " pixels; if it is one, say --thumbnail, otherwise give the picture in full size");
    }
    return picture;
  }

  /** A thumbnail that the model's downscaler made. */
  RgbImage thumbnail(Path image) {
    RgbImage picture = decoder.decode(image);
    if (!isThumbnail(picture)) {
      throw new IllegalArgumentException(
          image
              + ": is no thumbnail of this model, which has "
              + size(model.inputSize())
              + " pixels, but a "
              + picture
              + "; leave out --thumbnail for full pictures");
    }
    return picture;
  }

  private boolean isThumbnail(RgbImage picture) {
    return picture.width() == model.inputSize() && picture.height() == model.inputSize();
  }

  private static String size(int side) {
    return side + "x" + side;
  }
}
