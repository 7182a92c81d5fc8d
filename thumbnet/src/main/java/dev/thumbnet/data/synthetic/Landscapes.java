package dev.thumbnet.data.synthetic;

import static dev.thumbnet.data.synthetic.Palette.any;
import static dev.thumbnet.data.synthetic.Palette.between;
import static dev.thumbnet.data.synthetic.Palette.hsv;
import static dev.thumbnet.data.synthetic.Palette.land;
import static dev.thumbnet.data.synthetic.Palette.mix;
import static dev.thumbnet.data.synthetic.Palette.scaled;
import static dev.thumbnet.data.synthetic.Palette.vertical;

import dev.thumbnet.data.synthetic.Canvas.Paint;
import dev.thumbnet.engine.Rng;

/**
 * The coarse classes of {@link SyntheticPictures}: what is on them can be seen at any size. Lengths
 * are fractions of the side.
 */
final class Landscapes {
  private Landscapes() {}

  /** Three to five ranges of hills behind each other, a sun or moon, sometimes firs in front. */
  static void hills(Canvas canvas, Rng rng) {
    int s = canvas.size();
    float[][] sky = Palette.sky(rng);
    canvas.fill(vertical(canvas, sky[0], sky[1], between(rng, 0.5, 0.8)));
    disc(canvas, rng, 0.45);
    float[] ground = land(rng);
    int ranges = 3 + rng.nextInt(3);
    double horizon = between(rng, 0.35, 0.55);
    double[] top = {};
    for (int i = 0; i < ranges; i++) {
      double near = (i + 1.0) / ranges;
      top = skyline(s, rng, horizon + (0.95 - horizon) * i / ranges, between(rng, 0.03, 0.10));
      canvas.below(top, Paint.flat(mix(sky[1], scaled(ground, 1.1 - 0.5 * near), near)));
    }
    for (int i = rng.nextInt(8); i > 0; i--) {
      double x = between(rng, 0, s);
      double foot = top[(int) x] + between(rng, 0, 0.1) * s;
      double height = between(rng, 0.08, 0.18) * s;
      Paint fir = Paint.flat(scaled(ground, between(rng, 0.2, 0.5)));
      canvas.triangle(x - height / 3, foot, x + height / 3, foot, x, foot - height, fir);
    }
  }

  /** A sum of waves: the upper edge of a range of hills in pixels. */
  private static double[] skyline(int s, Rng rng, double height, double swing) {
    double[] top = new double[s];
    for (int wave = 1; wave <= 4; wave++) {
      double turns = wave * between(rng, 0.4, 1.2);
      double phase = rng.nextDouble();
      for (int x = 0; x < s; x++) {
        top[x] += s * swing / wave * SmoothNoise.sine(turns * x / s + phase);
      }
    }
    for (int x = 0; x < s; x++) {
      top[x] += s * height;
    }
    return top;
  }

  /** A sun or moon with a glow, in the upper part of the picture. */
  private static void disc(Canvas canvas, Rng rng, double lowest) {
    int s = canvas.size();
    double cx = between(rng, 0.1, 0.9) * s;
    double cy = between(rng, 0.08, lowest) * s;
    double r = between(rng, 0.035, 0.09) * s;
    float[] colour = hsv(between(rng, 0.0, 0.17), between(rng, 0, 0.7), 1);
    for (double glow : new double[] {2.2, 1.5, 1}) {
      double strength = glow == 1 ? 1 : 0.25;
      canvas.shape(
          cx - glow * r,
          cy - glow * r,
          cx + glow * r,
          cy + glow * r,
          (x, y) -> {
            double d = Math.sqrt((x - cx) * (x - cx) + (y - cy) * (y - cy)) - glow * r;
            return 0.5 - strength * Math.min(1, Math.max(0, 0.5 - d));
          },
          Paint.flat(colour));
    }
  }

  /** Two rows of houses of random height with lit and dark windows, a street below. */
  static void city(Canvas canvas, Rng rng) {
    int s = canvas.size();
    float[][] sky = Palette.sky(rng);
    canvas.fill(vertical(canvas, sky[0], sky[1], 0.8));
    if (rng.nextInt(3) == 0) {
      disc(canvas, rng, 0.3);
    }
    double street = between(rng, 0.78, 0.97) * s;
    float[] wall = any(rng);
    for (int row = 0; row < 2; row++) {
      double x = -between(rng, 0, 0.1) * s;
      while (x < s) {
        double width = between(rng, 0.09, 0.24) * s;
        double top = street - between(rng, 0.2, row == 0 ? 0.7 : 0.5) * s;
        float[] colour = mix(wall, any(rng), between(rng, 0, 0.6));
        house(canvas, rng, x, top, x + width, street, row == 0 ? mix(colour, sky[1], 0.5) : colour);
        x += width + (rng.nextInt(3) == 0 ? between(rng, 0.02, 0.12) * s : 0);
      }
    }
    canvas.box(-2, street, s + 2, s + 2, Paint.flat(scaled(any(rng), 0.5)));
  }

