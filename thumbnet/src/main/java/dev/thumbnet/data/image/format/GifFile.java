package dev.thumbnet.data.image.format;

/**
 * Finds the first frame of a GIF file and its place on the screen. The copy has its pixels alone.
 */
final class GifFile {
  private static final int FRAME = 0x2C;
  private static final int EXTENSION = 0x21;
  private static final int TRAILER = 0x3B;

  /** Bytes of the header with the screen's description. */
  private static final int HEADER = 13;

  private static final int FRAME_HEADER = 10;

  private final Bytes data;
  private int transparent = -1;

  private GifFile(Bytes data) {
    this.data = data;
  }

  static Encoded encoded(Bytes data) throws RefusedException {
    return new GifFile(data).encoded();
  }

  private Encoded encoded() throws RefusedException {
    int screenWidth = data.u16(6);
    int screenHeight = data.u16(8);
    int global = tableBytes(data.u8(10));
    int frame = findFrame(HEADER + global);
    int left = data.u16(frame + 1);
    int top = data.u16(frame + 3);
    int width = data.u16(frame + 5);
    int height = data.u16(frame + 7);
    int flags = data.u8(frame + 9);
    int local = tableBytes(flags);
    int pixels = frame + FRAME_HEADER + local;
    Format.checkSize(width, height);
    int end = endOfBlocks(pixels + 1);
    // As in Pillow: a frame that leaves the screen makes it larger.
    int w = Math.max(screenWidth, left + width);
    int h = Math.max(screenHeight, top + height);
    Format.checkSize(w, h);
    boolean whole = left == 0 && top == 0 && width == w && height == h;
    int[] palette = local > 0 ? palette(frame + FRAME_HEADER, local) : palette(HEADER, global);
    Encoded.Layout placed = whole ? Encoded.PLAIN : new Encoded.Placed(left, top, fill(palette));
    boolean interlaced = (flags & 0x40) != 0;
    return new Encoded(
        Format.GIF,
        new Pieces().add(data.file(), pixels, end),
        w,
        h,
        3L * width * height,
        0,
        Format.GIF_STEPS * Format.rows(height, width),
        new Encoded.Frame(placed, 0, width, height, interlaced, palette),
        1);
  }

  private static int tableBytes(int flags) {
    return (flags & 0x80) == 0 ? 0 : 3 << (flags & 7) + 1;
  }

  /** The colours of a table; a picture without one is gray. */
  private int[] palette(int at, int bytes) throws RefusedException {
    int[] palette = new int[bytes == 0 ? 256 : bytes / 3];
    for (int i = 0; i < palette.length; i++) {
      palette[i] =
          bytes == 0
              ? i * 0x010101
              : data.u8(at + 3 * i) << 16 | data.u8(at + 3 * i + 1) << 8 | data.u8(at + 3 * i + 2);
    }
    return palette;
  }

  private int findFrame(int from) throws RefusedException {
    int at = from;
    while (true) {
      int block = data.u8(at);
      if (block == FRAME) {
        return at;
      } else if (block == EXTENSION) {
        if (data.u8(at + 1) == 0xF9 && data.u8(at + 2) == 4 && (data.u8(at + 3) & 1) != 0) {
          transparent = data.u8(at + 6);
        }
        at = endOfBlocks(at + 2);
      } else if (block == TRAILER) {
        throw new RefusedException("is a GIF without a picture");
      } else {
        at++; // junk, which others pass over, too
      }
    }
  }

  private int endOfBlocks(int from) throws RefusedException {
    int at = from;
    while (data.u8(at) != 0) {
      at += 1 + data.u8(at);
    }
    return at + 1;
  }

  /** What Pillow shows around a small frame: its transparent colour, or the first. */
  private int fill(int[] palette) {
    int index = Math.max(0, transparent);
    return index < palette.length ? palette[index] : 0;
  }
}
