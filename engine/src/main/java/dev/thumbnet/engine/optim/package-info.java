/**
 * What changes the weights: optimisers in PyTorch's form, learning rate schedules as functions of
 * the step, averages of weights, and clipping of gradients.
 *
 * <p>A step of training is {@code zeroGrad}, forward, {@code backward}, {@code
 * step(schedule.at(t))}. Everything that must survive a restart is in {@code state()}; a schedule
 * has no state.
 */
@NullMarked
package dev.thumbnet.engine.optim;

import org.jspecify.annotations.NullMarked;
