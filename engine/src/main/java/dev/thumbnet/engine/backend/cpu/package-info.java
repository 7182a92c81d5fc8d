/**
 * The fast backend: float arrays on the heap, SIMD kernels and a few threads.
 *
 * <p>The structure is that of BLIS. What is decided about blocks, packing, threads and algorithms
 * is decided here, once; the innermost loops come in two sets with the same interfaces ({@link
 * dev.thumbnet.engine.backend.cpu.Kernels}): {@code vector} on the Vector API, the only code that
 * imports the incubator module, and {@code scalar} in plain Java for a JVM without it.
 *
 * <p>Work is split into tasks by rules that depend on the problem only, never on the number of
 * threads, and each task adds up in a fixed order. So the same inputs give the same bits with any
 * number of threads.
 *
 * <p><b>Convolution</b>, where to read: {@code Convolutions} chooses the algorithm. {@code
 * Correlation} and {@code Axis} describe what forward and backward-data have in common. {@code
 * DirectConvolution} is the usual algorithm, made of {@code PackedWeights} (the right side of a
 * matrix product), {@code PixelRuns} (the left side, read in place) and {@code BlockedProduct} (the
 * loops). {@code TapWeights} is the usual one for the gradient of the weights. {@code
 * WinogradConvolution} and {@code WinogradWeightGradient} are the fast ones for 3x3 kernels with
 * stride 1, unless the property {@code dev.thumbnet.engine.winograd} is {@code false}. The others
 * are for special shapes, each with its reason in its file. Register tiles and block sizes are
 * explained in {@code Tiles}.
 */
package dev.thumbnet.engine.backend.cpu;
