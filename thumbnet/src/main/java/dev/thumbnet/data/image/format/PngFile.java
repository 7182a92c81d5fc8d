package dev.thumbnet.data.image.format;

/**
 * Walks through the chunks of a PNG file. The copy has the header, the palette and the pixels:
 * texts and profiles, where small files unpack to gigabytes, are left out, and so is transparency,
 * because stored colours are what counts.
 */
final class PngFile {
  private static final byte[] END = {
    0, 0, 0, 0, 'I', 'E', 'N', 'D', (byte) 0xAE, 0x42, 0x60, (byte) 0x82
  };
  private static final int SIGNATURE = 8;
  private static final int HEADER_LENGTH = 13;

  private final Bytes data;
  private final Pieces kept = new Pieces();
  private int orientation = 1;

  /** How many have pixels. */
  private int chunks;

  /** Whether there was a text that should say it, of which a file has one. */
  private boolean exifText;

  private PngFile(Bytes data) {
    this.data = data;
  }

  static Encoded encoded(Bytes data) throws RefusedException {
    return new PngFile(data).encoded();
  }

  private Encoded encoded() throws RefusedException {
    if (data.has(SIGNATURE + 4, "CgBI")) {
      throw new RefusedException(
          "is a PNG in the form that only iPhones read; save it as a usual PNG");
    }
    if (!data.has(SIGNATURE + 4, "IHDR") || data.u32(SIGNATURE) != HEADER_LENGTH) {
      throw RefusedException.damaged("a PNG that does not begin with its header");
    }
    long width = data.u32(SIGNATURE + 8);
    long height = data.u32(SIGNATURE + 12);
    int depth = data.u8(SIGNATURE + 16);
    int samples = samples(data.u8(SIGNATURE + 17), depth);
    int interlaced = data.u8(SIGNATURE + 20);
    if (interlaced > 1) {
      throw RefusedException.damaged("a PNG with interlace method " + interlaced);
    }
    Format.checkSize(width, height);
    walk();
    long row = Math.ceilDiv(width * samples * depth, 8);
    // The picture; two rows as they come, and one or two as samples.
    long raster = row * height;
    long memory = raster + 8 * row + 8 * width * samples;
    long work =
        interlaced == 0
            ? Format.rows(height, width)
            : Format.INTERLACED_PNG * Format.rows(2 * height, width / 2 + 1);
    return new Encoded(
        Format.PNG,
        kept.add(END),
        (int) width,
        (int) height,
        memory,
        raster,
        work + Format.CHUNK_STEPS * (chunks - 1),
        Encoded.PLAIN,
        orientation);
  }

  /** How many samples a pixel has. */
  private static int samples(int colourType, int depth) throws RefusedException {
    boolean power = Integer.bitCount(depth) == 1;
    int samples =
        switch (colourType) {
          case 0 -> power && depth <= 16 ? 1 : 0;
          case 3 -> power && depth <= 8 ? 1 : 0;
          case 2 -> depth == 8 || depth == 16 ? 3 : 0;
          case 4 -> depth == 8 || depth == 16 ? 2 : 0;
          case 6 -> depth == 8 || depth == 16 ? 4 : 0;
          default -> 0;
        };
    if (samples == 0) {
      throw RefusedException.damaged(
          "a PNG of colour type " + colourType + " with " + depth + " bits a sample");
    }
    return samples;
  }

  private void walk() throws RefusedException {
    kept.add(data.file(), 0, SIGNATURE);
    long at = SIGNATURE;
    while (at + 8 <= data.length() && !data.has(at + 4, "IEND")) {
      long end = at + 12 + data.u32(at);
      boolean isPixels = data.has(at + 4, "IDAT");
      if (end - 4 > data.length() && (chunks == 0 || isPixels)) {
        throw RefusedException.truncated();
      }
      boolean isHeader = at == SIGNATURE || chunks == 0 && data.has(at + 4, "PLTE");
      if (isPixels || isHeader) {
        kept.add(data.file(), (int) at, (int) Math.min(end, data.length()));
        if (end > data.length()) {
          kept.add(new byte[(int) (end - data.length())]); // of its checksum, which nobody reads
        }
        chunks += isPixels ? 1 : 0;
      } else if (end <= data.length() && orientation == 1) {
        orientation = orientation((int) at, (int) end - 4);
      }
      at = end;
    }
    if (chunks == 0) {
      throw RefusedException.truncated();
    }
  }

  /** What a chunk says about the orientation; programs without EXIF chunks write it as text. */
  private int orientation(int at, int end) {
    if (data.has(at + 4, "eXIf")) {
      return ExifTag.orientation(data.file(), at + 8, end);
    }
    boolean isText = data.has(at + 4, "tEXt") || data.has(at + 4, "zTXt");
    if (isText && !exifText && PngText.isExif(data, at + 8, end)) {
      exifText = true;
      byte[] exif = PngText.exif(data, at + 8, end, data.has(at + 4, "zTXt"));
      return ExifTag.orientation(exif, 0, exif.length);
    }
    return 1;
  }
}
