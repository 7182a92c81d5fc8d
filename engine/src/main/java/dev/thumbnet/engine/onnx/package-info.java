/**
 * Whole networks in the ONNX format: a trace is translated node by node. Pictures are (n, h, w, c)
 * in the engine and (n, c, h, w) in ONNX; weights are arranged as {@link
 * dev.thumbnet.engine.io.Layout} says.
 */
@NullMarked
package dev.thumbnet.engine.onnx;

import org.jspecify.annotations.NullMarked;