  private static void house(
      Canvas canvas, Rng rng, double left, double top, double right, double bottom, float[] wall) {
    int s = canvas.size();
    canvas.box(left, top, right, bottom, Paint.flat(wall));
    double step = between(rng, 0.035, 0.07) * s;
    double pane = step * between(rng, 0.4, 0.65);
    float[] lit = hsv(between(rng, 0.08, 0.17), between(rng, 0.2, 0.7), 1);
    float[] dark = scaled(wall, 0.45);
    double lights = rng.nextDouble();
    for (double y = top + step / 2; y + step < bottom; y += step) {
      for (double x = left + step / 2; x + pane < right - step / 4; x += step) {
        Paint paint = Paint.flat(rng.nextDouble() < lights ? lit : dark);
        canvas.box(x, y, x + pane, y + pane, paint);
      }
    }
  }

  /** Water up to a level horizon with glints and waves, often a sail, sometimes an island. */
  static void sea(Canvas canvas, Rng rng) {
    int s = canvas.size();
    float[][] sky = Palette.sky(rng);
    double horizon = between(rng, 0.25, 0.6) * s;
    canvas.fill(vertical(canvas, sky[0], sky[1], horizon / s));
    double sun = between(rng, 0.1, 0.9) * s;
    if (rng.nextInt(2) == 0) {
      disc(canvas, rng, horizon / s);
    }
    if (rng.nextInt(3) == 0) {
      double cx = between(rng, 0, s);
      double rx = between(rng, 0.1, 0.3) * s;
      canvas.ellipse(cx, horizon, rx, rx * 0.3, 0, Paint.flat(mix(sky[1], land(rng), 0.6)));
    }
    float[] deep = hsv(between(rng, 0.4, 0.72), between(rng, 0.15, 0.7), between(rng, 0.2, 0.6));
    float[] far = mix(deep, sky[1], between(rng, 0.3, 0.7));
    canvas.shape(
        0,
        horizon,
        s,
        s,
        (x, y) -> horizon - y,
        (x, y, rgb) -> {
          float t = (float) Math.max(0, (y - horizon) / (s - horizon));
          for (int c = 0; c < 3; c++) {
            rgb[c] = far[c] + t * (deep[c] - far[c]);
          }
        });
    waves(canvas, rng, horizon, sun, sky[1], deep);
    for (int i = rng.nextInt(3); i > 0; i--) {
      sail(canvas, rng, horizon);
    }
  }

  private static void waves(
      Canvas canvas, Rng rng, double horizon, double sun, float[] light, float[] deep) {
    int s = canvas.size();
    for (int i = 60 + rng.nextInt(60); i > 0; i--) {
      double near = rng.nextDouble() * rng.nextDouble();
      double y = horizon + 1 + near * (s - horizon);
      double length = (0.02 + 0.16 * near) * s * between(rng, 0.5, 1);
      boolean glint = rng.nextInt(3) == 0;
      double x =
          glint ? sun + (rng.nextDouble() - 0.5) * (0.08 + 0.3 * near) * s : between(rng, 0, s);
      float[] colour =
          glint ? mix(deep, light, 0.9) : mix(deep, light, rng.nextInt(2) == 0 ? 0.45 : -0.2);
      double thickness = Math.max(0.8, (0.004 + 0.014 * near) * s);
      canvas.line(x - length / 2, y, x + length / 2, y, thickness, Paint.flat(colour));
    }
  }

  private static void sail(Canvas canvas, Rng rng, double horizon) {
    int s = canvas.size();
    double h = between(rng, 0.08, 0.25) * s;
    double x = between(rng, 0.1, 0.9) * s;
    double y = horizon + between(rng, 0.02, 0.25) * s;
    double way = rng.nextInt(2) == 0 ? 1 : -1;
    Paint cloth = Paint.flat(mix(any(rng), new float[] {255, 255, 255}, 0.6));
    Paint hull = Paint.flat(scaled(any(rng), 0.6));
    canvas.triangle(x, y - h * 0.15, x, y - h, x + way * h * 0.5, y - h * 0.15, cloth);
    canvas.triangle(
        x - way * 2, y - h * 0.15, x, y - h * 0.8, x - way * h * 0.3, y - h * 0.15, cloth);
    canvas.line(x - h * 0.35, y, x + h * 0.35, y, h * 0.14, hull);
  }

