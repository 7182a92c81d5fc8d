package dev.thumbnet.data.image;

import java.time.Duration;

/**
 * What decoding one picture may take. All of it is judged by the header, before anything is
 * decoded; a picture above a limit gives an {@link ImageException} that names the limit.
 *
 * <p>Memory has no limit here, because all pictures of a process share it: see {@link
 * ImageDecoder}.
 *
 * @param maxPixels pictures with more pixels are refused
 * @param maxWork pictures that need more steps are refused; a step is what a pixel of a plain JPEG
 *     costs, a few nanoseconds. A progressive JPEG costs its pixels once for each scan, a WebP
 *     eight times, and each row costs 64 pixels more than it has
 * @param timeout how long a picture may take from reading to the last pixel, waiting for memory
 *     included; then decoding is given up
 */
public record DecodeLimits(long maxPixels, long maxWork, Duration timeout) {
  /** The usual limit: 64 million pixels, which is 192 MB decoded. */
  public static final long DEFAULT_MAX_PIXELS = 64_000_000;

  /** The usual limit: ten passes over the largest picture, some seconds. */
  public static final long DEFAULT_MAX_WORK = 640_000_000;

  /** No limit of time but that of work. */
  public static final Duration NO_TIMEOUT = Duration.ofNanos(Long.MAX_VALUE);

  /** Sets the usual limit of pixels for a process. */
  static final String PIXELS_PROPERTY = "thumbnet.decode.pixels";

  /** Sets the usual limit of steps for a process. */
  static final String WORK_PROPERTY = "thumbnet.decode.steps";

  /**
   * The usual limits, without a timeout. A process can be started with others by {@code
   * -Dthumbnet.decode.pixels} and {@code -Dthumbnet.decode.steps}.
   */
  public static final DecodeLimits DEFAULT =
      new DecodeLimits(
          Math.max(1, Long.getLong(PIXELS_PROPERTY, DEFAULT_MAX_PIXELS)),
          Math.max(1, Long.getLong(WORK_PROPERTY, DEFAULT_MAX_WORK)),
          NO_TIMEOUT);

  /**
   * Checks the limits.
   *
   * @throws IllegalArgumentException if one is not positive
   */
  public DecodeLimits {
    if (maxPixels < 1 || maxWork < 1 || !timeout.isPositive()) {
      throw new IllegalArgumentException(
          "maxPixels, maxWork and timeout must be positive, got "
              + maxPixels
              + ", "
              + maxWork
              + " and "
              + timeout);
    }
  }

  /** The same with another number of pixels. */
  public DecodeLimits withMaxPixels(long pixels) {
    return new DecodeLimits(pixels, maxWork, timeout);
  }

  /** The same with another number of steps. */
  public DecodeLimits withMaxWork(long work) {
    return new DecodeLimits(maxPixels, work, timeout);
  }

  /** The same with another timeout, for instance what is left of a request's time. */
  public DecodeLimits withTimeout(Duration time) {
    return new DecodeLimits(maxPixels, maxWork, time);
  }
}
