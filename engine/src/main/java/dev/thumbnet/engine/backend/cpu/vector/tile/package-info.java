/** Static code on vectors: register tiles, which are generated, and what they are made of. */
@NullMarked
package dev.thumbnet.engine.backend.cpu.vector.tile;

import org.jspecify.annotations.NullMarked;
