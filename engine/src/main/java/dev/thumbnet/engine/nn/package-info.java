/**
 * Layers with PyTorch's names, semantics and state names. A network is a tree of {@link
 * dev.thumbnet.engine.nn.Module}s; each layer takes its device and, where it draws numbers, an
 * explicit {@link dev.thumbnet.engine.Rng} when it is made.
 *
 * <p>Layouts differ from PyTorch: images are (n, h, w, c), convolution weights (kh, kw, cin /
 * groups, cout), linear weights (in, out).
 */
@NullMarked
package dev.thumbnet.engine.nn;

import org.jspecify.annotations.NullMarked;
