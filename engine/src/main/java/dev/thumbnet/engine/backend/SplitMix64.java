package dev.thumbnet.engine.backend;

/**
 * The 64-bit mixing function of SplitMix64 (Steele, Lea and Flood 2014), shared by all backends.
 */
public final class SplitMix64 {
  /** The odd constant nearest 2⁶⁴ over the golden ratio, the step of a SplitMix64 stream. */
  public static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private SplitMix64() {}

  /** Returns a bijective scramble of z (Stafford's variant 13). */
  public static long mix64(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** Returns the top 53 bits of element {@code index} of the stream {@code key}, as [0, 1). */
  public static double uniform(long key, long index) {
    return (mix64(key + (index + 1) * GOLDEN) >>> 11) * 0x1.0p-53;
  }
}