  /** Trunks from the top of the picture to the ground, darker and wider in front; leaves above. */
  static void forest(Canvas canvas, Rng rng) {
    int s = canvas.size();
    float[] mist = mix(Palette.sky(rng)[1], land(rng), between(rng, 0.1, 0.5));
    float[] ground = scaled(land(rng), between(rng, 0.5, 0.9));
    canvas.fill(vertical(canvas, scaled(mist, between(rng, 0.7, 1.1)), mist, 1));
    double floor = between(rng, 0.65, 0.85);
    canvas.below(skyline(s, rng, floor, 0.015), Paint.flat(ground));
    float[] bark = rng.nextInt(4) == 0 ? hsv(0.1, 0.08, 0.9) : scaled(any(rng), 0.5);
    int trunks = 8 + rng.nextInt(9);
    for (int i = 0; i < trunks; i++) {
      double near = (i + 1.0) / trunks;
      double foot = (floor + (0.98 - floor) * near * near) * s;
      trunk(canvas, rng, foot, (0.015 + 0.05 * near) * s, mix(mist, bark, 0.25 + 0.75 * near));
    }
    leaves(canvas, rng, mix(land(rng), scaled(any(rng), 0.6), 0.5));
  }

  private static void trunk(Canvas canvas, Rng rng, double foot, double width, float[] bark) {
    int s = canvas.size();
    double x = between(rng, -0.05, 1.05) * s;
    double lean = between(rng, -0.06, 0.06) * s;
    double w = width * between(rng, 0.7, 1.3);
    SmoothNoise noise = new SmoothNoise(rng.nextLong());
    Paint paint =
        (px, py, rgb) -> {
          // Round like a column, with streaks along it.
          double across = (px + 0.5 - x - lean * (1 - py / foot)) / w;
          double shade = 1 - 0.8 * (across + 0.3) * (across + 0.3);
          float f = (float) (shade + 0.5 * (noise.fractal(px * 0.5, py * 0.06, 2) - 0.5));
          for (int c = 0; c < 3; c++) {
            rgb[c] = bark[c] * f;
          }
        };
    canvas.line(x, foot, x + lean, -w, w, paint);
  }

  private static void leaves(Canvas canvas, Rng rng, float[] colour) {
    int s = canvas.size();
    SmoothNoise noise = new SmoothNoise(rng.nextLong());
    double depth = between(rng, 0.05, 0.3);
    double period = between(rng, 0.05, 0.12) * s;
    canvas.shape(
        0,
        0,
        s,
        s * (depth + 0.2),
        (x, y) -> 4 * (noise.fractal(x / period, y / period, 3) - 0.75 + (y / s - depth) * 2),
        (x, y, rgb) -> {
          float f = (float) (0.5 + noise.fractal(x * 2.5 / period, y * 2.5 / period, 2));
          for (int c = 0; c < 3; c++) {
            rgb[c] = colour[c] * f;
          }
        });
  }

  /** Nothing but sky with a layer of clouds, shaded from below; sometimes birds. */
  static void clouds(Canvas canvas, Rng rng) {
    int s = canvas.size();
    float[][] sky = Palette.sky(rng);
    float[] bright = mix(sky[1], new float[] {255, 255, 255}, between(rng, 0.4, 0.9));
    float[] dark = mix(scaled(sky[0], 0.8), bright, between(rng, 0.2, 0.6));
    SmoothNoise noise = new SmoothNoise(rng.nextLong());
    double period = between(rng, 0.18, 0.45) * s;
    double stretch = between(rng, 1, 2.2);
    double cover = between(rng, 0.42, 0.55);
    double edge = between(rng, 0.05, 0.2);
    Paint air = vertical(canvas, sky[0], sky[1], 1);
    canvas.fill(
        (x, y, rgb) -> {
          double u = x / (period * stretch);
          double v = y / period;
          double here = noise.fractal(u, v, 5);
          double above = noise.fractal(u, v - 0.12, 3);
          double amount = Math.min(1, Math.max(0, (here - cover) / edge));
          float shade = (float) Math.min(1, Math.max(0, 0.5 + 4 * (here - above)));
          float part = (float) amount;
          air.at(x, y, rgb);
          for (int c = 0; c < 3; c++) {
            float cloud = dark[c] + shade * (bright[c] - dark[c]);
            rgb[c] += part * (cloud - rgb[c]);
          }
        });
    Paint bird = Paint.flat(scaled(sky[0], 0.3));
    for (int i = Math.max(0, rng.nextInt(8) - 3); i > 0; i--) {
      double x = between(rng, 0.1, 0.9) * s;
      double y = between(rng, 0.1, 0.9) * s;
      double w = between(rng, 0.02, 0.05) * s;
      canvas.line(x, y, x - w, y - w * 0.5, 1.2, bird);
      canvas.line(x, y, x + w, y - w * 0.5, 1.2, bird);
    }
  }

