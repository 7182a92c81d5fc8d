package dev.thumbnet.engine.backend;

/** How exactly a CUDA device computes convolutions and matrix products. */
public enum CudaPrecision {
  /** In f32, like the CPU. */
  F32,

  /**
   * The operands of multiplications are rounded to TF32, that is to 11 bits, and the products are
   * summed up in f32: several times faster on tensor cores, with relative errors of some 10⁻³.
   * Everything else is in f32.
   */
  TF32,

  /**
   * Convolutions and products of bfloat16, that is of 8 bits, summed up in f32. Results of
   * convolutions are stored as bfloat16, and so is what is computed from them element by element,
   * with its gradients; parameters, their gradients, statistics, softmax and losses stay f32. Half
   * the memory traffic of the others.
   */
  BF16
}
