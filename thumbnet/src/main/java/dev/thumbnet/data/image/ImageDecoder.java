package dev.thumbnet.data.image;

import java.awt.image.BufferedImage;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageReader;

/**
 * Decodes pictures to 8-bit RGB, with whatever readers ImageIO finds: JPEG, PNG, BMP, GIF and TIFF
 * come with the JDK; TwelveMonkeys' ImageIO plug-ins on the class or module path add WebP, PNM and
 * CMYK JPEG. The content decides what a file is, not its extension.
 *
 * <p>The rules, which follow Pillow's {@code open(file).convert("RGB")} as torchvision uses it:
 *
 * <ul>
 *   <li>grayscale is replicated into the three channels; a palette is looked up;
 *   <li>alpha is dropped: transparent pixels keep the colour that is stored beneath;
 *   <li>16-bit samples are scaled to 8 bits and rounded (Pillow drops the low byte of colours);
 *   <li>CMYK and YCCK JPEGs, inverted or not, become RGB by the plain formula, without profiles;
 *   <li>colour profiles are ignored, as is gamma;
 *   <li>of an animation or a file with several pictures the first one is taken;
 *   <li>a truncated or damaged file is an error, never a half-gray picture.
 * </ul>
 *
 * <p>One rule differs from torchvision: if a camera noted how it was held (EXIF orientation), the
 * picture is turned upright, in training, evaluation and use alike, because photographs would
 * otherwise reach the network lying on their side. {@code exifOrientation = false} leaves every
 * picture as it is stored. A model knows with which setting it was trained, and is used with that.
 *
 * <p>The size in the header is checked before anything is allocated. Bad files of any kind give an
 * {@link ImageException} with one line that names the file. Decoders are values and thread-safe.
 *
 * @param maxPixels pictures with more pixels than this are refused
 * @param exifOrientation whether pictures are turned upright by their EXIF orientation
 */
public record ImageDecoder(long maxPixels, boolean exifOrientation) {
  /** The usual limit: 64 million pixels, which is 192 MB decoded. */
  public static final long DEFAULT_MAX_PIXELS = 64_000_000;

  /** Generous bound of what decoding takes per pixel: the reader's copy, ours, and its buffers. */
  private static final int HEAP_BYTES_PER_PIXEL = 12;

  /** Progressive JPEGs have about ten scans; thousands of them are an attack on our time. */
  private static final int MAX_JPEG_SCANS = 200;

  /** A decoder with the usual limit that turns pictures upright. */
  public ImageDecoder() {
    this(DEFAULT_MAX_PIXELS, true);
  }

  /**
   * A decoder with its own limit.
   *
   * @throws IllegalArgumentException if {@code maxPixels} is not positive
   */
  public ImageDecoder {
    if (maxPixels < 1) {
      throw new IllegalArgumentException("maxPixels must be at least 1, got " + maxPixels);
    }
  }

