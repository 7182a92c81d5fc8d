/** The innermost loops in plain Java, for a JVM without the Vector API. */
@NullMarked
package dev.thumbnet.engine.backend.cpu.scalar;

import org.jspecify.annotations.NullMarked;
