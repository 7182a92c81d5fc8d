/**
 * Differentiable operations: each a small class with its forward and backward pass side by side.
 */
package dev.thumbnet.engine.op;
