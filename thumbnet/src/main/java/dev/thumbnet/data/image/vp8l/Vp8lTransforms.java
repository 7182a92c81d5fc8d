package dev.thumbnet.data.image.vp8l;

import java.util.function.IntConsumer;

/**
 * What a lossless WebP did to its pixels before it stored them, undone. Pixels are 0xAARRGGBB, row
 * by row, and change in place.
 */
final class Vp8lTransforms {
  private static final int BLACK = 0xFF000000;
  private static final int LOW_BITS = 0x7F7F7F7F;

  private Vp8lTransforms() {}

  /** Adds to each pixel what its neighbours let expect; how, is chosen block by block. */
  static void addPrediction(
      int[] pixels, int width, int height, int[] modes, int blockBits, IntConsumer watch) {
    int across = width + (1 << blockBits) - 1 >> blockBits;
    for (int y = 0, i = 0; y < height; y++) {
      for (int x = 0; x < width; x++, i++) {
        int expected;
        if (y == 0) {
          expected = x == 0 ? BLACK : pixels[i - 1];
        } else if (x == 0) {
          expected = pixels[i - width];
        } else {
          int mode = modes[(y >> blockBits) * across + (x >> blockBits)] >> 8 & 0xF;
          expected = expected(mode, pixels, i, width);
        }
        pixels[i] = sum(pixels[i], expected);
      }
      watch.accept(width);
    }
  }

  /** Right of the last pixel of the row above stands the first of this one. */
  private static int expected(int mode, int[] p, int i, int width) {
    int left = p[i - 1];
    int top = p[i - width];
    int topLeft = p[i - width - 1];
    int topRight = p[i - width + 1];
    return switch (mode) {
      case 1 -> left;
      case 2 -> top;
      case 3 -> topRight;
      case 4 -> topLeft;
      case 5 -> mean(mean(left, topRight), top);
      case 6 -> mean(left, topLeft);
      case 7 -> mean(left, top);
      case 8 -> mean(topLeft, top);
      case 9 -> mean(top, topRight);
      case 10 -> mean(mean(left, topLeft), mean(top, topRight));
      case 11 -> nearer(left, top, topLeft);
      case 12 -> gradient(left, top, topLeft);
      case 13 -> halfGradient(mean(left, top), topLeft);
      default -> BLACK;
    };
  }

  /** Byte by byte. */
  private static int sum(int a, int b) {
    int even = (a & 0x00FF00FF) + (b & 0x00FF00FF) & 0x00FF00FF;
    int odd = (a & 0xFF00FF00) + (b & 0xFF00FF00) & 0xFF00FF00;
    return even | odd;
  }

  /** Byte by byte, rounded down. */
  private static int mean(int a, int b) {
    return ((a ^ b) >>> 1 & LOW_BITS) + (a & b);
  }

  private static int nearer(int left, int top, int topLeft) {
    return distance(top, topLeft) < distance(left, topLeft) ? left : top;
  }

  private static int distance(int a, int b) {
    int sum = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      sum += Math.abs((a >> shift & 0xFF) - (b >> shift & 0xFF));
    }
    return sum;
  }

  private static int gradient(int left, int top, int topLeft) {
    int out = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      int value = (left >> shift & 0xFF) + (top >> shift & 0xFF) - (topLeft >> shift & 0xFF);
      out |= Math.clamp(value, 0, 255) << shift;
    }
    return out;
  }

  private static int halfGradient(int mean, int topLeft) {
    int out = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      int value = mean >> shift & 0xFF;
      int slope = (value - (topLeft >> shift & 0xFF)) / 2;
      out |= Math.clamp(value + slope, 0, 255) << shift;
    }
    return out;
  }

  /** Adds to red and blue what green, and to blue what red, let expect, block by block. */
  static void addColours(
      int[] pixels, int width, int height, int[] factors, int blockBits, IntConsumer watch) {
    int across = width + (1 << blockBits) - 1 >> blockBits;
    for (int y = 0, i = 0; y < height; y++) {
      for (int x = 0; x < width; x++, i++) {
        int factor = factors[(y >> blockBits) * across + (x >> blockBits)];
        int pixel = pixels[i];
        int green = pixel >> 8;
        int red = (pixel >> 16) + scaled(factor, green);
        int blue = pixel + scaled(factor >> 8, green) + scaled(factor >> 16, red);
        pixels[i] = pixel & 0xFF00FF00 | (red & 0xFF) << 16 | blue & 0xFF;
      }
      watch.accept(width);
    }
  }

  /** Both are bytes with sign. */
  private static int scaled(int factor, int colour) {
    return (byte) factor * (byte) colour >> 5;
  }

  static void addGreen(int[] pixels) {
    for (int i = 0; i < pixels.length; i++) {
      int green = pixels[i] >> 8 & 0xFF;
      pixels[i] = sum(pixels[i], green << 16 | green);
    }
  }

  /** Looks up colours; the green of a stored pixel holds the numbers of 1, 2, 4 or 8 pixels. */
  static int[] lookUp(
      int[] stored, int width, int height, int[] colours, int packBits, IntConsumer watch) {
    int across = width + (1 << packBits) - 1 >> packBits;
    int bits = 8 >> packBits;
    int[] out = new int[width * height];
    for (int y = 0, o = 0; y < height; y++) {
      for (int x = 0; x < width; x++, o++) {
        int packed = stored[y * across + (x >> packBits)] >> 8 & 0xFF;
        int place = x & (1 << packBits) - 1;
        int number = packed >> place * bits & (1 << bits) - 1;
        out[o] = number < colours.length ? colours[number] : 0;
      }
      watch.accept(width);
    }
    return out;
  }

  /** Each colour of a palette is stored as the difference to the one before. */
  static void addUp(int[] colours) {
    for (int i = 1; i < colours.length; i++) {
      colours[i] = sum(colours[i], colours[i - 1]);
    }
  }
}
