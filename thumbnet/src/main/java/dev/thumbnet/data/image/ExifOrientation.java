package dev.thumbnet.data.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Finds the orientation a camera wrote into a file (EXIF tag 274, values 1 to 8; 1 is upright) and
 * turns pictures upright. Damaged EXIF data count as upright: they say nothing about the pixels.
 */
final class ExifOrientation {
  private static final int TAG = 274;
  private static final int PNG = 0x89504E47;
  private static final int TIFF_LITTLE_ENDIAN = 0x49492A00;
  private static final int TIFF_BIG_ENDIAN = 0x4D4D002A;

  private ExifOrientation() {}

  /** The orientation of an encoded JPEG, PNG, WebP or TIFF file; 1 if it has none. */
  static int of(byte[] file) {
    try {
      ByteBuffer exif = find(file);
      return exif == null ? 1 : fromTiff(exif);
    } catch (IndexOutOfBoundsException | IllegalArgumentException | ArithmeticException e) {
      return 1;
    }
  }

  private static @Nullable ByteBuffer find(byte[] file) {
    if (JpegSegments.isJpeg(file)) {
      return wrap(JpegSegments.exif(file));
    }
    if (WebpChunks.isWebp(file)) {
      return wrap(WebpChunks.exif(file));
    }
    ByteBuffer data = ByteBuffer.wrap(file);
    return switch (data.getInt(0)) {
      case PNG -> inPng(data);
      case TIFF_LITTLE_ENDIAN, TIFF_BIG_ENDIAN -> data;
      default -> null;
    };
  }

  private static @Nullable ByteBuffer wrap(byte @Nullable [] exif) {
    return exif == null ? null : ByteBuffer.wrap(exif);
  }

  private static @Nullable ByteBuffer inPng(ByteBuffer data) {
    int at = 8;
    while (at + 12 <= data.limit()) {
      int length = data.getInt(at);
      if (startsWith(data, at + 4, "eXIf")) {
        return data.slice(at + 8, length);
      }
      at = Math.addExact(at, Math.addExact(12, Math.max(0, length)));
    }
    return null;
  }

  private static int fromTiff(ByteBuffer exif) {
    exif.order(startsWith(exif, 0, "MM") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    int directory = exif.getInt(4);
    int entries = exif.getShort(directory) & 0xFFFF;
    for (int i = 0; i < entries; i++) {
      int entry = directory + 2 + 12 * i;
      if ((exif.getShort(entry) & 0xFFFF) == TAG) {
        int value = exif.getShort(entry + 8) & 0xFFFF;
        return value >= 1 && value <= 8 ? value : 1;
      }
    }
    return 1;
  }

  private static boolean startsWith(ByteBuffer data, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return at + bytes.length <= data.limit()
        && data.slice(at, bytes.length).equals(ByteBuffer.wrap(bytes));
  }

  /** The upright picture of one that was stored with the given orientation. */
  static RgbImage upright(RgbImage image, int orientation) {
    if (orientation == 1) {
      return image;
    }
    boolean transpose = orientation >= 5;
    boolean mirrorX = orientation == 2 || orientation == 3 || orientation >= 7;
    boolean mirrorY = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    int w = image.width();
    int h = image.height();
    int outWidth = transpose ? h : w;
    int outHeight = transpose ? w : h;
    byte[] in = image.data();
    byte[] out = new byte[in.length];
    for (int y = 0, o = 0; y < outHeight; y++) {
      for (int x = 0; x < outWidth; x++, o += 3) {
        int fromX = transpose ? y : x;
        int fromY = transpose ? x : y;
        int i = 3 * ((mirrorY ? h - 1 - fromY : fromY) * w + (mirrorX ? w - 1 - fromX : fromX));
        out[o] = in[i];
        out[o + 1] = in[i + 1];
        out[o + 2] = in[i + 2];
      }
    }
    return new RgbImage(outWidth, outHeight, out);
  }
}