  /**
   * Decodes a file.
   *
   * @throws ImageException if the file is missing, unreadable, no picture, damaged or too large
   */
  public RgbImage decode(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return decode(in, file.toString());
    } catch (NoSuchFileException e) {
      throw new ImageException(file.toString(), "there is no such file", e);
    } catch (IOException e) {
      throw new ImageException(file.toString(), "cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Decodes what a stream holds, to its end. The stream is not closed.
   *
   * @param name what error messages call the picture
   * @throws ImageException if the stream fails or holds no usable picture
   */
  public RgbImage decode(InputStream in, String name) {
    try {
      int limit = (int) Math.min(Integer.MAX_VALUE - 16, Runtime.getRuntime().maxMemory() / 4);
      byte[] file = in.readNBytes(limit);
      if (file.length == limit && in.read() >= 0) {
        throw new ImageException(
            name, "the file has more than " + limit + " bytes, a quarter of this JVM's heap");
      }
      return decode(file, name);
    } catch (IOException e) {
      throw new ImageException(name, "cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Decodes an encoded picture in memory. The array is not kept.
   *
   * @param name what error messages call the picture
   * @throws ImageException if the bytes are no usable picture
   */
  public RgbImage decode(byte[] file, String name) {
    if (file.length == 0) {
      throw new ImageException(name, "the file is empty");
    }
    RgbImage image;
    try (BytesInputStream in = new BytesInputStream(prepared(file, name))) {
      image = RgbImage.of(read(in, file.length, name));
    } catch (ImageException e) {
      throw e;
    } catch (EOFException e) {
      throw new ImageException(name, "the file ends before the picture does", e);
    } catch (IOException | RuntimeException e) {
      // Readers answer damaged files with all sorts of exceptions, out-of-bounds ones included.
      String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new ImageException(
          name,
          "cannot be decoded, the file is damaged or of a kind that no"
              + " reader knows ("
              + why
              + ")",
          e);
    }
    return exifOrientation ? ExifOrientation.upright(image, ExifOrientation.of(file)) : image;
  }

  /** What the reader gets to see: the file without its colour profile, which readers apply. */
  private static byte[] prepared(byte[] file, String name) {
    if (WebpChunks.isWebp(file)) {
      return WebpChunks.withoutProfile(file);
    }
    if (!JpegSegments.isJpeg(file)) {
      return file;
    }
    int scans = JpegSegments.scans(file);
    if (scans > MAX_JPEG_SCANS) {
      throw new ImageException(
          name, "a JPEG of " + scans + " scans, more than the limit of " + MAX_JPEG_SCANS);
    }
    return JpegSegments.withoutProfile(file);
  }

  private BufferedImage read(BytesInputStream in, int fileLength, String name) throws IOException {
    Iterator<ImageReader> readers = JavaImageIo.readers(in);
    if (!readers.hasNext()) {
      throw new ImageException(
          name,
          "not a picture in a known format (JPEG, PNG, BMP, GIF, TIFF;"
              + " WebP and PNM with TwelveMonkeys' plug-ins)");
    }
    ImageReader reader = readers.next();
    try {
      List<String> warnings = new ArrayList<>();
      reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
      // Without metadata: text and profile chunks are where small files unpack to gigabytes.
      reader.setInput(in, true, true);
      checkSize(reader.getWidth(0), reader.getHeight(0), fileLength, name);
      BufferedImage image = reader.read(0);
      for (String warning : warnings) {
        if (meansDamage(warning)) {
          throw new ImageException(name, "the picture is truncated or damaged (" + warning + ")");
        }
      }
      return image;
    } finally {
      reader.dispose();
    }
  }

  private void checkSize(int width, int height, int fileLength, String name) {
    long pixels = (long) width * height;
    String size = width + "x" + height;
    if (width < 1 || height < 1) {
      throw new ImageException(name, "the header claims an impossible size of " + size);
    }
    if (pixels > maxPixels) {
      throw new ImageException(name, size + " pixels are more than the limit of " + maxPixels);
    }
    long heap = Runtime.getRuntime().maxMemory();
    long needed = pixels * HEAP_BYTES_PER_PIXEL + fileLength;
    if (needed > heap - heap / 4) {
      throw new ImageException(
          name,
          size
              + " pixels may need "
              + needed / 1_000_000
              + " MB to decode, more than three quarters of this JVM's heap of "
              + heap / 1_000_000
              + " MB; raise -Xmx");
    }
  }

  /**
   * The JPEG library replaces missing and broken data by gray and warns. Junk between segments is
   * harmless unless it stands before a restart marker (0xd0 to 0xd7), that is, within the pixels;
   * other warnings are about metadata.
   */
  private static boolean meansDamage(String warning) {
    return warning.startsWith("Truncated")
        || warning.startsWith("Premature")
        || warning.startsWith("Corrupt JPEG data")
            && !warning.matches(".*extraneous bytes before marker 0x(?!d[0-7]).*");
  }
}
