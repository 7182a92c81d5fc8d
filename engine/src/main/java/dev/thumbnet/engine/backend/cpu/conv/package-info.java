/**
 * Convolution, forward and backward for the data, and with it the product of matrices.
 *
 * <p>Where to read: {@code Direction} and {@code SlidingWindow} describe what the two directions
 * have in common. {@code DirectConvolution} is the usual algorithm, made of {@code PackedWeights}
 * (the right side of a matrix product), {@code PixelRuns} (the left side, read in place) and {@code
 * BlockedProduct} (the loops). The others are for special shapes, each with its reason in its file.
 */
@NullMarked
package dev.thumbnet.engine.backend.cpu.conv;

import org.jspecify.annotations.NullMarked;
