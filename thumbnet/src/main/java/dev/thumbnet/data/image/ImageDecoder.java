package dev.thumbnet.data.image;

import dev.thumbnet.data.image.format.Encoded;
import dev.thumbnet.data.image.format.Format;
import dev.thumbnet.data.image.format.RefusedException;
import dev.thumbnet.data.image.jpeg.JpegDecoder;
import dev.thumbnet.data.image.jpeg.JpegWindow;
import dev.thumbnet.data.image.vp8l.Vp8lPixels;
import java.awt.image.BufferedImage;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import javax.imageio.ImageReader;

/**
 * Decodes pictures to 8-bit RGB: JPEG, PNG, BMP, GIF, TIFF, PNM, lossless WebP, and with
 * TwelveMonkeys' ImageIO plug-in on the class or module path lossy WebP. The content decides what a
 * file is, not its extension. Whatever other plug-ins there are, the answer is the same.
 *
 * <p>The rules, which follow Pillow's {@code open(file).convert("RGB")} as torchvision uses it:
 *
 * <ul>
 *   <li>grayscale is replicated into the three channels; a palette is looked up;
 *   <li>alpha is dropped: transparent pixels keep the colour that is stored beneath;
 *   <li>16-bit samples are scaled to 8 bits and rounded (Pillow drops the low byte of colours);
 *   <li>CMYK and YCCK JPEGs, whose inks are stored inverted, become RGB by the plain formula;
 *   <li>colour profiles are ignored, as is gamma;
 *   <li>of an animation or a file with several pictures the first one is taken, in its place on the
 *       screen; what is appended to a picture is not looked at;
 *   <li>TIFFs of kinds that programs read in different ways are refused;
 *   <li>a truncated or damaged file is an error, never a half-gray picture.
 * </ul>
 *
 * <p>Two rules differ. If a camera noted how it was held (EXIF orientation), the picture is turned
 * upright, in training, evaluation and use alike, because photographs would otherwise reach the
 * network lying on their side. {@code exifOrientation = false} leaves every picture as it is
 * stored. A model knows with which setting it was trained, and is used with that. And the colours
 * of lossy WebP are a little different: the plug-in repeats the colour of each 2x2 pixels, libwebp
 * interpolates between them. Edges between strong colours show it; on photographs it is invisible.
 *
 * <p>Nothing is taken before the header was judged. A picture above the {@link DecodeLimits} is
 * refused. All pictures that a process decodes at once share half of its heap (or as many megabytes
 * as {@code -Dthumbnet.decode.megabytes} says): one that does not fit beside the others waits for
 * them, and one that never fits is refused. Decoding ends when its time is over, or the thread is
 * interrupted.
 *
 * <p>Bad files of any kind give an {@link ImageException} with one line that names the file, an
 * interrupted thread a {@link CancellationException}. Decoders are values and thread-safe.
 *
 * @param limits what a picture may take
 * @param exifOrientation whether pictures are turned upright by their EXIF orientation
 */
public record ImageDecoder(DecodeLimits limits, boolean exifOrientation) {
  private static final int RGB_BYTES = 3;

  /** An array holds no more. */
  private static final int MOST_PIXELS = (Integer.MAX_VALUE - 8) / RGB_BYTES;

  private static final int FIRST_BUFFER = 1 << 16;

  /** A decoder with the usual limits that turns pictures upright. */
  public ImageDecoder() {
    this(DecodeLimits.DEFAULT, true);
  }

  // ---------------------------------------------------------------- sources

  /**
   * Decodes a file.
   *
   * @throws ImageException if the file is missing, unreadable, no picture, damaged or above a limit
   * @throws CancellationException if the thread is interrupted, which it stays
   */
  public RgbImage decode(Path file) {
    return decode(file, image -> image);
  }

