/**
 * The loop. A {@link dev.thumbnet.train.Trainer} does steps: batches, gradients, optimiser,
 * averages, evaluation, checkpoints, and stops when asked. What a step computes is said by {@link
 * dev.thumbnet.train.Phase}s, which the methods make; the loop knows no teacher, downscaler or
 * student.
 *
 * <p>The same pictures, settings and seed give the same weights, bit for bit, with any number of
 * threads, and also if training was interrupted and resumed.
 */
@NullMarked
package dev.thumbnet.train;

import org.jspecify.annotations.NullMarked;
