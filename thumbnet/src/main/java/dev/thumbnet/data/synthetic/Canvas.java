package dev.thumbnet.data.synthetic;

import dev.thumbnet.data.image.RgbImage;

/**
 * A square picture being painted, with float colours from 0 to 255. Edges are antialiased: a pixel
 * whose centre has the signed distance d from a shape (in pixels, negative inside) is covered by
 * {@code 0.5 - d}, cut to 0..1.
 */
final class Canvas {
  /** Gives the colour of a place. */
  @FunctionalInterface
  interface Paint {
    /** Writes the colour at pixel (x, y) into {@code rgb}. */
    void at(int x, int y, float[] rgb);

    /** The same colour everywhere. */
    static Paint flat(float[] colour) {
      return (x, y, rgb) -> System.arraycopy(colour, 0, rgb, 0, 3);
    }
  }

  /** Signed distance from the edge of a shape, in pixels. */
  @FunctionalInterface
  interface Distance {
    double at(double x, double y);
  }

  private final int size;
  private final float[] data;
  private final float[] scratch = new float[3];

  Canvas(int size) {
    this.size = size;
    this.data = new float[3 * size * size];
  }

  int size() {
    return size;
  }

  void fill(Paint paint) {
    for (int y = 0, i = 0; y < size; y++) {
      for (int x = 0; x < size; x++, i += 3) {
        paint.at(x, y, scratch);
        System.arraycopy(scratch, 0, data, i, 3);
      }
    }
  }

  /** Paints a shape that lies within the given bounds. */
  void shape(double left, double top, double right, double bottom, Distance distance, Paint paint) {
    int x0 = Math.max(0, (int) Math.floor(left - 1));
    int y0 = Math.max(0, (int) Math.floor(top - 1));
    int x1 = Math.min(size, (int) Math.ceil(right + 1));
    int y1 = Math.min(size, (int) Math.ceil(bottom + 1));
    for (int y = y0; y < y1; y++) {
      for (int x = x0; x < x1; x++) {
        blend(x, y, 0.5 - distance.at(x + 0.5, y + 0.5), paint);
      }
    }
  }

  private void blend(int x, int y, double coverage, Paint paint) {
    if (coverage <= 0) {
      return;
    }
    float part = (float) Math.min(coverage, 1);
    int i = 3 * (y * size + x);
    paint.at(x, y, scratch);
    for (int c = 0; c < 3; c++) {
      data[i + c] += part * (scratch[c] - data[i + c]);
    }
  }

  /** Paints everything below a line that has the height {@code top[x]} in column x. */
  void below(double[] top, Paint paint) {
    for (int x = 0; x < size; x++) {
      for (int y = Math.max(0, (int) Math.floor(top[x] - 1)); y < size; y++) {
        blend(x, y, y + 1 - top[x], paint);
      }
    }
  }

  /** An ellipse, turned by an angle given in turns. */
  void ellipse(double cx, double cy, double rx, double ry, double turns, Paint paint) {
    double cos = SmoothNoise.sine(turns + 0.25);
    double sin = SmoothNoise.sine(turns);
    double reach = Math.max(rx, ry);
    shape(
        cx - reach,
        cy - reach,
        cx + reach,
        cy + reach,
        (x, y) -> {
          double u = ((x - cx) * cos + (y - cy) * sin) / rx;
          double v = ((y - cy) * cos - (x - cx) * sin) / ry;
          return (Math.sqrt(u * u + v * v) - 1) * Math.min(rx, ry);
        },
        paint);
  }

