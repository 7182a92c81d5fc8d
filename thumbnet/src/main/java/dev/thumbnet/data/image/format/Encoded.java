package dev.thumbnet.data.image.format;

/**
 * A picture file that can be decoded, and what its headers say that this takes.
 *
 * @param format which reader is needed
 * @param file what the reader gets: the file without all that its pixels do not need
 * @param width of the decoded picture in pixels, before it is turned upright
 * @param height of the decoded picture in pixels
 * @param memory bytes that reading takes at most, beside {@code file}: picture and buffers
 * @param raster bytes of what the reader gives, which becomes the picture
 * @param work what decoding takes at most, in the steps of {@link Format}
 * @param layout how what the reader gives becomes the picture
 * @param orientation how the camera was held, 1 to 8 as in EXIF; 1 is upright
 */
public record Encoded(
    Format format,
    Pieces file,
    int width,
    int height,
    long memory,
    long raster,
    long work,
    Layout layout,
    int orientation) {

  /** How what the reader gives becomes the picture. */
  public sealed interface Layout {}

  /** It is the picture. */
  public record Plain() implements Layout {}

  /**
   * It is a part of the picture.
   *
   * @param left first column
   * @param top first row
   * @param fill colour of the rest, {@code 0xRRGGBB}
   */
  public record Placed(int left, int top, int fill) implements Layout {}

  /** There is no reader: it is a JPEG. */
  public record Jpeg() implements Layout {}

  /**
   * There is no reader: samples stand one after the other.
   *
   * @param channels 1 or 3
   * @param most the largest sample
   * @param bits whether samples are single bits, 1 for black
   * @param text whether they are written in digits
   * @param from where they begin
   */
  public record Samples(int channels, int most, boolean bits, boolean text, int from)
      implements Layout {}

  /**
   * There is no reader: it is the frame of a GIF.
   *
   * @param placed how the pixels become the picture
   * @param from where they begin in the file
   * @param width of the frame, in pixels
   * @param height of the frame
   * @param interlaced whether its rows come in four passes
   * @param palette its colours, {@code 0xRRGGBB}
   */
  public record Frame(
      Layout placed, int from, int width, int height, boolean interlaced, int[] palette)
      implements Layout {}

  /**
   * There is no reader: it is lossless WebP.
   *
   * @param placed how the pixels become the picture
   * @param from where they begin in the file
   * @param width of what is stored, in pixels
   * @param height of what is stored
   * @param codeBytes what their prefix codes may take of memory
   */
  public record Lossless(Layout placed, int from, int width, int height, long codeBytes)
      implements Layout {}

  /** Where the pixels that are stored have their place. */
  public Layout placed() {
    return switch (layout) {
      case Frame frame -> frame.placed;
      case Lossless lossless -> lossless.placed;
      default -> layout;
    };
  }

  static final Layout PLAIN = new Plain();

  /** Pixels of the decoded picture. */
  public long pixels() {
    return (long) width * height;
  }

  Encoded turned(int exifOrientation) {
    return new Encoded(format, file, width, height, memory, raster, work, layout, exifOrientation);
  }
}
