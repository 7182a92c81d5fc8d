/** Layers that networks of this program have and others do not. */
@NullMarked
package dev.thumbnet.model.layer;

import org.jspecify.annotations.NullMarked;