  /**
   * Decodes a file and uses the picture while its memory still counts: where many threads decode,
   * what a large picture is cropped or shrunk to is returned, and the picture itself forgotten.
   *
   * @param use must not decode another picture, which might wait for this one's memory
   * @return what {@code use} returns
   * @throws ImageException if the file is missing, unreadable, no picture, damaged or above a limit
   * @throws CancellationException if the thread is interrupted, which it stays
   */
  public <T> T decode(Path file, Function<? super RgbImage, T> use) {
    DecodeWatch watch = new DecodeWatch(file.toString(), limits.timeout());
    try (InputStream in = Files.newInputStream(file)) {
      // Devices and pipes do not say how long they are.
      long size = Files.isRegularFile(file) ? Files.size(file) : 0;
      if (size == 0) {
        return decode(in, use, watch);
      }
      try (DecodeMemory.Lease _ = DecodeMemory.FILES.take(size, "a file of this size", watch)) {
        return decode(in.readNBytes((int) Math.min(size, Integer.MAX_VALUE - 16)), use, watch);
      }
    } catch (NoSuchFileException e) {
      throw new ImageException(watch.name(), "there is no such file", e);
    } catch (ClosedByInterruptException e) {
      watch.check();
      throw new ImageException(watch.name(), "was closed while it was read", e);
    } catch (IOException e) {
      throw new ImageException(watch.name(), "cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Decodes what a stream holds, to its end. The stream is not closed.
   *
   * @param name what error messages call the picture
   * @throws ImageException if the stream fails or holds no usable picture
   * @throws CancellationException if the thread is interrupted, which it stays
   */
  public RgbImage decode(InputStream in, String name) {
    return decode(in, name, image -> image);
  }

  /** As {@link #decode(Path, Function)}, what a stream holds, to its end. It is not closed. */
  public <T> T decode(InputStream in, String name, Function<? super RgbImage, T> use) {
    DecodeWatch watch = new DecodeWatch(name, limits.timeout());
    try {
      return decode(in, use, watch);
    } catch (IOException e) {
      throw new ImageException(name, "cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Decodes an encoded picture in memory. The array is not kept.
   *
   * @param name what error messages call the picture
   * @throws ImageException if the bytes are no usable picture
   * @throws CancellationException if the thread is interrupted, which it stays
   */
  public RgbImage decode(byte[] file, String name) {
    return decode(file, name, image -> image);
  }

  /** As {@link #decode(Path, Function)}, from an encoded picture in memory. */
  public <T> T decode(byte[] file, String name, Function<? super RgbImage, T> use) {
    return decode(file, use, new DecodeWatch(name, limits.timeout()));
  }

  /** Reads a stream of unknown length into an array that grows as memory is free. */
  private <T> T decode(InputStream in, Function<? super RgbImage, T> use, DecodeWatch watch)
      throws IOException {
    byte[] file = new byte[FIRST_BUFFER];
    DecodeMemory.Lease lease = larger(0, watch);
    try {
      int length = 0;
      for (int n = 0; n >= 0; n = in.read(file, length, file.length - length)) {
        length += n;
        watch.check();
        if (length == file.length) {
          DecodeMemory.Lease more = larger(length, watch);
          file = Arrays.copyOf(file, Math.toIntExact(2L * length));
          lease.close();
          lease = more;
        }
      }
      return decode(Arrays.copyOf(file, length), use, watch);
    } finally {
      lease.close();
    }
  }

  /** Memory for twice as much as there is. Others may hold some, too, so nobody may wait for it. */
  private static DecodeMemory.Lease larger(int length, DecodeWatch watch) {
    // The new array and the file that is cut from it, and for a moment what is held already.
    DecodeMemory.FILES.checkFits(5L * length, "a stream of this length", watch);
    DecodeMemory.Lease more = DecodeMemory.FILES.tryTake(length == 0 ? FIRST_BUFFER : 3L * length);
    if (more == null) {
      throw ImageException.temporary(
          watch.name(), "other pictures hold the memory that it needs; try again");
    }
    return more;
  }

  // ---------------------------------------------------------------- decoding

  private <T> T decode(byte[] file, Function<? super RgbImage, T> use, DecodeWatch watch) {
    String name = watch.name();
    watch.check();
    Encoded header = judged(file, watch);
    checkSize(header, name);
    String size = header.width() + "x" + header.height() + " pixels";
    int orientation = exifOrientation ? header.orientation() : 1;
    long memory = memory(header, orientation != 1);
    try (DecodeMemory.Lease _ = DecodeMemory.PICTURES.take(memory, size, watch)) {
      return use.apply(readable(header, orientation, watch));
    }
  }

  /** Reads the header; whatever goes wrong with that is the file's fault. */
  private static Encoded judged(byte[] file, DecodeWatch watch) {
    try {
      return Format.read(file, watch::check);
    } catch (ImageException | CancellationException e) {
      throw e; // the watch's
    } catch (RefusedException e) {
      throw new ImageException(watch.name(), String.valueOf(e.getMessage()), e);
    } catch (OutOfMemoryError e) {
      throw noMemory(watch);
    } catch (RuntimeException | StackOverflowError e) {
      throw new ImageException(
          watch.name(), "the file is damaged: its header cannot be understood (" + e + ")", e);
    }
  }

  private static ImageException noMemory(DecodeWatch watch) {
    return ImageException.temporary(
        watch.name(), "there is no memory left to decode it; raise -Xmx, or use fewer threads");
  }

  /** The most that is needed at one time: to read, to make colours of it, or to turn it. */
  private static long memory(Encoded header, boolean turned) {
    long rgb = RGB_BYTES * header.pixels();
    boolean twice = turned || header.placed() instanceof Encoded.Placed;
    long reading = header.file().length() + header.memory();
    long converting = header.raster() + rgb;
    return Math.max(reading, Math.max(converting, twice ? 2 * rgb : 0));
  }

  private void checkSize(Encoded header, String name) {
    String size = header.width() + "x" + header.height() + " pixels";
    if (header.pixels() > limits.maxPixels()) {
      throw new ImageException(
          name,
          size
              + " are more than the limit of "
              + limits.maxPixels()
              + "; make the picture smaller, or raise -D"
              + DecodeLimits.PIXELS_PROPERTY);
    }
    if (header.pixels() > MOST_PIXELS) {
      throw new ImageException(
          name,
          size
              + " are more than the "
              + MOST_PIXELS
              + " that a picture can have in memory; make the picture smaller");
    }
    if (header.work() > limits.maxWork()) {
      throw new ImageException(
          name,
          size
              + " may take "
              + Math.ceilDiv(header.work(), 1_000_000)
              + " million steps to decode, pixels times scans, more than the limit of "
              + limits.maxWork() / 1_000_000
              + " million; save the picture anew, or raise -D"
              + DecodeLimits.WORK_PROPERTY);
    }
  }

  /** Decodes, and makes one kind of exception of all that readers throw at damaged files. */
  private static RgbImage readable(Encoded header, int orientation, DecodeWatch watch) {
    String name = watch.name();
    try {
      return ExifOrientation.upright(picture(header, watch), orientation, watch);
    } catch (ImageException | CancellationException e) {
      throw e;
    } catch (EOFException e) {
      throw new ImageException(name, "the file ends before the picture does", e);
    } catch (OutOfMemoryError e) {
      throw noMemory(watch);
    } catch (IOException | RuntimeException | StackOverflowError e) {
      watch.check(); // readers may have wrapped the interruption
      String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new ImageException(
          name, "cannot be decoded, the " + header.format() + " file is damaged (" + why + ")", e);
    }
  }

  private static RgbImage picture(Encoded header, DecodeWatch watch) throws IOException {
    RgbImage image =
        switch (header.layout()) {
          case Encoded.Samples samples ->
              PnmPixels.decode(header.file().toBytes(), header, samples, watch);
          case Encoded.Frame frame -> GifPixels.decode(header.file().toBytes(), frame, watch);
          case Encoded.Lossless lossless ->
              PixelFormats.ofArgb(
                  Vp8lPixels.decode(header.file().toBytes(), lossless, watch::check),
                  lossless.width(),
                  lossless.height());
          case Encoded.Jpeg _ -> jpeg(header, watch);
          case Encoded.Plain _, Encoded.Placed _ -> PixelFormats.toRgb(read(header, watch), watch);
        };
    if (header.placed() instanceof Encoded.Placed placed) {
      return image.placed(
          placed.left(), placed.top(), header.width(), header.height(), placed.fill());
    } else if (image.width() != header.width() || image.height() != header.height()) {
      throw new IOException("the header says another size than the pixels");
    }
    return image;
  }

  private static RgbImage jpeg(Encoded header, DecodeWatch watch) throws IOException {
    int width = header.width();
    int height = header.height();
    JpegWindow whole = JpegWindow.whole(width, height, 1);
    return new RgbImage(
        width, height, JpegDecoder.decode(header.file().toBytes(), whole, watch::check));
  }

  /** Lets a reader read; its buffers are gone when this returns. */
  private static BufferedImage read(Encoded header, DecodeWatch watch) throws IOException {
    ImageReader reader = ImageReaders.of(header.format(), watch.name());
    byte[] file = header.file().toBytes();
    try (BytesInputStream in = new BytesInputStream(file, header.work(), watch)) {
      List<String> warnings = new ArrayList<>();
      reader.addIIOReadWarningListener((_, warning) -> warnings.add(warning));
      reader.addIIOReadProgressListener(watch);
      reader.setInput(in, true, true);
      BufferedImage picture = reader.read(0);
      for (String warning : warnings) {
        if (meansDamage(warning)) {
          throw new ImageException(
              watch.name(), "the picture is truncated or damaged (" + warning + ")");
        }
      }
      return picture;
    } finally {
      reader.dispose();
    }
  }

  /** Some readers replace what is missing and warn; other warnings are about metadata. */
  private static boolean meansDamage(String warning) {
    return warning.startsWith("Truncated") || warning.startsWith("Premature");
  }
}
