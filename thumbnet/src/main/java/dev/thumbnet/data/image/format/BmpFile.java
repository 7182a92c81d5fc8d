package dev.thumbnet.data.image.format;

/** Reads the header of a BMP file. */
final class BmpFile {
  private static final int HEADER = 14;
  private static final int OLD_HEADER = 12;

  private BmpFile() {}

  static Encoded encoded(Bytes data) throws RefusedException {
    long headerBytes = data.u32(HEADER);
    boolean old = headerBytes == OLD_HEADER;
    if (!old && (headerBytes < 40 || headerBytes > 124)) {
      throw new RefusedException(
          "is a BMP with a header of " + headerBytes + " bytes, which is not read");
    }
    long width = old ? data.u16(HEADER + 4) : data.i32(HEADER + 4);
    long height = old ? data.u16(HEADER + 6) : Math.abs((long) data.i32(HEADER + 8));
    int bits = data.u16(HEADER + (old ? 10 : 14));
    long compression = old ? 0 : data.u32(HEADER + 16);
    if (!isKnown(bits, compression)) {
      throw new RefusedException(
          "is a BMP of " + bits + " bits with compression " + compression + ", which is not read");
    }
    Format.checkSize(width, height);
    // Rows come uncompressed or run by run; runs are unpacked in a buffer of their own.
    long row = 4 * Math.ceilDiv(width * bits, 32);
    long raster = row * height;
    long memory = 2 * raster + width * height + 64 * width;
    return new Encoded(
        Format.BMP,
        new Pieces().add(data.file()),
        (int) width,
        (int) height,
        memory,
        raster,
        Format.rows(height, width),
        Encoded.PLAIN,
        1);
  }

  /** Plain, 8- and 4-bit runs, colours by bit masks. */
  private static boolean isKnown(int bits, long compression) {
    return switch ((int) compression) {
      case 0 -> bits == 1 || bits == 4 || bits == 8 || bits == 16 || bits == 24 || bits == 32;
      case 1 -> bits == 8;
      case 2 -> bits == 4;
      case 3 -> bits == 16 || bits == 32;
      default -> false;
    };
  }
}
