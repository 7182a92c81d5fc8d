/**
 * The innermost loops as interfaces, and all else that both sets of them, {@code vector} and {@code
 * scalar}, may know: sizes of tiles with the argument for them ({@link
 * dev.thumbnet.engine.backend.cpu.kernel.Tiles}), weights of 16 and 8 bits, Winograd's matrices.
 * {@code KernelGate} decides which set runs.
 */
@NullMarked
package dev.thumbnet.engine.backend.cpu.kernel;

import org.jspecify.annotations.NullMarked;
