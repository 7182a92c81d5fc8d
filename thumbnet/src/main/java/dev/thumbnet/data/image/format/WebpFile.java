package dev.thumbnet.data.image.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Walks through the chunks of a WebP file, which is a RIFF container, to its first picture. The
 * copy has that picture alone: no profile, no transparency, no other frames.
 */
final class WebpFile {
  private static final int HEADER = 12;
  private static final int CHUNK = 8;
  private static final int FRAME = 16;

  /** What prefix codes may take: libwebp writes some thousand sets at most. */
  private static final long MOST_CODE_BYTES = 32 << 20;

  private static final long LEAST_CODE_BYTES = 1 << 16;

  /** More than the shortest codes take for each byte of theirs. */
  private static final long CODE_BYTES_PER_BYTE = 1200;

  private final Bytes data;
  private int orientation = 1;
  private int canvasWidth;
  private int canvasHeight;
  private int left;
  private int top;
  private @Nullable Encoded picture;

  private WebpFile(Bytes data) {
    this.data = data;
  }

  static Encoded encoded(Bytes data) throws RefusedException {
    WebpFile webp = new WebpFile(data);
    webp.walk();
    Encoded found = webp.picture;
    if (found == null) {
      throw RefusedException.truncated();
    }
    return found.turned(webp.orientation);
  }

  private void walk() throws RefusedException {
    long at = HEADER;
    long end = data.length();
    while (at + CHUNK <= end) {
      long content = at + CHUNK;
      long length = data.u32(at + 4);
      if (picture == null) {
        look(at, content, length);
      }
      if (data.has(at, "EXIF") && content + length <= end && orientation == 1) {
        // Some writers copy the name which the block has in a JPEG.
        long start = data.has(content, "Exif\0\0") ? content + 6 : content;
        orientation = ExifTag.orientation(data.file(), (int) start, (int) (content + length));
      }
      at = content + length + (length & 1);
    }
  }

  private void look(long at, long content, long length) throws RefusedException {
    if (data.has(at, "VP8X")) {
      canvasWidth = u24(content + 4) + 1;
      canvasHeight = u24(content + 7) + 1;
    } else if (data.has(at, "ANMF")) {
      left = 2 * u24(content);
      top = 2 * u24(content + 3);
      frame(content + FRAME, Math.min(data.length(), content + length));
    } else {
      lookForPixels(at, data.length());
    }
  }

  /** Looks through the chunks of a frame, which has no frames in it. */
  private void frame(long from, long end) throws RefusedException {
    for (long at = from; picture == null && at + CHUNK <= end; ) {
      lookForPixels(at, end);
      long length = data.u32(at + 4);
      at += CHUNK + length + (length & 1);
    }
  }

  /** Takes a chunk that holds pixels, which must end before what holds it does. */
  private void lookForPixels(long at, long end) throws RefusedException {
    boolean lossless = data.has(at, "VP8L");
    if (lossless || data.has(at, "VP8 ")) {
      long content = at + CHUNK;
      long length = data.u32(at + 4);
      if (content + length > end) {
        throw RefusedException.truncated();
      }
      picture = lossless ? lossless(content, (int) length) : lossy(content, (int) length);
    }
  }

  private int u24(long at) throws RefusedException {
    return data.u16(at) | data.u8(at + 2) << 16;
  }

  private Encoded lossy(long at, int length) throws RefusedException {
    if (length < 10 || (data.u8(at) & 1) != 0 || !data.has(at + 3, "\u009D\1*")) {
      throw RefusedException.damaged("a WebP whose picture has no sound header");
    }
    int width = data.u16(at + 6) & 0x3FFF;
    int height = data.u16(at + 8) & 0x3FFF;
    Encoded.Layout placed = placed(width, height);
    // Planes of brightness and colour with their borders, and the picture made of them.
    long raster = 4L * width * height;
    long memory = raster + 4 * (width + 48L) * (height + 48L);
    return new Encoded(
        Format.WEBP,
        copy("VP8 ", at, length),
        canvasWidth,
        canvasHeight,
        memory,
        raster,
        Format.WEBP_STEPS * Format.rows(height, width),
        placed,
        1);
  }

  private Encoded lossless(long at, int length) throws RefusedException {
    if (length < 5 || data.u8(at) != 0x2F) {
      throw RefusedException.damaged("a WebP whose picture has no sound header");
    }
    long sizes = data.u32(at + 1);
    int width = (int) (sizes & 0x3FFF) + 1;
    int height = (int) (sizes >> 14 & 0x3FFF) + 1;
    Encoded.Layout placed = placed(width, height);
    // Pixels before and after their colours are looked up, and three small images beside them.
    long blocks = (width / 4 + 1L) * (height / 4 + 1L);
    long codeBytes = Math.min(MOST_CODE_BYTES, LEAST_CODE_BYTES + CODE_BYTES_PER_BYTE * length);
    long memory = 8L * width * height + 12 * blocks + codeBytes;
    return new Encoded(
        Format.WEBP,
        copy("VP8L", at, length),
        canvasWidth,
        canvasHeight,
        memory,
        4L * width * height,
        Format.WEBP_STEPS * Format.rows(height, width),
        new Encoded.Lossless(placed, HEADER + CHUNK, width, height, codeBytes),
        1);
  }

  /** The place of a picture on the canvas, which has the picture's size if the file has none. */
  private Encoded.Layout placed(int width, int height) throws RefusedException {
    Format.checkSize(width, height);
    canvasWidth = Math.max(canvasWidth, width);
    canvasHeight = Math.max(canvasHeight, height);
    if (left + width > canvasWidth || top + height > canvasHeight) {
      throw RefusedException.damaged("a WebP whose first frame leaves its canvas");
    }
    boolean whole = canvasWidth == width && canvasHeight == height;
    return whole ? Encoded.PLAIN : new Encoded.Placed(left, top, 0);
  }

  /** A file of this one picture. */
  private Pieces copy(String name, long at, int length) throws RefusedException {
    ByteBuffer header = ByteBuffer.allocate(HEADER + CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    header.put("RIFF".getBytes(StandardCharsets.ISO_8859_1));
    header.putInt(4 + CHUNK + length + (length & 1));
    header.put(("WEBP" + name).getBytes(StandardCharsets.ISO_8859_1));
    header.putInt(length);
    return new Pieces()
        .add(header.array())
        .add(data.file(), (int) at, (int) at + length)
        .add(new byte[length & 1]);
  }
}
