/** The innermost loops in plain Java, for a JVM without the Vector API. */
package dev.thumbnet.engine.backend.cpu.scalar;
