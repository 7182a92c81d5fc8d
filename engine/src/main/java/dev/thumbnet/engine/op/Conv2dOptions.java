package dev.thumbnet.engine.op;

import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.backend.problem.Padding;

/**
 * How a convolution slides: everything about it that its weight does not tell.
 *
 * @param strideH vertical stride, at least 1
 * @param strideW horizontal stride, at least 1
 * @param padding zero rows and columns around the picture
 * @param dilationH vertical distance of kernel elements, at least 1
 * @param dilationW horizontal distance of kernel elements, at least 1
 * @param groups number of groups, which divides both channel counts
 */
public record Conv2dOptions(
    int strideH, int strideW, Padding padding, int dilationH, int dilationW, int groups) {
  /** Stride 1, no padding, no dilation, one group. */
  public static final Conv2dOptions DEFAULT = new Conv2dOptions(1, 1, 0, 0, 1, 1, 1);

  /** Makes options with as many zero rows below as above, and columns right as left. */
  public Conv2dOptions(
      int strideH, int strideW, int padH, int padW, int dilationH, int dilationW, int groups) {
    this(strideH, strideW, Padding.of(padH, padW), dilationH, dilationW, groups);
  }

  /** Returns the same stride and padding in both directions, no dilation, one group. */
  public static Conv2dOptions of(int stride, int padding) {
    return new Conv2dOptions(stride, stride, padding, padding, 1, 1, 1);
  }

  /** Returns these options with another dilation in both directions. */
  public Conv2dOptions withDilation(int dilation) {
    return new Conv2dOptions(strideH, strideW, padding, dilation, dilation, groups);
  }

  /** Returns these options with other zeros around the picture. */
  public Conv2dOptions withPadding(Padding other) {
    return new Conv2dOptions(strideH, strideW, other, dilationH, dilationW, groups);
  }

  /** Returns these options with another number of groups. */
  public Conv2dOptions withGroups(int number) {
    return new Conv2dOptions(strideH, strideW, padding, dilationH, dilationW, number);
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
        padding,
        dilationH,
        dilationW,
        groups);
  }

  /**
   * Returns the convolution with these options whose transpose makes a result of x.
   *
   * @param moreH rows that the result has beyond what the first place of the window reaches
   * @param moreW columns, likewise
   */
  Conv2dProblem transposed(Tensor x, Tensor weight, int moreH, int moreW) {
    Require.rank("convTranspose2d", "x", x.shape(), "(n, h, w, cin)", 4);
    Require.rank("convTranspose2d", "weight", weight.shape(), "(kh, kw, cout / groups, cin)", 4);
    if (x.dim(3) != weight.dim(3)) {
      throw new IllegalArgumentException(
          "convTranspose2d: x %s has %d channels, but weight %s needs %d; a weight is (kh, kw, cout"
                  .formatted(x.shape(), x.dim(3), weight.shape(), weight.dim(3))
              + " / groups, cin)");
    }
    int h = enlarged(x.dim(1), weight.dim(0), strideH, padding.top(), padding.bottom(), dilationH);
    int w = enlarged(x.dim(2), weight.dim(1), strideW, padding.left(), padding.right(), dilationW);
    if (moreH < 0 || moreH >= strideH || moreW < 0 || moreW >= strideW) {
      throw new IllegalArgumentException(
          "convTranspose2d: %d more rows and %d more columns of the result must be below the stride"
                  .formatted(moreH, moreW)
              + " (%d, %d), and not negative".formatted(strideH, strideW));
    }
    return problem(
        Shape.of(x.dim(0), h + moreH, w + moreW, Math.multiplyExact(weight.dim(2), groups)),
        weight.shape());
  }

  private static int enlarged(int in, int kernel, int stride, int before, int after, int dilation) {
    long out = (in - 1L) * stride - before - after + dilation * (kernel - 1L) + 1;
    if (out < 1 || out > Integer.MAX_VALUE - stride) {
      throw new IllegalArgumentException(
          "convTranspose2d: an extent of %d would become %d; padding must leave something of the"
                  .formatted(in, out)
              + " result, which must fit an array");
    }
    return (int) out;
  }
}
