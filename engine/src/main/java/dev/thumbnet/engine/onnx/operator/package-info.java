/**
 * ONNX's operators in terms of the engine's operations: a table of small translators, by families.
 * Each takes a node with its inputs and returns its outputs; what it cannot do it refuses with an
 * {@link IllegalArgumentException}, to which the caller adds which node it was.
 */
@NullMarked
package dev.thumbnet.engine.onnx.operator;

import org.jspecify.annotations.NullMarked;
