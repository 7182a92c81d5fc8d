package dev.thumbnet.data;

import dev.thumbnet.data.image.ImageDecoder;
import dev.thumbnet.data.image.ImageException;
import dev.thumbnet.data.image.RgbImage;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * Labelled pictures, reached by index. The same index always gives the same picture. Sets are
 * thread-safe: several threads may call {@link #get} at once.
 */
public interface DataSet {
  /** Number of pictures. */
  int size();

  /** Names of the classes; a label is an index into this list. */
  List<String> classes();

  /**
   * The class of a picture.
   *
   * @param index from 0 to {@link #size()} - 1
   */
  int label(int index);

  /**
   * What messages call a picture: its path, or a made-up name.
   *
   * @param index from 0 to {@link #size()} - 1
   */
  String name(int index);

  /**
   * The picture itself. May read and decode a file, so it can take milliseconds.
   *
   * @param index from 0 to {@link #size()} - 1
   * @throws ImageException if its file cannot be decoded; the message names the file
   */
  RgbImage get(int index);

  /**
   * The picture as it is used, for instance cropped. Where pictures are decoded, the memory of the
   * full one counts until this returns, as in {@link ImageDecoder#decode(Path, Function)}; so many
   * threads may do this at once, however large the pictures are.
   *
   * @param index from 0 to {@link #size()} - 1
   * @param use must not get another picture, which might wait for this one's memory
   * @return what {@code use} returns
   * @throws ImageException if its file cannot be decoded; the message names the file
   */
  default <T> T get(int index, Function<? super RgbImage, T> use) {
    return use.apply(get(index));
  }

  /**
   * Tells whether a picture whose camera noted how it was held (EXIF orientation) comes turned
   * upright, or else as it is stored. Means nothing, and is true, for pictures that no camera took.
   */
  default boolean exifOrientation() {
    return true;
  }
}