  /** A head with hair, eyes and a mouth, somewhere in front of a soft background. */
  static void face(Canvas canvas, Rng rng) {
    int s = canvas.size();
    SmoothNoise noise = new SmoothNoise(rng.nextLong());
    float[] left = any(rng);
    float[] right = any(rng);
    canvas.fill(
        (x, y, rgb) -> {
          float t = (float) noise.fractal(2.0 * x / s, 2.0 * y / s, 3);
          for (int c = 0; c < 3; c++) {
            rgb[c] = left[c] + t * (right[c] - left[c]);
          }
        });
    double r = between(rng, 0.2, 0.36) * s;
    double cx = between(rng, 0.35, 0.65) * s;
    double cy = between(rng, 0.4, 0.6) * s;
    double tall = between(rng, 1.1, 1.4);
    double turn = between(rng, -0.25, 0.25) * r;
    float[] skin = mix(any(rng), hsv(0.07, 0.4, between(rng, 0.5, 1)), between(rng, 0.3, 1));
    float[] hair = scaled(any(rng), between(rng, 0.3, 1));
    canvas.ellipse(cx, cy + 2.1 * r, 1.6 * r, r, 0, Paint.flat(any(rng)));
    canvas.box(cx - 0.3 * r, cy, cx + 0.3 * r, cy + 1.5 * r, Paint.flat(scaled(skin, 0.8)));
    canvas.ellipse(cx, cy - 0.25 * r, 1.12 * r, r * tall, 0, Paint.flat(hair));
    canvas.ellipse(
        cx + turn * 0.3,
        cy + 0.1 * r,
        0.88 * r,
        r * tall * 0.88,
        0,
        (x, y, rgb) -> {
          float f = (float) (1.05 - 0.35 * Math.abs(x - cx - turn) / r);
          for (int c = 0; c < 3; c++) {
            rgb[c] = skin[c] * f;
          }
        });
    features(canvas, rng, cx + turn, cy, r, skin);
  }

  private static void features(
      Canvas canvas, Rng rng, double cx, double cy, double r, float[] skin) {
    Paint white = Paint.flat(new float[] {245, 245, 245});
    Paint iris = Paint.flat(scaled(any(rng), 0.6));
    Paint brow = Paint.flat(scaled(skin, 0.45));
    double apart = between(rng, 0.3, 0.42) * r;
    double open = between(rng, 0.07, 0.14) * r;
    for (int side = -1; side <= 1; side += 2) {
      double ex = cx + side * apart;
      double ey = cy - 0.05 * r;
      canvas.ellipse(ex, ey, 0.18 * r, open, 0, white);
      canvas.ellipse(ex, ey, open * 0.8, open * 0.8, 0, iris);
      double tilt = between(rng, -0.08, 0.08) * r;
      double by = ey - open - 0.12 * r;
      canvas.line(ex - 0.2 * r, by + tilt, ex + 0.2 * r, by - tilt, 0.07 * r, brow);
    }
    canvas.line(cx, cy + 0.05 * r, cx + 0.08 * r, cy + 0.4 * r, 0.07 * r, brow);
    double smile = between(rng, -0.12, 0.2) * r;
    double width = between(rng, 0.22, 0.4) * r;
    double my = cy + 0.65 * r;
    Paint lips = Paint.flat(mix(skin, new float[] {170, 30, 50}, between(rng, 0.4, 0.9)));
    canvas.line(cx - width, my - smile, cx, my, 0.1 * r, lips);
    canvas.line(cx, my, cx + width, my - smile, 0.1 * r, lips);
  }
}
