/**
 * Whole networks in the ONNX format. {@link dev.thumbnet.engine.onnx.Onnx} writes them: a trace is
 * translated node by node. {@link dev.thumbnet.engine.onnx.OnnxModel} reads them, other people's,
 * too. Pictures are (n, h, w, c) in the engine and (n, c, h, w) in ONNX; weights are arranged as
 * {@link dev.thumbnet.engine.io.Layout} says.
 */
@NullMarked
package dev.thumbnet.engine.onnx;

import org.jspecify.annotations.NullMarked;
