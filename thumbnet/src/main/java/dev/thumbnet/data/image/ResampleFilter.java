package dev.thumbnet.data.image;

/**
 * The kernels of {@link Resampler}. When a picture shrinks, the kernel is stretched by the ratio of
 * the sizes, which makes it a low-pass filter (antialiasing); when it grows, the kernel
 * interpolates.
 */
public enum ResampleFilter {
  /**
   * The triangle: {@code 1 - |x|} for {@code |x| < 1}. What torchvision resizes with by default.
   */
  BILINEAR(1) {
    @Override
    double at(double x) {
      double d = Math.abs(x);
      return d < 1 ? 1 - d : 0;
    }
  },

  /**
   * Keys' cubic with a = -0.5: {@code (a+2)|x|^3 - (a+3)|x|^2 + 1} for {@code |x| < 1} and {@code
   * a(|x|^3 - 5|x|^2 + 8|x| - 4)} for {@code 1 <= |x| < 2}. The baseline for thumbnails.
   */
  BICUBIC(2) {
    @Override
    double at(double x) {
      double d = Math.abs(x);
      if (d < 1) {
        return ((A + 2) * d - (A + 3)) * d * d + 1;
      }
      return d < 2 ? (((d - 5) * d + 8) * d - 4) * A : 0;
    }
  };

  private static final double A = -0.5;

  private final double support;

  ResampleFilter(double support) {
    this.support = support;
  }

  /** The kernel is zero outside of {@code [-support, support]}. */
  double support() {
    return support;
  }

  abstract double at(double x);
}
