/** Operations whose results are made of the operands' elements at one place, repeated or not. */
@NullMarked
package dev.thumbnet.engine.op.elementwise;

import org.jspecify.annotations.NullMarked;
