/** Operations that arrange elements anew or work along axes. */
@NullMarked
package dev.thumbnet.engine.op.axis;

import org.jspecify.annotations.NullMarked;
