/**
 * The gradient of a convolution for its weights: {@code DirectWeightGradient} is the usual
 * algorithm, the others are for special shapes, each with its reason in its file.
 */
package dev.thumbnet.engine.backend.cpu.gradient;
