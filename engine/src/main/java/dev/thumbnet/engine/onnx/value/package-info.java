/**
 * The values of an ONNX graph while it is run on the engine. The file counts axes its way, with
 * channels second; in memory they are last. Instead of moving elements whenever a node counts axes
 * anew, each value knows how its axes lie in memory ({@link
 * dev.thumbnet.engine.onnx.value.Arrangement}), weights are arranged when they are read, and
 * elements move only where an operation needs another order than it finds.
 */
@NullMarked
package dev.thumbnet.engine.onnx.value;

import org.jspecify.annotations.NullMarked;
