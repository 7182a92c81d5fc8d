package dev.thumbnet.data.synthetic;

import static dev.thumbnet.data.synthetic.Palette.any;
import static dev.thumbnet.data.synthetic.Palette.between;
import static dev.thumbnet.data.synthetic.Palette.scaled;

import dev.thumbnet.data.synthetic.Canvas.Level;
import dev.thumbnet.data.synthetic.Canvas.Paint;
import dev.thumbnet.engine.Rng;

/**
 * The classes of {@link SyntheticPictures} that come in pairs: everything coarse is drawn the same
 * way for both, and only a pattern finer than the pixels of a thumbnail tells them apart. The
 * pattern is a wave of about two pixels and a quarter, whatever the size of the picture, of which
 * antialiased bicubic to half the side keeps less than 2 %, and to a quarter nothing. Where a
 * pattern ends or would be clipped it fades, lest its edge tell the direction. All classes stay
 * what they are when mirrored.
 */
final class FineTextures {
  /** Longer waves would survive bicubic at 2:1 per side; shorter ones beat with the pixels. */
  private static final double SHORTEST = 2.1;

  private static final double LONGEST = 2.35;

  /** Over how many pixels the patterns fade out at the border of the picture. */
  private static final float FADE = 8;

  private FineTextures() {}

  /** Folded cloth with a few broad stripes and fine threads that run down. */
  static void warp(Canvas canvas, Rng rng) {
    cloth(canvas, rng, true);
  }

  /** The same with threads that run across. */
  static void weft(Canvas canvas, Rng rng) {
    cloth(canvas, rng, false);
  }

  /** A net with its openings in rows and columns, in front of large soft spots. */
  static void rows(Canvas canvas, Rng rng) {
    net(canvas, rng, true);
  }

  /** The same with the openings of each row between those of the next. */
  static void offset(Canvas canvas, Rng rng) {
    net(canvas, rng, false);
  }

  /** Large fruits on a table, finely hatched from top to bottom. */
  static void upright(Canvas canvas, Rng rng) {
    fruits(canvas, rng, true);
  }

  /** The same, hatched from left to right. */
  static void level(Canvas canvas, Rng rng) {
    fruits(canvas, rng, false);
  }

  private static float[] wave(Canvas canvas, Rng rng) {
    double period = between(rng, SHORTEST, LONGEST);
    double phase = rng.nextDouble();
    float[] wave = new float[canvas.size()];
    for (int i = 0; i < wave.length; i++) {
      wave[i] = (float) SmoothNoise.sine(i / period + phase);
    }
    return wave;
  }

  /** Lines that run down (the wave runs across) or across. */
  private static Level lines(Canvas canvas, Rng rng, boolean down) {
    float[] wave = wave(canvas, rng);
    return down ? (x, y) -> wave[x] : (x, y) -> wave[y];
  }

  /**
   * The pattern without its outermost pixels, where a resampling kernel is cut off and would let it
   * through.
   */
  private static Level faded(Canvas canvas, Level pattern) {
    int last = canvas.size() - 1;
    return (x, y) -> {
      int border = Math.min(Math.min(x, last - x), Math.min(y, last - y));
      return pattern.at(x, y) * Math.min(1, border / FADE);
    };
  }

  private static void cloth(Canvas canvas, Rng rng, boolean down) {
    int s = canvas.size();
    SmoothNoise noise = new SmoothNoise(rng.nextLong());
    float[] ground = any(rng);
    float[] stripe = any(rng);
    double direction = rng.nextDouble();
    double across = SmoothNoise.sine(direction) / s;
    double along = SmoothNoise.sine(direction + 0.25) / s;
    double stripes = between(rng, 0.5, 3);
    double share = between(rng, -0.8, 0.6);
    double folds = between(rng, 1, 4);
    double depth = between(rng, 0.1, 0.35);
    Level threads = lines(canvas, rng, down);
    float strength = (float) between(rng, 18, 40);
    canvas.fill(
        (x, y, rgb) -> {
          double bend = noise.fractal(2.0 * x / s, 2.0 * y / s, 2);
          double u = x * across + y * along;
          double v = x * along - y * across;
          double band = SmoothNoise.sine(u * stripes + 0.25 * bend) - share;
          float dyed = (float) Math.min(1, Math.max(0, 0.5 + band * s / (8 * stripes)));
          float light = (float) (1 + depth * SmoothNoise.sine(v * folds + 0.9 * bend));
          for (int c = 0; c < 3; c++) {
            rgb[c] = (ground[c] + dyed * (stripe[c] - ground[c])) * light;
          }
        });
    canvas.etch(faded(canvas, threads), strength);
  }

