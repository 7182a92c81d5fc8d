/** Operations whose results are made of the operands' elements at one place, repeated or not. */
package dev.thumbnet.engine.op.elementwise;
