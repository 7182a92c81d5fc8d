package dev.thumbnet.measure;

/**
 * Time for one picture from its pixels at full size to the answer, batches of one. What was
 * measured by one call of {@link Timings#measure} was taken in turns, so it can be compared.
 *
 * @param medianMs median in milliseconds
 * @param fastMs first decile
 * @param slowMs last decile
 * @param repeats number of measurements
 * @param threads threads that computed
 */
public record Timing(double medianMs, double fastMs, double slowMs, int repeats, int threads) {}
