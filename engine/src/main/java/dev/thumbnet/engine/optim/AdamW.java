package dev.thumbnet.engine.optim;

import java.util.List;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019) in PyTorch's form: each step first
 * scales the weight by 1 − lr · decay.
 */
public final class AdamW extends Adam {
  /** Makes an optimiser with PyTorch's defaults: beta 0.9 and 0.999, eps 1e-8. */
  public AdamW(List<ParamGroup> groups) {
    this(groups, 0.9, 0.999, 1e-8);
  }

  /**
   * Makes an optimiser with zero moments.
   *
   * @param groups what to learn, and with which decay
   * @param beta1 share of the first moment that is kept, in [0, 1)
   * @param beta2 share of the second moment that is kept, in [0, 1)
   * @param eps added to the denominator, positive
   */
  public AdamW(List<ParamGroup> groups, double beta1, double beta2, double eps) {
    super(groups, beta1, beta2, eps, true);
  }
}
