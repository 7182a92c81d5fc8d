package dev.thumbnet.engine.op;

import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.backend.problem.Padding;
import dev.thumbnet.engine.backend.problem.PoolProblem;

/**
 * The windows of max and average pooling.
 *
 * @param kernelH rows of a window, at least 1
 * @param kernelW columns of a window, at least 1
 * @param strideH vertical stride, at least 1
 * @param strideW horizontal stride, at least 1
 * @param padding rows and columns around the picture, so few that each window has a pixel of it
 * @param dilationH vertical distance of the rows of a window, 1 for means
 * @param dilationW horizontal distance of its columns, 1 for means
 * @param ceil whether output sizes are rounded up: a last window may then end beyond the padding,
 *     but begins before the padding behind the picture
 */
public record PoolOptions(
    int kernelH,
    int kernelW,
    int strideH,
    int strideW,
    Padding padding,
    int dilationH,
    int dilationW,
    boolean ceil) {

  /** Returns square windows, sizes rounded down. */
  public static PoolOptions of(int kernel, int stride, int padding) {
    return new PoolOptions(kernel, kernel, stride, stride, Padding.of(padding), 1, 1, false);
  }

  /** Returns these options with output sizes rounded up. */
  public PoolOptions withCeil() {
    return new PoolOptions(kernelH, kernelW, strideH, strideW, padding, dilationH, dilationW, true);
  }

  /** Returns these options with other rows and columns around the picture. */
  public PoolOptions withPadding(Padding other) {
    return new PoolOptions(kernelH, kernelW, strideH, strideW, other, dilationH, dilationW, ceil);
  }

  /** Returns these options with another dilation in both directions. */
  public PoolOptions withDilation(int dilation) {
    return new PoolOptions(kernelH, kernelW, strideH, strideW, padding, dilation, dilation, ceil);
  }

  PoolProblem problem(String op, Shape x) {
    Require.rank(op, "x", x, "(n, h, w, c)", 4);
    return new PoolProblem(
        x.dim(0), x.dim(1), x.dim(2), x.dim(3), kernelH, kernelW, strideH, strideW, padding,
        dilationH, dilationW, ceil);
  }
}
