/**
 * A small tensor engine with automatic differentiation: {@link dev.thumbnet.engine.Tensor}s on a
 * {@link dev.thumbnet.engine.Device}, {@link dev.thumbnet.engine.Op}s that record themselves, and
 * {@link dev.thumbnet.engine.TensorScope} to bound memory. Operations are in {@code engine.op},
 * layers in {@code engine.nn}, optimisers in {@code engine.optim}.
 */
@NullMarked
package dev.thumbnet.engine;

import org.jspecify.annotations.NullMarked;
