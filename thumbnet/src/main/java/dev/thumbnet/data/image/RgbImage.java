package dev.thumbnet.data.image;

import dev.thumbnet.engine.io.AtomicFile;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

/**
 * A decoded picture: 8 bits for each of red, green and blue, row by row, the three values of a
 * pixel beside each other. Gamma-encoded values as they stand in the file; no colour management.
 *
 * <p>Immutable by convention: {@link #data()} is the picture's own array and nobody may write to
 * it. Under that convention a picture can be shared by any number of threads.
 */
public final class RgbImage {
  private final int width;
  private final int height;
  private final byte[] data;

  /**
   * A picture on top of an array, which is not copied and must not be changed any more.
   *
   * @param width in pixels, at least 1
   * @param height in pixels, at least 1
   * @param data {@code 3 * width * height} bytes, red green blue, row by row
   */
  public RgbImage(int width, int height, byte[] data) {
    if (width < 1 || height < 1 || data.length != 3L * width * height) {
      throw new IllegalArgumentException(
          "a picture of "
              + width
              + "x"
              + height
              + " pixels needs a positive size and "
              + 3L * width * height
              + " bytes, got "
              + data.length);
    }
    this.width = width;
    this.height = height;
    this.data = data;
  }

  /**
   * The same pixels as a Java picture has, by the rules of {@link ImageDecoder}: alpha is dropped,
   * gray is replicated, 16 bits are scaled to 8, colour profiles are ignored.
   */
  public static RgbImage of(BufferedImage image) {
    return PixelFormats.toRgb(image, new DecodeWatch("picture", DecodeLimits.NO_TIMEOUT));
  }

  /** Width in pixels. */
  public int width() {
    return width;
  }

  /** Height in pixels. */
  public int height() {
    return height;
  }

  /** The bytes of the picture, red green blue, row by row; not a copy: do not write to it. */
  public byte[] data() {
    return data;
  }

  /** The pixel in column {@code x} of row {@code y} as {@code 0xRRGGBB}. */
  public int rgb(int x, int y) {
    Objects.checkIndex(x, width);
    Objects.checkIndex(y, height);
    int i = 3 * (y * width + x);
    return (data[i] & 0xFF) << 16 | (data[i + 1] & 0xFF) << 8 | data[i + 2] & 0xFF;
  }

  /**
   * A copy of a rectangle of this picture.
   *
   * @param x left column
   * @param y top row
   * @param w width of the rectangle
   * @param h height of the rectangle
   * @throws IllegalArgumentException if the rectangle is empty or leaves the picture
   */
  public RgbImage crop(int x, int y, int w, int h) {
    if (x < 0 || y < 0 || w < 1 || h < 1 || w > width - x || h > height - y) {
      throw new IllegalArgumentException(
          "crop of " + w + "x" + h + " at (" + x + ", " + y + ") leaves " + this);
    }
    if (w == width && h == height) {
      return this;
    }
    byte[] out = new byte[3 * w * h];
    for (int row = 0; row < h; row++) {
      System.arraycopy(data, 3 * ((y + row) * width + x), out, 3 * row * w, 3 * w);
    }
    return new RgbImage(w, h, out);
  }

  /** This picture as a part of a larger one that is otherwise of one colour. */
  RgbImage placed(int left, int top, int w, int h, int rgb) {
    byte[] out = new byte[3 * w * h];
    for (int i = 0; i < out.length && rgb != 0; i += 3) {
      out[i] = (byte) (rgb >> 16);
      out[i + 1] = (byte) (rgb >> 8);
      out[i + 2] = (byte) rgb;
    }
    for (int row = 0; row < height; row++) {
      System.arraycopy(data, 3 * row * width, out, 3 * ((top + row) * w + left), 3 * width);
    }
    return new RgbImage(w, h, out);
  }

  /** This picture mirrored left to right. */
  public RgbImage flipHorizontal() {
    byte[] out = new byte[data.length];
    for (int y = 0; y < height; y++) {
      int from = 3 * y * width;
      int to = from + 3 * (width - 1);
      for (int x = 0; x < width; x++, from += 3, to -= 3) {
        out[to] = data[from];
        out[to + 1] = data[from + 1];
        out[to + 2] = data[from + 2];
      }
    }
    return new RgbImage(width, height, out);
  }

  /** A copy as a Java picture of type {@link BufferedImage#TYPE_3BYTE_BGR}. */
  public BufferedImage toBufferedImage() {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    byte[] bgr = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    for (int i = 0; i < bgr.length; i += 3) {
      bgr[i] = data[i + 2];
      bgr[i + 1] = data[i + 1];
      bgr[i + 2] = data[i];
    }
    return image;
  }

  /** Returns this picture as the content of a PNG file, without loss. */
  public byte[] toPng() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      writePng(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written", e);
    }
    return bytes.toByteArray();
  }

  /**
   * Writes this picture as a PNG file, without loss. The file appears complete or not at all.
   *
   * @param file to be written; replaced if there is one
   * @throws UncheckedIOException if the file cannot be written
   */
  public void writePng(Path file) {
    byte[] png = toPng();
    try {
      AtomicFile.write(file, stream -> stream.write(png));
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /**
   * Writes this picture as PNG, without loss, for instance as the answer to a request.
   *
   * @param out is not closed
   * @throws IOException if the stream fails
   */
  public void writePng(OutputStream out) throws IOException {
    JavaImageIo.writePng(toBufferedImage(), out);
  }

  /** Two pictures are equal if size and all bytes are. */
  @Override
  public boolean equals(Object other) {
    return other instanceof RgbImage image
        && width == image.width
        && height == image.height
        && Arrays.equals(data, image.data);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * width + height) + Arrays.hashCode(data);
  }

  @Override
  public String toString() {
    return "picture of " + width + "x" + height + " pixels";
  }
}
