package dev.thumbnet.engine.backend;

/**
 * How a convolution that was prepared for inference keeps its weights. Fewer bits are taken where
 * they pay: for layers that take longer to read their weights from memory than to multiply by them,
 * as all deep ones do when they see a single thumbnail. Sums are added up in f32 always. A backend
 * may keep weights with more bits.
 */
public enum WeightFormat {
  /** As they are. */
  F32(32),

  /**
   * With the upper 16 bits of each number, rounded to nearest: a weight changes by at most 1/256 of
   * itself, sums less.
   */
  BF16(16),

  /**
   * With 8 bits times a factor for each output channel: a weight changes by at most 1/254 of the
   * largest of its channel, sums less.
   */
  INT8(8);

  private final int bits;

  WeightFormat(int bits) {
    this.bits = bits;
  }

  /** Returns the bits of a weight. */
  public int bits() {
    return bits;
  }
}