  /** A straight line with round ends. */
  void line(double x0, double y0, double x1, double y1, double thickness, Paint paint) {
    double dx = x1 - x0;
    double dy = y1 - y0;
    double length = Math.max(1e-9, dx * dx + dy * dy);
    double r = thickness / 2;
    shape(
        Math.min(x0, x1) - r,
        Math.min(y0, y1) - r,
        Math.max(x0, x1) + r,
        Math.max(y0, y1) + r,
        (x, y) -> {
          double t = Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / length));
          double ex = x - x0 - t * dx;
          double ey = y - y0 - t * dy;
          return Math.sqrt(ex * ex + ey * ey) - r;
        },
        paint);
  }

  /** An upright rectangle. */
  void box(double left, double top, double right, double bottom, Paint paint) {
    shape(
        left,
        top,
        right,
        bottom,
        (x, y) -> Math.max(Math.max(left - x, x - right), Math.max(top - y, y - bottom)),
        paint);
  }

  /** A triangle; the corners may go round either way. */
  void triangle(double ax, double ay, double bx, double by, double cx, double cy, Paint paint) {
    double turn = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax) > 0 ? 1 : -1;
    shape(
        Math.min(ax, Math.min(bx, cx)),
        Math.min(ay, Math.min(by, cy)),
        Math.max(ax, Math.max(bx, cx)),
        Math.max(ay, Math.max(by, cy)),
        (x, y) ->
            Math.max(
                side(ax, ay, bx, by, x, y, turn),
                Math.max(side(bx, by, cx, cy, x, y, turn), side(cx, cy, ax, ay, x, y, turn))),
        paint);
  }

  private static double side(
      double ax, double ay, double bx, double by, double x, double y, double turn) {
    double dx = bx - ax;
    double dy = by - ay;
    return turn * ((x - ax) * dy - (y - ay) * dx) / Math.max(1e-9, Math.sqrt(dx * dx + dy * dy));
  }

  /** Multiplies each pixel by a factor. */
  void light(Distance factor) {
    for (int y = 0, i = 0; y < size; y++) {
      for (int x = 0; x < size; x++, i += 3) {
        float f = (float) factor.at(x + 0.5, y + 0.5);
        data[i] *= f;
        data[i + 1] *= f;
        data[i + 2] *= f;
      }
    }
  }

  /** A value for each pixel. */
  @FunctionalInterface
  interface Level {
    float at(int x, int y);
  }

  /** Mixes a share of one colour into everything, as haze does. */
  void veil(float[] colour, float share) {
    for (int i = 0; i < data.length; i++) {
      data[i] += share * (colour[i % 3] - data[i]);
    }
  }

  /**
   * Brightens and darkens each pixel by a pattern from -1 to 1 times a strength in levels; weaker
   * where the colour is so bright or dark that the pattern would be clipped and so change the mean.
   */
  void etch(Level pattern, float strength) {
    for (int y = 0, i = 0; y < size; y++) {
      for (int x = 0; x < size; x++, i += 3) {
        float v = pattern.at(x, y) * Math.min(strength, headroom(data, i));
        data[i] += v;
        data[i + 1] += v;
        data[i + 2] += v;
      }
    }
  }

  /** How far a colour is from black and white, in the channel that is closest. */
  static float headroom(float[] rgb, int i) {
    float least = Math.min(rgb[i], Math.min(rgb[i + 1], rgb[i + 2]));
    float most = Math.max(rgb[i], Math.max(rgb[i + 1], rgb[i + 2]));
    return Math.max(0, Math.min(least, 255 - most));
  }

  /** Adds the noise of a sensor: mostly of brightness, a little of colour. */
  void grain(SmoothNoise noise, double strength) {
    for (int y = 0, i = 0; y < size; y++) {
      for (int x = 0; x < size; x++, i += 3) {
        double gray = noise.grain(x, y);
        for (int c = 0; c < 3; c++) {
          data[i + c] += (float) (strength * (gray + 0.4 * noise.grain(x + size * (c + 1), y)));
        }
      }
    }
  }

  RgbImage toImage() {
    byte[] out = new byte[data.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (byte) Math.min(Math.max((int) (data[i] + 0.5f), 0), 255);
    }
    return new RgbImage(size, size, out);
  }
}
