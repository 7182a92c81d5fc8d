package dev.thumbnet.engine.backend.problem;

/**
 * One step of Adam or AdamW (Kingma and Ba 2015; Loshchilov and Hutter 2019) as PyTorch defines it:
 * decoupled decay first scales w by 1 − lr·weightDecay, otherwise weightDecay·w is added to the
 * gradient; m = β₁m + (1 − β₁)g; v = β₂v + (1 − β₂)g²; w −= lr/(1 − β₁ᵗ) · m / (√v/√(1 − β₂ᵗ) +
 * eps).
 *
 * @param lr learning rate
 * @param beta1 decay of the first moment
 * @param beta2 decay of the second moment
 * @param eps added to the denominator
 * @param weightDecay decay factor
 * @param decoupled true for AdamW
 * @param step number of this step t, from 1
 */
public record AdamStep(
    double lr,
    double beta1,
    double beta2,
    double eps,
    double weightDecay,
    boolean decoupled,
    int step) {}
