package dev.thumbnet.data.transform;

import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.engine.Rng;

/**
 * Changes brightness, contrast and saturation by random factors, in random order. A factor is
 * uniform in {@code [max(0, 1 - strength), 1 + strength]}; the arithmetic is that of Pillow's
 * ImageEnhance, which torchvision's ColorJitter uses. Hue is left alone.
 *
 * @param brightness strength, 0 for no change
 * @param contrast strength, 0 for no change
 * @param saturation strength, 0 for no change
 */
public record ColorJitter(double brightness, double contrast, double saturation)
    implements Transform {
  /**
   * Checks the strengths.
   *
   * @throws IllegalArgumentException if one is negative
   */
  public ColorJitter {
    if (!(brightness >= 0 && contrast >= 0 && saturation >= 0)) {
      throw new IllegalArgumentException(
          "strengths must not be negative: " + brightness + ", " + contrast + ", " + saturation);
    }
  }

  @Override
  public RgbImage apply(RgbImage image, Rng rng) {
    float byBrightness = factor(brightness, rng);
    float byContrast = factor(contrast, rng);
    float bySaturation = factor(saturation, rng);
    RgbImage result = image;
    for (int step : rng.permutation(3)) {
      result =
          switch (step) {
            case 0 -> brightness(result, byBrightness);
            case 1 -> contrast(result, byContrast);
            default -> saturation(result, bySaturation);
          };
    }
    return result;
  }

  private static float factor(double strength, Rng rng) {
    double least = Math.max(0, 1 - strength);
    return (float) (least + (1 + strength - least) * rng.nextDouble());
  }

  /** Between black (factor 0), the picture (1), and brighter (above 1). */
  static RgbImage brightness(RgbImage image, float factor) {
    return blendWithGray(image, 0, factor);
  }

  /** Between the picture's mean gray (factor 0), the picture (1), and more contrast (above 1). */
  static RgbImage contrast(RgbImage image, float factor) {
    byte[] in = image.data();
    long sum = 0;
    for (int i = 0; i < in.length; i += 3) {
      sum += luma(in, i);
    }
    return blendWithGray(image, (int) (sum / (in.length / 3.0) + 0.5), factor);
  }

  /** Between the picture in gray (factor 0), the picture (1), and stronger colours (above 1). */
  static RgbImage saturation(RgbImage image, float factor) {
    if (factor == 1) {
      return image;
    }
    byte[] in = image.data();
    byte[] out = new byte[in.length];
    for (int i = 0; i < in.length; i += 3) {
      int gray = luma(in, i);
      for (int c = i; c < i + 3; c++) {
        out[c] = (byte) blend(gray, in[c] & 0xFF, factor);
      }
    }
    return new RgbImage(image.width(), image.height(), out);
  }

  private static RgbImage blendWithGray(RgbImage image, int gray, float factor) {
    if (factor == 1) {
      return image;
    }
    byte[] table = new byte[256];
    for (int v = 0; v < 256; v++) {
      table[v] = (byte) blend(gray, v, factor);
    }
    byte[] in = image.data();
    byte[] out = new byte[in.length];
    for (int i = 0; i < in.length; i++) {
      out[i] = table[in[i] & 0xFF];
    }
    return new RgbImage(image.width(), image.height(), out);
  }

  /** From gray to the value and beyond; truncated, and clamped to 0..255. */
  private static int blend(int gray, int value, float factor) {
    return Math.min(Math.max((int) (gray + factor * (value - gray)), 0), 255);
  }

  /** ITU-R 601 luma with 16-bit weights, rounded. */
  private static int luma(byte[] rgb, int i) {
    return ((rgb[i] & 0xFF) * 19595
            + (rgb[i + 1] & 0xFF) * 38470
            + (rgb[i + 2] & 0xFF) * 7471
            + 0x8000)
        >> 16;
  }
}
