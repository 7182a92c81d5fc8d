/**
 * The innermost loops on the Vector API: the only code that imports {@code jdk.incubator.vector}.
 *
 * <p>The width is the same for all of them and fixed when {@link
 * dev.thumbnet.engine.backend.cpu.vector.tile.Lanes} is initialised: C2 compiles a vector operation
 * well only if the species is a constant. So a JVM has one width, and tests of other widths are
 * other JVMs.
 *
 * <p>What keeps C2 from spilling registers: static methods; all offsets computed before the loop;
 * no flag, null check or branch inside; one method for each way in which accumulators start.
 */
@NullMarked
package dev.thumbnet.engine.backend.cpu.vector;

import org.jspecify.annotations.NullMarked;
