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
  private final int left;
  private final int right;

  /** Colours of the columns from left to right. */
  private final int[] row;

  Colours(Kind kind, int left, int right) {
    this.kind = kind;
    this.left = left;
    this.right = right;
    this.row = new int[right];
  }

  private static int fixed(double factor) {
    return (int) (factor * (1 << FRACTION_BITS) + 0.5);
  }

  /**
   * Makes a row of pixels.
   *
   * @param rows by component: its samples, each in its column
   * @param out gets three bytes for a pixel
   * @param to where they begin
   */
  void make(int[][] rows, byte[] out, int to) {
    switch (kind) {
      case GRAY -> gray(rows[0]);
      case RGB -> rgb(rows[0], rows[1], rows[2]);
      case DIFFERENCES -> differences(rows[0], rows[1], rows[2]);
      case INKS -> {
        rgb(rows[0], rows[1], rows[2]);
        inks(rows[3]);
      }
      case INKS_AS_DIFFERENCES -> {
        differences(rows[0], rows[1], rows[2]);
        invert();
        inks(rows[3]);
      }
    }
    store(out, to);
  }

  // All rows have the same index: compilers know then that a store does not change what is loaded.

  private void gray(int[] in) {
    int[] to = row;
    for (int x = left; x < right; x++) {
      to[x] = in[x] * 0x010101;
    }
  }

  private void rgb(int[] red, int[] green, int[] blue) {
    int[] to = row;
    for (int x = left; x < right; x++) {
      to[x] = red[x] | green[x] << 8 | blue[x] << 16;
    }
  }

  private void differences(int[] brightness, int[] blues, int[] reds) {
    int[] to = row;
    for (int x = left; x < right; x++) {
      int y = brightness[x];
      int blue = blues[x] - 128;
      int red = reds[x] - 128;
      int first = y + (RED_OF_R * red + HALF >> FRACTION_BITS);
      int second = y + (HALF - GREEN_OF_B * blue - GREEN_OF_R * red >> FRACTION_BITS);
      int third = y + (BLUE_OF_B * blue + HALF >> FRACTION_BITS);
      to[x] =
          Math.max(0, Math.min(255, first))
              | Math.max(0, Math.min(255, second)) << 8
              | Math.max(0, Math.min(255, third)) << 16;
    }
  }

  private void invert() {
    int[] to = row;
    for (int x = left; x < right; x++) {
      to[x] ^= 0xFFFFFF;
    }
  }

  private void inks(int[] blacks) {
    int[] to = row;
    for (int x = left; x < right; x++) {
      int black = blacks[x];
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
    int x = left;
    int o = to;
    for (; x + 4 <= right; x += 4, o += 12) {
      INTS.set(out, o, in[x] | in[x + 1] << 24);
      INTS.set(out, o + 4, in[x + 1] >> 8 | in[x + 2] << 16);
      INTS.set(out, o + 8, in[x + 2] >> 16 | in[x + 3] << 8);
    }
    for (; x < right; x++, o += 3) {
      out[o] = (byte) in[x];
      out[o + 1] = (byte) (in[x] >> 8);
      out[o + 2] = (byte) (in[x] >> 16);
    }
  }
}
