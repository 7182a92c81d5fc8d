/**
 * The fast backend: float arrays on the heap, SIMD kernels and a few threads.
 *
 * <p>The structure is that of BLIS. What is decided about blocks, packing, threads and algorithms
 * is decided once; the innermost loops come in two sets with the same interfaces. Here are the
 * backend itself and {@code Convolutions}, which chooses the algorithm of each convolution and
 * product. Arrows between the packages below point one way, to the left:
 *
 * <ul>
 *   <li>{@code kernel}: the interfaces of the innermost loops, sizes of tiles, number formats, and
 *       the gate that loads {@code vector}, on the Vector API, or {@code scalar}, in plain Java for
 *       a JVM without it. These two import nothing else.
 *   <li>{@code runtime}: threads, arrays for reuse, storages, warming up.
 *   <li>{@code pass}: everything that goes through its operands once.
 *   <li>{@code conv}: convolution in both directions; {@code gradient}: the gradient for the
 *       weights; {@code winograd}: Winograd's algorithms for both.
 * </ul>
 *
 * <p>Work is split into tasks by rules that depend on the problem only, never on the number of
 * threads, and each task adds up in a fixed order. So the same inputs give the same bits with any
 * number of threads.
 */
@NullMarked
package dev.thumbnet.engine.backend.cpu;

import org.jspecify.annotations.NullMarked;
