/**
 * What a backend must offer ({@link dev.thumbnet.engine.backend.Backend}); arguments of every
 * backend are checked here, in one place. Nothing here knows of tensors or gradients.
 */
@NullMarked
package dev.thumbnet.engine.backend;

import org.jspecify.annotations.NullMarked;
