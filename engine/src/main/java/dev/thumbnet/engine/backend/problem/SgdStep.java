package dev.thumbnet.engine.backend.problem;

/**
 * One step of stochastic gradient descent as PyTorch defines it: g' = g + weightDecay·w; v =
 * momentum·v + g'; w −= lr·(nesterov ? g' + momentum·v : v). With momentum 0 the velocity is not
 * touched and may be missing.
 *
 * @param lr learning rate
 * @param momentum share of the velocity that is kept, 0 for none
 * @param weightDecay L2 penalty, added to the gradient
 * @param nesterov whether to look ahead
 */
public record SgdStep(double lr, double momentum, double weightDecay, boolean nesterov) {}
