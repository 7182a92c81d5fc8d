/**
 * The straight-line program of a forward pass: what each operation computes, in terms that plans
 * and other runtimes understand.
 */
package dev.thumbnet.engine.op.trace;
