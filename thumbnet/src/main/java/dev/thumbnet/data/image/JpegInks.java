package dev.thumbnet.data.image;

import java.awt.image.DataBufferByte;
import java.awt.image.Raster;

/**
 * Makes colours of the four inks of a JPEG by the plain formula, as libjpeg and Pillow do: inks are
 * stored inverted, as Adobe's programs do, and each colour is what its ink and the black one let
 * through.
 */
final class JpegInks {
  private static final int FRACTION_BITS = 16;
  private static final int HALF = 1 << FRACTION_BITS - 1;
  private static final int RED_OF_CR = fixed(1.40200);
  private static final int GREEN_OF_CR = fixed(0.71414);
  private static final int GREEN_OF_CB = fixed(0.34414);
  private static final int BLUE_OF_CB = fixed(1.77200);

  private JpegInks() {}

  private static int fixed(double factor) {
    return (int) (factor * (1 << FRACTION_BITS) + 0.5);
  }

  /**
   * Converts the bytes of a JPEG with four components.
   *
   * @param ycck whether the first three are brightness and colour
   */
  static RgbImage toRgb(Raster raster, boolean ycck, DecodeWatch watch) {
    int width = raster.getWidth();
    int height = raster.getHeight();
    byte[] in = ((DataBufferByte) raster.getDataBuffer()).getData();
    byte[] out = new byte[3 * width * height];
    for (int y = 0, i = 0, o = 0; y < height; y++) {
      for (int x = 0; x < width; x++, i += 4, o += 3) {
        int black = in[i + 3] & 0xFF;
        if (ycck) {
          fromYcck(in[i] & 0xFF, (in[i + 1] & 0xFF) - 128, (in[i + 2] & 0xFF) - 128, black, out, o);
        } else {
          for (int c = 0; c < 3; c++) {
            out[o + c] = through(in[i + c] & 0xFF, black);
          }
        }
      }
      watch.check(width);
    }
    return new RgbImage(width, height, out);
  }

  /**
   * The stored inks are the complements of what this formula gives, which is why they are inverted
   * here and not there.
   */
  private static void fromYcck(int y, int cb, int cr, int black, byte[] out, int o) {
    int red = y + (RED_OF_CR * cr + HALF >> FRACTION_BITS);
    int green = y + (-GREEN_OF_CB * cb - GREEN_OF_CR * cr + HALF >> FRACTION_BITS);
    int blue = y + (BLUE_OF_CB * cb + HALF >> FRACTION_BITS);
    out[o] = through(255 - Math.clamp(red, 0, 255), black);
    out[o + 1] = through(255 - Math.clamp(green, 0, 255), black);
    out[o + 2] = through(255 - Math.clamp(blue, 0, 255), black);
  }

  /** Both as they are stored: 255 is no ink. */
  private static byte through(int ink, int black) {
    return (byte) ((ink * black + 127) / 255);
  }
}
