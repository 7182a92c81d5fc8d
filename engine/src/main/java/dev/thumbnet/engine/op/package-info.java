/**
 * Differentiable operations: each a small class with its forward and backward pass side by side.
 * {@link dev.thumbnet.engine.op.Ops} checks shapes and calls them. Here are those with weights or
 * windows and the losses; those that work on each element alone, and those that arrange elements or
 * work along an axis, have packages of their own, which only this one uses.
 */
@NullMarked
package dev.thumbnet.engine.op;

import org.jspecify.annotations.NullMarked;
