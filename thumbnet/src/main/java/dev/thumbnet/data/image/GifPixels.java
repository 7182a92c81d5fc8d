package dev.thumbnet.data.image;

import dev.thumbnet.data.image.format.Encoded;
import java.io.EOFException;
import java.io.IOException;

/**
 * Decodes the frame of a GIF: strings of pixels, each of which is an earlier string and one pixel
 * more (LZW). Ours, because the JDK's reader gives a picture of data that end too early.
 */
final class GifPixels {
  private static final int MOST_BITS = 12;
  private static final int MOST_CODES = 1 << MOST_BITS;

  /** First row and distance of rows of the four passes of an interlaced picture. */
  private static final int[][] PASSES = {{0, 8}, {4, 8}, {2, 4}, {1, 2}};

  private final byte[] file;
  private final Encoded.Frame frame;
  private final byte[] out;
  private final DecodeWatch watch;

  /** By code: the last pixel of its string, the code of what is before that, and its length. */
  private final byte[] last = new byte[MOST_CODES];

  private final short[] before = new short[MOST_CODES];
  private final short[] length = new short[MOST_CODES];
  private final byte[] string = new byte[MOST_CODES];

  private int at;
  private int blockLeft;
  private int bits;
  private int bitCount;

  // Where the next pixel goes.
  private int x;
  private int y;
  private int pass;
  private int pixelsLeft;

  private GifPixels(byte[] file, Encoded.Frame frame, DecodeWatch watch) {
    this.file = file;
    this.frame = frame;
    this.watch = watch;
    this.at = frame.from();
    this.pixelsLeft = frame.width() * frame.height();
    this.out = new byte[3 * pixelsLeft];
  }

  static RgbImage decode(byte[] file, Encoded.Frame frame, DecodeWatch watch) throws IOException {
    GifPixels pixels = new GifPixels(file, frame, watch);
    pixels.decode();
    return new RgbImage(frame.width(), frame.height(), pixels.out);
  }

  private void decode() throws IOException {
    int depth = u8();
    if (depth < 1 || depth >= MOST_BITS) {
      throw new IOException("pixels of " + depth + " bits");
    }
    int clear = 1 << depth;
    for (int i = 0; i < clear; i++) {
      last[i] = (byte) i;
      length[i] = 1;
    }
    int size = depth + 1;
    int next = clear + 2;
    int previous = -1;
    while (pixelsLeft > 0) {
      int code = code(size);
      if (code == clear) {
        size = depth + 1;
        next = clear + 2;
        previous = -1;
        continue;
      } else if (code == clear + 1) {
        throw new EOFException();
      } else if (previous < 0 ? code > clear : code > next) {
        throw new IOException("a string of pixels that was never seen");
      }
      if (previous >= 0 && next < MOST_CODES) {
        // The string that is being named may be the one that this code makes.
        last[next] = first(code == next ? previous : code);
        before[next] = (short) previous;
        length[next] = (short) (length[previous] + 1);
        next++;
        if (next == 1 << size && size < MOST_BITS) {
          size++;
        }
      } else if (code >= next) {
        throw new IOException("a string of pixels that was never seen");
      }
      put(code);
      previous = code;
    }
  }

  private byte first(int code) {
    int c = code;
    while (length[c] > 1) {
      c = before[c];
    }
    return last[c];
  }

  private void put(int code) {
    int n = length[code];
    for (int i = n - 1, c = code; i >= 0; i--, c = before[c]) {
      string[i] = last[c];
    }
    int[] palette = frame.palette();
    for (int i = 0; i < n && pixelsLeft > 0; i++, pixelsLeft--) {
      int index = string[i] & 0xFF;
      // A broken file may name colours which its palette does not have: black.
      int rgb = index < palette.length ? palette[index] : 0;
      int o = 3 * (y * frame.width() + x);
      out[o] = (byte) (rgb >> 16);
      out[o + 1] = (byte) (rgb >> 8);
      out[o + 2] = (byte) rgb;
      if (++x == frame.width()) {
        nextRow();
      }
    }
  }

  private void nextRow() {
    watch.check(frame.width());
    x = 0;
    if (!frame.interlaced()) {
      y++;
      return;
    }
    y += PASSES[pass][1];
    while (y >= frame.height() && pass + 1 < PASSES.length) {
      y = PASSES[++pass][0];
    }
  }

  private int code(int size) throws IOException {
    while (bitCount < size) {
      if (blockLeft == 0) {
        blockLeft = u8();
        if (blockLeft == 0) {
          throw new EOFException();
        }
      }
      bits |= u8() << bitCount;
      blockLeft--;
      bitCount += 8;
    }
    int code = bits & (1 << size) - 1;
    bits >>>= size;
    bitCount -= size;
    return code;
  }

  private int u8() throws IOException {
    if (at >= file.length) {
      throw new EOFException();
    }
    return file[at++] & 0xFF;
  }
}
