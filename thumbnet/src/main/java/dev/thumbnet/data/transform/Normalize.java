package dev.thumbnet.data.transform;

import dev.thumbnet.data.image.RgbImage;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Turns 8-bit pictures into the floats a network sees: {@code (value / 255 - mean) / std} for each
 * channel, in float arithmetic, as torchvision's ToTensor and Normalize compute it; and back.
 * Immutable and thread-safe.
 */
public final class Normalize {
  private static final int LEVELS = 256;

  /** The largest magnitude of a normalised colour: far beyond any of use. */
  private static final float LARGEST = 1e6f;

  /** The smallest difference of black and white. */
  private static final float SMALLEST = 1e-6f;

  private final float[] mean;
  private final float[] std;
  private final float[] table = new float[3 * LEVELS];

  /**
   * With the given statistics of pictures in [0, 1].
   *
   * @param mean of red, green and blue
   * @param std standard deviation of red, green and blue, above 0
   * @throws IllegalArgumentException unless there are three of each, deviations are positive, and
   *     black is less than white by at least a millionth and neither beyond a million
   */
  public Normalize(float[] mean, float[] std) {
    if (mean.length != 3 || std.length != 3 || !(std[0] > 0 && std[1] > 0 && std[2] > 0)) {
      throw new IllegalArgumentException(
          "needs three means and three deviations above 0, got "
              + Arrays.toString(mean)
              + " and "
              + Arrays.toString(std));
    }
    this.mean = mean.clone();
    this.std = std.clone();
    for (int c = 0; c < 3; c++) {
      for (int v = 0; v < LEVELS; v++) {
        table[c * LEVELS + v] = (v / 255f - mean[c]) / std[c];
      }
      float black = table[c * LEVELS];
      float white = table[c * LEVELS + LEVELS - 1];
      if (!(black >= -LARGEST && white - black >= SMALLEST && white <= LARGEST)) {
        throw new IllegalArgumentException(
            "with the mean "
                + mean[c]
                + " and the deviation "
                + std[c]
                + " colours would be from "
                + black
                + " to "
                + white);
      }
    }
  }

  /** The statistics of ImageNet, which are customary for photographs. */
  public static Normalize imageNet() {
    return new Normalize(
        new float[] {0.485f, 0.456f, 0.406f}, new float[] {0.229f, 0.224f, 0.225f});
  }

  /** The means of red, green and blue, a copy. */
  public float[] mean() {
    return mean.clone();
  }

  /** The deviations of red, green and blue, a copy. */
  public float[] std() {
    return std.clone();
  }

  /** Tells whether another one has the same statistics. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Normalize that
        && Arrays.equals(mean, that.mean)
        && Arrays.equals(std, that.std);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(mean) + Arrays.hashCode(std);
  }

  @Override
  public String toString() {
    return "mean " + Arrays.toString(mean) + ", std " + Arrays.toString(std);
  }

  /** What black becomes, in red, green and blue. */
  public float[] black() {
    return new float[] {table[0], table[LEVELS], table[2 * LEVELS]};
  }

  /** What white becomes, in red, green and blue. */
  public float[] white() {
    return new float[] {table[LEVELS - 1], table[2 * LEVELS - 1], table[3 * LEVELS - 1]};
  }

  /**
   * Writes a picture as floats.
   *
   * @param out receives (height, width, 3) values
   * @param offset where in {@code out} to start
   */
  public void apply(RgbImage image, float[] out, int offset) {
    byte[] in = image.data();
    for (int i = 0, o = offset; i < in.length; i += 3, o += 3) {
      out[o] = table[in[i] & 0xFF];
      out[o + 1] = table[LEVELS + (in[i + 1] & 0xFF)];
      out[o + 2] = table[2 * LEVELS + (in[i + 2] & 0xFF)];
    }
  }

  /** A picture as (height, width, 3) floats. */
  public float[] apply(RgbImage image) {
    float[] out = new float[image.data().length];
    apply(image, out, 0);
    return out;
  }

  /**
   * The way back: a picture from floats, clamped to the range of colours and rounded to 8 bits.
   *
   * @param values holds (height, width, 3) values from {@code offset} on
   * @param offset where in {@code values} the picture starts
   */
  public RgbImage toImage(float[] values, int offset, int width, int height) {
    byte[] out = new byte[3 * width * height];
    for (int i = 0; i < out.length; i++) {
      float v = (values[offset + i] * std[i % 3] + mean[i % 3]) * 255f;
      out[i] = (byte) Math.round(Math.min(Math.max(v, 0f), 255f));
    }
    return new RgbImage(width, height, out);
  }
}