  private static void net(Canvas canvas, Rng rng, boolean inRows) {
    int s = canvas.size();
    Paint ground = Paint.flat(any(rng));
    canvas.fill(ground);
    for (int i = 3 + rng.nextInt(5); i > 0; i--) {
      double r = between(rng, 0.1, 0.35) * s;
      double cx = between(rng, 0, s);
      double cy = between(rng, 0, s);
      canvas.ellipse(cx, cy, r, r * between(rng, 0.5, 1), rng.nextDouble(), Paint.flat(any(rng)));
    }
    float[] waveX = wave(canvas, rng);
    float[] waveY = wave(canvas, rng);
    float strength = (float) between(rng, 32, 60);
    Level mesh = inRows ? (x, y) -> (waveX[x] + waveY[y]) / 2 : (x, y) -> waveX[x] * waveY[y];
    canvas.etch(faded(canvas, mesh), strength);
  }

  private static void fruits(Canvas canvas, Rng rng, boolean down) {
    int s = canvas.size();
    SmoothNoise noise = new SmoothNoise(rng.nextLong());
    float[] wall = any(rng);
    float[] table = any(rng);
    double edge = between(rng, 0.2, 0.55) * s;
    canvas.fill(
        (x, y, rgb) -> {
          float[] base = y < edge ? wall : table;
          float f = (float) (0.75 + 0.5 * noise.fractal(6.0 * x / s, 6.0 * y / s, 3));
          for (int c = 0; c < 3; c++) {
            rgb[c] = base[c] * f;
          }
        });
    Level hatching = lines(canvas, rng, down);
    float strength = (float) between(rng, 24, 48);
    for (int i = 3 + rng.nextInt(3); i > 0; i--) {
      double r = between(rng, 0.16, 0.26) * s;
      double cx = between(rng, 0.15, 0.85) * s;
      double cy = between(rng, 0.35, 0.85) * s;
      fruit(canvas, rng, cx, cy, r, faded(canvas, hatching), strength);
    }
  }

  private static void fruit(
      Canvas canvas, Rng rng, double cx, double cy, double r, Level hatching, float strength) {
    double flat = between(rng, 0.75, 1);
    float[] peel = any(rng);
    Paint shadow = Paint.flat(scaled(any(rng), 0.15));
    canvas.ellipse(cx + 0.15 * r, cy + 0.8 * r, r, 0.3 * r, 0, shadow);
    canvas.ellipse(
        cx,
        cy,
        r,
        r * flat,
        0,
        (x, y, rgb) -> {
          double dx = (x + 0.5 - cx) / r;
          double dy = (y + 0.5 - cy) / (r * flat);
          double lit = (dx + 0.35) * (dx + 0.35) + (dy + 0.35) * (dy + 0.35);
          float light = (float) Math.max(0.35, 1.15 - 0.45 * lit);
          for (int c = 0; c < 3; c++) {
            rgb[c] = peel[c] * light;
          }
          // The hatching fades towards the rim, like all that is drawn on a ball.
          double rim = Math.min(1, Math.max(0, 2.5 * (1 - dx * dx - dy * dy)));
          float depth = (float) rim * Math.min(strength, Canvas.headroom(rgb, 0));
          float line = depth * hatching.at(x, y);
          for (int c = 0; c < 3; c++) {
            rgb[c] += line;
          }
        });
  }
}
