/**
 * Winograd's algorithms for 3x3 kernels, which multiply less: {@code WinogradConvolution} for both
 * directions, {@code WinogradWeightGradient} for the weights. They run unless the property {@code
 * dev.thumbnet.engine.winograd} is {@code false}. A weight of such a filter is called a tap, as in
 * the literature.
 */
@NullMarked
package dev.thumbnet.engine.backend.cpu.winograd;

import org.jspecify.annotations.NullMarked;
