package dev.thumbnet.engine.op.trace;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.AxisProblem;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.backend.problem.GatherProblem;
import dev.thumbnet.engine.backend.problem.GemmProblem;
import dev.thumbnet.engine.backend.problem.PoolProblem;
import dev.thumbnet.engine.backend.problem.ResizeProblem;
import dev.thumbnet.engine.backend.problem.TransposeProblem;
import dev.thumbnet.engine.backend.problem.Unary;

/**
 * What one step of a {@link Trace} computes from its operands x, y and so on, in the terms of
 * {@code Ops}.
 */
public sealed interface Action {

  /** Convolution of x with a weight y and, if there is a third operand, a bias. */
  record Conv2d(Conv2dProblem problem) implements Action {}

  /**
   * Transposed convolution of x with a weight y and, if there is a third operand, a bias.
   *
   * @param problem the convolution from the result to x
   */
  record ConvTranspose2d(Conv2dProblem problem) implements Action {}

  /** x · y for a weight y and, if there is a third operand, plus a bias. */
  record Linear() implements Action {}

  /**
   * Normalisation of x by constants, with scale y and shift z.
   *
   * @param mean per channel
   * @param variance per channel
   * @param eps added to the variance
   * @param relu whether max(·, 0) is taken of the result
   */
  record BatchNorm(Tensor mean, Tensor variance, double eps, boolean relu) implements Action {}

  /** f(x), elementwise. */
  record Elementwise(Unary f) implements Action {}

  /** x where x &gt; 0, else slope · x. */
  record LeakyRelu(double slope) implements Action {}

  /** scale · x where x &gt; 0, else alpha · (exp(rate · x) − 1). */
  record Elu(double scale, double alpha, double rate) implements Action {}

  /**
   * x, but at least low and at most high.
   *
   * @param low per channel
   * @param high per channel
   */
  record Clamp(Tensor low, Tensor high) implements Action {}

  /** scale · x + shift with two numbers. */
  record Affine(double scale, double shift) implements Action {}

  /** x + scale · y, both of one shape. */
  record Add(double scale) implements Action {}

  /** max(x + y, 0), both of one shape. */
  record AddRelu() implements Action {}

  /** x · y, elementwise, both of one shape. */
  record Multiply() implements Action {}

  /** x / y, elementwise, both of one shape. */
  record Divide() implements Action {}

  /** The larger of x and y, both of one shape. */
  record Maximum() implements Action {}

  /** The smaller of x and y, both of one shape. */
  record Minimum() implements Action {}

  /** x · y for so many pairs of matrices, one after the other. */
  record MatMul(int batch, GemmProblem problem) implements Action {}

  /** x + scale · y with a y that is repeated to the shape of x, which is that of the result. */
  record BroadcastAdd(AxisProblem problem, double scale) implements Action {}

  /** x · y with a y that is repeated to the shape of x, which is that of the result. */
  record BroadcastMultiply(AxisProblem problem) implements Action {}

  /** x repeated to the shape of the result. */
  record Expand(AxisProblem problem) implements Action {}

  /** scale · Σ of x over neighbouring axes, which the result has with extent 1 or not at all. */
  record Sum(AxisProblem problem, double scale) implements Action {}

  /** Maximum of x over neighbouring axes, which the result has with extent 1 or not at all. */
  record Max(AxisProblem problem) implements Action {}

  /** exp(x) / Σ exp(x) along the last axis. */
  record Softmax() implements Action {}

  /** x − log Σ exp(x) along the last axis. */
  record LogSoftmax() implements Action {}

  /** All operands one after the other along an axis. */
  record Concat(int axis) implements Action {}

  /** The elements of x whose index along an axis is in [from, to). */
  record Slice(int axis, int from, int to) implements Action {}

  /** Maximum of each window. */
  record MaxPool(PoolProblem problem) implements Action {}

  /**
   * Mean of each window.
   *
   * @param problem the windows
   * @param countPad whether padding counts as zeros
   */
  record AveragePool(PoolProblem problem, boolean countPad) implements Action {}

  /** Resampling or adaptive pooling. */
  record Resize(ResizeProblem problem) implements Action {}

  /** The same elements in the shape of the result. */
  record Reshape() implements Action {}

  /** x with its axes in another order. */
  record Transpose(TransposeProblem problem) implements Action {}

  /**
   * Chosen elements of x along an axis and the one before it.
   *
   * @param axis the axis of the columns
   * @param problem the choice
   * @param value what there is where none is chosen
   */
  record Gather(int axis, GatherProblem problem, double value) implements Action {}
}
