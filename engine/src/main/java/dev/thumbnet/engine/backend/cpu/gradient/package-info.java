/**
 * The gradient of a convolution for its weights: {@code DirectWeightGradient} is the usual
 * algorithm, the others are for special shapes, each with its reason in its file.
 */
@NullMarked
package dev.thumbnet.engine.backend.cpu.gradient;

import org.jspecify.annotations.NullMarked;
