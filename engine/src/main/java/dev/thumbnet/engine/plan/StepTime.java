package dev.thumbnet.engine.plan;

/**
 * How long a step of a plan takes.
 *
 * @param step what it does, as {@link Plan#toString} prints it
 * @param macs multiply-adds of the whole step
 * @param medianNanos median of all runs
 */
public record StepTime(String step, long macs, long medianNanos) {}
