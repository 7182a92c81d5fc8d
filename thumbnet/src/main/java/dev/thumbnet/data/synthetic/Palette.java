package dev.thumbnet.data.synthetic;

import dev.thumbnet.engine.Rng;

/** Colours of the synthetic pictures, drawn so that no class can be told by its colours. */
final class Palette {
  private Palette() {}

  /** A colour from hue (in turns, any number), saturation and brightness (0 to 1). */
  static float[] hsv(double hue, double saturation, double value) {
    float[] rgb = new float[3];
    double h = hue - Math.floor(hue);
    for (int c = 0; c < 3; c++) {
      // Distance of the hue from that of the primary colour, in sixths of the circle.
      double d = Math.abs(h - c / 3.0);
      double sixths = 6 * Math.min(d, 1 - d);
      double share = Math.min(1, Math.max(0, 2 - sixths));
      rgb[c] = (float) (255 * value * (1 - saturation * (1 - share)));
    }
    return rgb;
  }

  static float[] mix(float[] a, float[] b, double t) {
    float[] rgb = new float[3];
    for (int c = 0; c < 3; c++) {
      rgb[c] = (float) (a[c] + t * (b[c] - a[c]));
    }
    return rgb;
  }

  static float[] scaled(float[] colour, double factor) {
    return mix(new float[3], colour, factor);
  }

  static double between(Rng rng, double from, double to) {
    return from + (to - from) * rng.nextDouble();
  }

  /** Any colour that is neither very dark nor very bright. */
  static float[] any(Rng rng) {
    return hsv(rng.nextDouble(), between(rng, 0.05, 0.75), between(rng, 0.35, 0.95));
  }

  /** The sky at zenith and at the horizon, at some time of the day and in some weather. */
  static float[][] sky(Rng rng) {
    double shift = between(rng, -0.03, 0.03);
    double light = between(rng, 0.75, 1);
    return switch (rng.nextInt(6)) {
      case 0 -> gradient(0.60 + shift, 0.65, 0.90 * light, 0.55 + shift, 0.25, light);
      case 1 -> gradient(0.58 + shift, 0.10, 0.70 * light, 0.10 + shift, 0.08, 0.85 * light);
      case 2 -> gradient(0.70 + shift, 0.55, 0.45 * light, 0.05 + shift, 0.70, 0.95 * light);
      case 3 -> gradient(0.45 + shift, 0.25, 0.70 * light, 0.15 + shift, 0.45, 0.95 * light);
      case 4 -> gradient(0.65 + shift, 0.70, 0.20 * light, 0.62 + shift, 0.50, 0.40 * light);
      default -> gradient(0.35 + shift, 0.20, 0.35 * light, 0.20 + shift, 0.15, 0.60 * light);
    };
  }

  private static float[][] gradient(
      double topHue, double topSat, double topValue, double hue, double sat, double value) {
    return new float[][] {hsv(topHue, topSat, topValue), hsv(hue, sat, value)};
  }

  /** Land: grass, autumn, sand, rock, snow or heather. */
  static float[] land(Rng rng) {
    double shift = between(rng, -0.03, 0.03);
    double light = between(rng, 0.7, 1);
    return switch (rng.nextInt(6)) {
      case 0 -> hsv(0.30 + shift, 0.60, 0.55 * light);
      case 1 -> hsv(0.08 + shift, 0.65, 0.65 * light);
      case 2 -> hsv(0.12 + shift, 0.35, 0.85 * light);
      case 3 -> hsv(0.60 + shift, 0.10, 0.50 * light);
      case 4 -> hsv(0.58 + shift, 0.08, 0.95 * light);
      default -> hsv(0.80 + shift, 0.35, 0.50 * light);
    };
  }

  /** From one colour at the top of the canvas to another one at {@code end} (0 to 1 of it). */
  static Canvas.Paint vertical(Canvas canvas, float[] top, float[] bottom, double end) {
    double length = canvas.size() * end;
    return (x, y, rgb) -> {
      float t = (float) Math.min(1, y / length);
      for (int c = 0; c < 3; c++) {
        rgb[c] = top[c] + t * (bottom[c] - top[c]);
      }
    };
  }
}
