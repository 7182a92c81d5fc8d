package dev.thumbnet.data.synthetic;

/**
 * Random numbers that belong to places: fractal value noise, and white noise. Everything is a
 * function of seed and coordinates in exactly rounded arithmetic, so it is the same on every
 * machine.
 */
final class SmoothNoise {
  private static final int TURN = 4096;
  private static final double[] SINE = new double[TURN + 1];

  static {
    for (int i = 0; i <= TURN; i++) {
      SINE[i] = StrictMath.sin(2 * Math.PI * i / TURN);
    }
  }

  private final long seed;

  SmoothNoise(long seed) {
    this.seed = seed;
  }

  /** The sine of an angle given in turns, by table: accurate to a millionth. */
  static double sine(double turns) {
    double t = (turns - Math.floor(turns)) * TURN;
    int i = (int) t;
    return SINE[i] + (t - i) * (SINE[Math.min(i + 1, TURN)] - SINE[i]);
  }

  /** Several octaves of value noise, from 0 to 1, 0.5 on average; the first has period 1. */
  double fractal(double x, double y, int octaves) {
    double sum = 0;
    double total = 0;
    double weight = 1;
    double scale = 1;
    for (int i = 0; i < octaves; i++) {
      sum += weight * value(x * scale + 19.1 * i, y * scale - 7.3 * i);
      total += weight;
      weight *= 0.5;
      scale *= 2;
    }
    return sum / total;
  }

  /** Random values on the integer lattice, smoothly interpolated; from 0 to 1. */
  private double value(double x, double y) {
    int ix = (int) Math.floor(x);
    int iy = (int) Math.floor(y);
    double fx = smooth(x - ix);
    double fy = smooth(y - iy);
    double top = white(ix, iy) + fx * (white(ix + 1, iy) - white(ix, iy));
    double bottom = white(ix, iy + 1) + fx * (white(ix + 1, iy + 1) - white(ix, iy + 1));
    return top + fy * (bottom - top);
  }

  /** A uniform random number from 0 to 1 for each pair of integers. */
  double white(int x, int y) {
    return (bits(x, y) >>> 11) * 0x1.0p-53;
  }

  /** A bell-shaped random number for each pair of integers: mean 0, standard deviation 1. */
  double grain(int x, int y) {
    long h = bits(x, y);
    long sum = (h & 0xFFFF) + (h >>> 16 & 0xFFFF) + (h >>> 32 & 0xFFFF) + (h >>> 48);
    // Four uniform numbers: the variance of their sum is 4 / 12.
    return (sum / 65535.0 - 2) * 1.7320508075688772;
  }

  private long bits(int x, int y) {
    long h = seed ^ (x * 0x9E3779B97F4A7C15L + y * 0xC2B2AE3D27D4EB4FL);
    h = (h ^ h >>> 32) * 0xD6E8FEB86659FD93L;
    h = (h ^ h >>> 29) * 0x9FB21C651E98DF25L;
    return h ^ h >>> 32;
  }

  private static double smooth(double t) {
    return t * t * (3 - 2 * t);
  }
}
