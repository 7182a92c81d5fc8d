/**
 * What goes through its operands once: elementwise functions, broadcasts and sums, batch
 * normalisation, pooling, resampling, softmax.
 */
package dev.thumbnet.engine.backend.cpu.pass;
