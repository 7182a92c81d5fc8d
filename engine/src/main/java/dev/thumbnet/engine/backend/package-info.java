/**
 * What a backend must offer ({@link dev.thumbnet.engine.backend.Backend}) and the records that
 * carry the geometry of each primitive. The same problem records serve dispatch, tests and
 * benchmarks on every backend. Nothing here knows of tensors or gradients.
 */
package dev.thumbnet.engine.backend;
