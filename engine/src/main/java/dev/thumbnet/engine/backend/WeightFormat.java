package dev.thumbnet.engine.backend;

/** How a convolution that was prepared for inference keeps its weights. */
public enum WeightFormat {
  /** As they are. */
  F32,

  /**
   * With the upper 16 bits of each number, rounded to nearest, where it pays: for layers that take
   * longer to read their weights from memory than to multiply by them, as all deep ones do when
   * they see a single thumbnail. A weight changes by at most 1/256 of itself, sums less; they are
   * added up in f32 as before. A backend may keep weights as they are.
   */
  BF16
}
