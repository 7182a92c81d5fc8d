/**
 * What goes through its operands once: elementwise functions, broadcasts and sums, batch
 * normalisation, pooling, resampling, softmax.
 */
@NullMarked
package dev.thumbnet.engine.backend.cpu.pass;

import org.jspecify.annotations.NullMarked;
