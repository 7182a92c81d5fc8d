package dev.thumbnet.data.image.jpeg;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Makes red, green and blue of a row of components, with libjpeg's integers of 16 bits behind the
 * point, to the bit. Of brightness Y and colour differences B, R, 128 taken out:
 *
 * <pre>
 *   r = Y + 1.402 R,  g = Y − 0.34414 B − 0.71414 R,  b = Y + 1.772 B
 * </pre>
 *
 * each sum of products rounded, the result confined to 0 … 255. Of four inks, which are stored
 * inverted, as Adobe's programs do, each colour is what its ink c and the black one k let through,
 * round(c k / 255); if they are stored as brightness and differences, c is 255 − r and so on. That
 * is what Pillow makes of them.
 *
 * <p>Colours are first worked out as numbers 0xBBGGRR, in a loop without bytes, which compilers
 * make vectors of; then four such numbers become three.
 */
final class Colours {
  /** What the components are. */
  enum Kind {
    GRAY,
    RGB,
    DIFFERENCES,
    INKS,
    INKS_AS_DIFFERENCES
  }

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int FRACTION_BITS = 16;
  private static final int HALF = 1 << FRACTION_BITS - 1;
  private static final int RED_OF_R = fixed(1.40200);
  private static final int GREEN_OF_R = fixed(0.71414);
  private static final int GREEN_OF_B = fixed(0.34414);
  private static final int BLUE_OF_B = fixed(1.77200);

  private final Kind kind;
  private final int[] row;

  Colours(Kind kind, int width) {
    this.kind = kind;
    this.row = new int[width];
  }

  private static int fixed(double factor) {
    return (int) (factor * (1 << FRACTION_BITS) + 0.5);
  }

  /** Bytes that it holds. */
  static long bytes(int width) {
    return Integer.BYTES * (long) width;
  }

  /**
   * Makes a row of pixels.
   *
   * @param rows by component: has its samples
   * @param from by component: where they begin
   * @param out gets three bytes for a pixel
   * @param to where they begin
   */
  void make(int[][] rows, int[] from, byte[] out, int to) {
    switch (kind) {
      case GRAY -> gray(rows[0], from[0]);
      case RGB -> rgb(rows, from);
      case DIFFERENCES -> differences(rows, from);
      case INKS -> {
        rgb(rows, from);
        inks(rows[3], from[3]);
      }
      case INKS_AS_DIFFERENCES -> {
        differences(rows, from);
        for (int x = 0; x < row.length; x++) {
          row[x] ^= 0xFFFFFF;
        }
        inks(rows[3], from[3]);
      }
    }
    store(out, to);
  }

  private void gray(int[] in, int from) {
    int[] to = row;
    for (int x = 0; x < to.length; x++) {
      to[x] = in[from + x] * 0x010101;
    }
  }

  private void rgb(int[][] rows, int[] from) {
    int[] to = row;
    int[] red = rows[0];
    int[] green = rows[1];
    int[] blue = rows[2];
    int r = from[0];
    int g = from[1];
    int b = from[2];
    for (int x = 0; x < to.length; x++) {
      to[x] = red[r + x] | green[g + x] << 8 | blue[b + x] << 16;
    }
  }

  private void differences(int[][] rows, int[] from) {
    int[] to = row;
    int[] brightness = rows[0];
    int[] blues = rows[1];
    int[] reds = rows[2];
    int f = from[0];
    int b = from[1];
    int r = from[2];
    for (int x = 0; x < to.length; x++) {
      int y = brightness[f + x];
      int blue = blues[b + x] - 128;
      int red = reds[r + x] - 128;
      int first = y + (RED_OF_R * red + HALF >> FRACTION_BITS);
      int second = y + (HALF - GREEN_OF_B * blue - GREEN_OF_R * red >> FRACTION_BITS);
      int third = y + (BLUE_OF_B * blue + HALF >> FRACTION_BITS);
      to[x] =
          Math.max(0, Math.min(255, first))
              | Math.max(0, Math.min(255, second)) << 8
              | Math.max(0, Math.min(255, third)) << 16;
    }
  }

  private void inks(int[] blacks, int from) {
    int[] to = row;
    for (int x = 0; x < to.length; x++) {
      int black = blacks[from + x];
      int inks = to[x];
      to[x] =
          through(inks & 0xFF, black)
              | through(inks >> 8 & 0xFF, black) << 8
              | through(inks >> 16 & 0xFF, black) << 16;
    }
  }

  /** The quotient by 255, rounded. */
  private static int through(int ink, int black) {
    int product = ink * black + 128;
    return product + (product >> 8) >> 8;
  }

  private void store(byte[] out, int to) {
    int[] in = row;
    int x = 0;
    int o = to;
    for (; x + 4 <= in.length; x += 4, o += 12) {
      INTS.set(out, o, in[x] | in[x + 1] << 24);
      INTS.set(out, o + 4, in[x + 1] >> 8 | in[x + 2] << 16);
      INTS.set(out, o + 8, in[x + 2] >> 16 | in[x + 3] << 8);
    }
    for (; x < in.length; x++, o += 3) {
      out[o] = (byte) in[x];
      out[o + 1] = (byte) (in[x] >> 8);
      out[o + 2] = (byte) (in[x] >> 16);
    }
  }
}
