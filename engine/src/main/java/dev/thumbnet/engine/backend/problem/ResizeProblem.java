package dev.thumbnet.engine.backend.problem;

/**
 * A change of spatial size of (n, h, w, c) to (n, outH, outW, c), separable and linear in x. Also
 * describes adaptive average pooling, whose windows are [floor(i·in/out), ceil((i+1)·in/out)).
 *
 * @param n pictures
 * @param h input rows
 * @param w input columns
 * @param c channels
 * @param outH output rows
 * @param outW output columns
 * @param filter how a new sample is made of old ones
 */
public record ResizeProblem(int n, int h, int w, int c, int outH, int outW, Filter filter) {
  /** The way of resampling. Pixel centres are at half-integers ("align_corners" false). */
  public enum Filter {
    /** The old pixel whose index is floor(i · in / out), as PyTorch's "nearest". */
    NEAREST,
    /** Two old pixels per axis, not antialiased; clamped at the border. */
    BILINEAR,
    /** Triangle stretched by the scale when shrinking, as Pillow's BILINEAR. */
    BILINEAR_ANTIALIAS,
    /** Keys cubic, a = −0.5, stretched by the scale when shrinking, as Pillow's BICUBIC. */
    BICUBIC_ANTIALIAS,
    /** Mean over the window [floor(i·in/out), ceil((i+1)·in/out)), as adaptive average pooling. */
    ADAPTIVE_AVERAGE
  }

  /** Checks the numbers. */
  public ResizeProblem {
    String text =
        "n" + n + " h" + h + " w" + w + " c" + c + " to " + outH + "x" + outW + " " + filter;
    Checks.atLeast(1, "batch size n", n, text);
    Checks.atLeast(1, "height h", h, text);
    Checks.atLeast(1, "width w", w, text);
    Checks.atLeast(1, "channels c", c, text);
    Checks.atLeast(1, "output height", outH, text);
    Checks.atLeast(1, "output width", outW, text);
    Checks.size("input", n, h, w, c);
    Checks.size("output", n, outH, outW, c);
  }

  /** Returns the number of elements of x. */
  public int inputSize() {
    return n * h * w * c;
  }

  /** Returns the number of elements of y. */
  public int outputSize() {
    return n * outH * outW * c;
  }

  /** Returns the same problem for another batch size. */
  public ResizeProblem withBatch(int batch) {
    return new ResizeProblem(batch, h, w, c, outH, outW, filter);
  }

  /** Returns the taps along the vertical axis. */
  public ResampleTaps rows() {
    return ResampleTaps.of(h, outH, filter);
  }

  /** Returns the taps along the horizontal axis. */
  public ResampleTaps columns() {
    return ResampleTaps.of(w, outW, filter);
  }
}
