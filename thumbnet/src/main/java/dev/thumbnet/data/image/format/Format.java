package dev.thumbnet.data.image.format;

import java.nio.ByteOrder;

/**
 * The formats that are decoded, and how long that takes: one step is what a pixel of a plain JPEG
 * costs, some nanoseconds. The factors were measured, and are those of the slowest files.
 */
public enum Format {
  /** By ourselves, four inks included. */
  JPEG,
  /** By the JDK's reader. */
  PNG,
  /** By ourselves. */
  GIF,
  /** By the JDK's reader. */
  BMP,
  /** By the JDK's reader; the kinds that it and libtiff understand in the same way. */
  TIFF,
  /** Lossless ones by ourselves, lossy ones by TwelveMonkeys' plug-in. */
  WEBP,
  /** By ourselves. */
  PNM;

  static final int INTERLACED_PNG = 4;
  static final int GIF_STEPS = 2;

  /** What a further scan of a JPEG costs beside its pixels. */
  static final long SCAN_STEPS = 2000;

  /** What a further chunk of a PNG's pixels costs beside these. */
  static final long CHUNK_STEPS = 1000;

  static final int WEBP_STEPS = 8;
  static final int PNM_TEXT = 2;

  /** No header means more than that, and no calculation overflows. */
  private static final long MOST_PIXELS = 1L << 40;

  /** What a row costs beside its pixels. */
  private static final int ROW = 64;

  /**
   * Judges a file by its content.
   *
   * @param watch is asked now and then; what it throws ends the judgement
   * @throws RefusedException if it is not of these formats, damaged, or of a kind that is not read
   */
  public static Encoded read(byte[] file, Runnable watch) throws RefusedException {
    Bytes data = new Bytes(file, ByteOrder.BIG_ENDIAN, watch);
    if (data.has(0, "\u00FF\u00D8\u00FF")) {
      return JpegFile.encoded(data);
    } else if (data.has(0, "\u0089PNG\r\n\u001A\n")) {
      return PngFile.encoded(data);
    } else if (data.has(0, "GIF87a") || data.has(0, "GIF89a")) {
      return GifFile.encoded(data.littleEndian());
    } else if (data.has(0, "RIFF") && data.has(8, "WEBP")) {
      return WebpFile.encoded(data.littleEndian());
    } else if (TiffFile.isTiff(data)) {
      return TiffFile.encoded(data);
    } else if (isPnm(data)) {
      return PnmFile.encoded(data);
    } else if (data.has(0, "BM") && file.length > 18) {
      return BmpFile.encoded(data.littleEndian());
    }
    throw new RefusedException(Foreign.describe(data));
  }

  private static boolean isPnm(Bytes data) throws RefusedException {
    return data.length() > 3
        && data.u8(0) == 'P'
        && data.u8(1) >= '1'
        && data.u8(1) <= '6'
        && (Character.isWhitespace(data.u8(2)) || data.u8(2) == '#');
  }

  /** Checks that a picture has a size at all. */
  static void checkSize(long width, long height) throws RefusedException {
    if (width < 1
        || height < 1
        || Math.max(width, height) > Integer.MAX_VALUE
        || width * height > MOST_PIXELS) {
      throw new RefusedException("the header claims an impossible size of " + width + "x" + height);
    }
  }

  /** Steps for rows of this many pixels. */
  static long rows(long rows, long pixels) {
    return rows * (pixels + ROW);
  }
}
