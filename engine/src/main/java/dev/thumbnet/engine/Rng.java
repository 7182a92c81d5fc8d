package dev.thumbnet.engine;

import dev.thumbnet.engine.backend.SplitMix64;

/**
 * A small, splittable, seedable source of random numbers (SplitMix64) whose whole state is two
 * longs. The same seed gives the same numbers on every machine. Not safe for use by several threads
 * at once; give each its own {@link #split}.
 */
public final class Rng {
  private final long seed;
  private long counter;

  /** Starts a stream. */
  public Rng(long seed) {
    this(seed, 0);
  }

  private Rng(long seed, long counter) {
    this.seed = seed;
    this.counter = counter;
  }

  /** Restores a stream from {@link #state}. */
  public static Rng ofState(long[] state) {
    if (state.length != 2) {
      throw new IllegalArgumentException("a state has two numbers, not " + state.length);
    }
    return new Rng(state[0], state[1]);
  }

  /** Returns the state, from which {@link #ofState} continues exactly here. */
  public long[] state() {
    return new long[] {seed, counter};
  }

  /**
   * Returns an independent stream that depends only on this stream's seed and the key, not on how
   * far this stream has advanced.
   */
  public Rng split(long key) {
    return new Rng(
        SplitMix64.mix64(
            SplitMix64.mix64(seed ^ 0x5851F42D4C957F2DL) + (key + 1) * SplitMix64.GOLDEN));
  }

  /** Returns 64 random bits. */
  public long nextLong() {
    counter++;
    return SplitMix64.mix64(seed + counter * SplitMix64.GOLDEN);
  }

  /** Returns a uniform integer in [0, bound). */
  public int nextInt(int bound) {
    if (bound < 1) {
      throw new IllegalArgumentException("bound must be positive: " + bound);
    }
    return (int) (((nextLong() >>> 32) * bound) >>> 32);
  }

  /** Returns a uniform number in [0, 1) with 24 random bits. */
  public float nextFloat() {
    return (nextLong() >>> 40) * 0x1.0p-24f;
  }

  /** Returns a uniform number in [0, 1) with 53 random bits. */
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1.0p-53;
  }

  /** Returns a standard normal number (Box and Muller 1958), two uniform draws each. */
  public double nextGaussian() {
    double radius = Math.sqrt(-2 * StrictMath.log(1 - nextDouble()));
    return radius * StrictMath.cos(2 * Math.PI * nextDouble());
  }

  /** Returns a random order of the numbers 0 to n − 1 (Fisher and Yates). */
  public int[] permutation(int n) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      int j = nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
