/**
 * Inference at speed: a module's forward pass is traced, simplified and tied to its memory once,
 * then run as often as wanted; see {@link dev.thumbnet.engine.plan.Plan}. What it costs is read
 * from the trace, too, see {@link dev.thumbnet.engine.plan.Cost}.
 *
 * <p>The way of a network: {@code Program} turns the trace into steps over values, {@code Folding}
 * makes steps part of the convolution before them, {@code Slots} assigns buffers, and {@code
 * Binder} ties each step to the buffers of a workspace. Convolutions with fixed weights are the
 * backend's business, see {@link dev.thumbnet.engine.backend.PreparedConvolution}.
 */
@NullMarked
package dev.thumbnet.engine.plan;

import org.jspecify.annotations.NullMarked;
