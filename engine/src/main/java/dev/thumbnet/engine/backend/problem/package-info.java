/**
 * What a primitive is asked to do: records that carry all geometry and all options, and check them.
 * The same records serve dispatch, plans, tests and benchmarks on every backend; whoever describes
 * a network may know them without knowing who computes it.
 */
@NullMarked
package dev.thumbnet.engine.backend.problem;

import org.jspecify.annotations.NullMarked;
