package dev.thumbnet.engine.op;

import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;

/**
 * How a convolution slides: everything about it that its weight does not tell.
 *
 * @param strideH vertical stride, at least 1
 * @param strideW horizontal stride, at least 1
 * @param padH zero rows added above and below
 * @param padW zero columns added left and right
 * @param dilationH vertical distance of kernel elements, at least 1
 * @param dilationW horizontal distance of kernel elements, at least 1
 * @param groups number of groups, which divides both channel counts
 */
public record Conv2dOptions(
    int strideH, int strideW, int padH, int padW, int dilationH, int dilationW, int groups) {
  /** Stride 1, no padding, no dilation, one group. */
  public static final Conv2dOptions DEFAULT = new Conv2dOptions(1, 1, 0, 0, 1, 1, 1);

  /** Returns the same stride and padding in both directions, no dilation, one group. */
  public static Conv2dOptions of(int stride, int padding) {
    return new Conv2dOptions(stride, stride, padding, padding, 1, 1, 1);
  }

  /** Returns these options with another dilation in both directions. */
  public Conv2dOptions withDilation(int dilation) {
    return new Conv2dOptions(strideH, strideW, padH, padW, dilation, dilation, groups);
  }

  /** Returns these options with another number of groups. */
  public Conv2dOptions withGroups(int number) {
    return new Conv2dOptions(strideH, strideW, padH, padW, dilationH, dilationW, number);
  }

  /**
   * Returns all geometry of a convolution with these options.
   *
   * @param x shape of the input, (n, h, w, cin)
   * @param weight shape of the weight, (kh, kw, cin / groups, cout)
   * @throws IllegalArgumentException if the shapes do not fit
   */
  public Conv2dProblem problem(Shape x, Shape weight) {
    Require.rank("conv2d", "x", x, "(n, h, w, cin)", 4);
    Require.rank("conv2d", "weight", weight, "(kh, kw, cin / groups, cout)", 4);
    if (x.dim(3) != (long) weight.dim(2) * groups) {
      throw new IllegalArgumentException(
          "conv2d: x "
              + x
              + " has "
              + x.dim(3)
              + " channels, but weight "
              + weight
              + " with groups "
              + groups
              + " needs "
              + (long) weight.dim(2) * groups
              + "; a weight is (kh, kw, cin / groups, cout)");
    }
    return new Conv2dProblem(
        x.dim(0),
        x.dim(1),
        x.dim(2),
        x.dim(3),
        weight.dim(3),
        weight.dim(0),
        weight.dim(1),
        strideH,
        strideW,
        padH,
        padW,
        dilationH,
        dilationW,
        groups);
  }
}
