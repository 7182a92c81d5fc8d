/** Operations that arrange elements anew or work along axes. */
package dev.thumbnet.engine.op.axis;
