/**
 * The straight-line program of a forward pass: what each operation computes, in terms that plans
 * and other runtimes understand.
 */
@NullMarked
package dev.thumbnet.engine.op.trace;

import org.jspecify.annotations.NullMarked;
