package dev.thumbnet.engine.backend.cuda;

import dev.thumbnet.engine.backend.CudaPrecision;
import dev.thumbnet.engine.backend.DeviceException;
import dev.thumbnet.engine.backend.cuda.driver.CudaRuntime;
import dev.thumbnet.engine.backend.cuda.driver.Cudnn;
import dev.thumbnet.engine.backend.cuda.driver.CudnnAlgorithm;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.backend.problem.Padding;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What cuDNN must be told of one convolution, and the algorithms chosen for its directions. An
 * algorithm is the first one of cuDNN's own list that gives the same bits in each run, needs no
 * more memory than is allowed and belongs to the families that the tolerances of the contract are
 * made for: sums of products, and Winograd's algorithm for 3x3.
 */
final class ConvolutionDescriptors implements AutoCloseable {
  /** The result or gradient that is computed. */
  enum Direction {
    FORWARD,
    BACKWARD_DATA,
    BACKWARD_WEIGHTS
  }

  /**
   * How one direction is computed.
   *
   * @param convolution descriptor of the convolution, with the arithmetic that belongs to it
   * @param algorithm cuDNN's number
   * @param workspace bytes that it needs
   */
  record Choice(long convolution, int algorithm, long workspace) {}

  /** Bytes of workspace that an algorithm may ask for. */
  private static final long WORKSPACE_LIMIT = 1L << 30;

  /** Algorithms to ask for: each direction has fewer. */
  private static final int ALL = 10;

  /** Numbers of the algorithms that add up products; the first is the usual one. */
  private static final List<Integer> FORWARD_SUMS = List.of(1, 0, 2);

  /** Numbers of Winograd's algorithm, fused and in steps. */
  private static final List<Integer> FORWARD_WINOGRAD = List.of(6, 7);

  /** Number of the one algorithm for gradients that adds up products in a fixed order. */
  private static final List<Integer> BACKWARD_SUMS = List.of(1);

  /** Numbers of Winograd's algorithm, fused and in steps. */
  private static final List<Integer> BACKWARD_WINOGRAD = List.of(4, 5);

  /** The arithmetic that rounds f32 to 16 bits: out of the question. */
  private static final int TENSOR_OP_MATH_ALLOW_CONVERSION = 2;

  private final Cudnn cudnn;
  private final long handle;
  private final Conv2dProblem problem;
  private final CudaPrecision precision;
  private final long x;
  private final long y;
  private final long weight;
  private final long bias;
  private final Map<Direction, Optional<Choice>> choices = new EnumMap<>(Direction.class);

  /**
   * @param p has as much padding below as above, and right as left: cuDNN knows no other
   */
  ConvolutionDescriptors(
      CudaRuntime runtime, Conv2dProblem p, ElementType type, CudaPrecision precision) {
    cudnn = runtime.cudnn();
    handle = runtime.cudnnHandle();
    problem = p;
    this.precision = precision;
    x = tensor(type, p.n(), p.c(), p.h(), p.w());
    y = tensor(type, p.n(), p.k(), p.outH(), p.outW());
    bias = tensor(type, 1, p.k(), 1, 1);
    weight = cudnn.createFilterDescriptor();
    cudnn.setFilter4dDescriptor(
        weight, type.cudnn(), Cudnn.TENSOR_NHWC, p.k(), p.c() / p.groups(), p.kh(), p.kw());
  }

  /** Returns the same convolution with equal padding on opposite sides, of larger pictures. */
  static Conv2dProblem even(Conv2dProblem p) {
    Padding pad = p.pad();
    if (pad.symmetric()) {
      return p;
    }
    int vertical = Math.min(pad.top(), pad.bottom());
    int horizontal = Math.min(pad.left(), pad.right());
    return new Conv2dProblem(
        p.n(),
        p.h() + pad.top() + pad.bottom() - 2 * vertical,
        p.w() + pad.left() + pad.right() - 2 * horizontal,
        p.c(),
        p.k(),
        p.kh(),
        p.kw(),
        p.strideH(),
        p.strideW(),
        vertical,
        horizontal,
        p.dilationH(),
        p.dilationW(),
        p.groups());
  }

  private long tensor(ElementType type, int n, int c, int h, int w) {
    long descriptor = cudnn.createTensorDescriptor();
    cudnn.setTensor4dDescriptor(descriptor, Cudnn.TENSOR_NHWC, type.cudnn(), n, c, h, w);
    return descriptor;
  }

  long x() {
    return x;
  }

  long y() {
    return y;
  }

  /** Returns the descriptor of weights, whose layout is (k, kh, kw, c / groups). */
  long weight() {
    return weight;
  }

  long bias() {
    return bias;
  }

  /** Returns how a direction is computed, if cuDNN can. */
  @Nullable Choice choice(Direction direction) {
    return choices.computeIfAbsent(direction, this::choose).orElse(null);
  }

  private Optional<Choice> choose(Direction direction) {
    long convolution = convolution();
    try {
      return Optional.of(choose(direction, convolution));
    } catch (DeviceException e) {
      // Not supported. If something else is wrong, our own kernels will meet it, too.
      cudnn.destroyConvolutionDescriptor(convolution);
      return Optional.empty();
    }
  }

  private Choice choose(Direction direction, long convolution) {
    List<Integer> sums = direction == Direction.FORWARD ? FORWARD_SUMS : BACKWARD_SUMS;
    List<Integer> winograd = direction == Direction.FORWARD ? FORWARD_WINOGRAD : BACKWARD_WINOGRAD;
    for (CudnnAlgorithm a : offered(direction, convolution)) {
      if (a.usable()
          && a.deterministic()
          && a.workspace() <= WORKSPACE_LIMIT
          && (sums.contains(a.algorithm()) || winograd.contains(a.algorithm()) && winogradServes())
          && exactEnough(a.mathType())) {
        cudnn.setConvolutionMathType(convolution, a.mathType());
        return new Choice(convolution, a.algorithm(), a.workspace());
      }
    }
    int usual = sums.getFirst();
    return new Choice(convolution, usual, workspace(direction, convolution, usual));
  }

  private List<CudnnAlgorithm> offered(Direction direction, long convolution) {
    return switch (direction) {
      case FORWARD -> cudnn.getConvolutionForwardAlgorithm(handle, x, weight, convolution, y, ALL);
      case BACKWARD_DATA ->
          cudnn.getConvolutionBackwardDataAlgorithm(handle, weight, y, convolution, x, ALL);
      case BACKWARD_WEIGHTS ->
          cudnn.getConvolutionBackwardFilterAlgorithm(handle, x, y, convolution, weight, ALL);
    };
  }

  private long workspace(Direction direction, long convolution, int algorithm) {
    return switch (direction) {
      case FORWARD ->
          cudnn.getConvolutionForwardWorkspaceSize(handle, x, weight, convolution, y, algorithm);
      case BACKWARD_DATA ->
          cudnn.getConvolutionBackwardDataWorkspaceSize(
              handle, weight, y, convolution, x, algorithm);
      case BACKWARD_WEIGHTS ->
          cudnn.getConvolutionBackwardFilterWorkspaceSize(
              handle, x, y, convolution, weight, algorithm);
    };
  }

  private boolean winogradServes() {
    Conv2dProblem p = problem;
    return p.kh() == 3
        && p.kw() == 3
        && p.strideH() == 1
        && p.strideW() == 1
        && p.dilationH() == 1
        && p.dilationW() == 1
        && p.groups() == 1;
  }

  private boolean exactEnough(int mathType) {
    return precision == CudaPrecision.F32
        ? mathType == Cudnn.FMA_MATH
        : mathType != TENSOR_OP_MATH_ALLOW_CONVERSION;
  }

  /** Returns a descriptor of the convolution with the arithmetic that the precision asks for. */
  private long convolution() {
    Conv2dProblem p = problem;
    long descriptor = cudnn.createConvolutionDescriptor();
    cudnn.setConvolution2dDescriptor(
        descriptor,
        p.pad().top(),
        p.pad().left(),
        p.strideH(),
        p.strideW(),
        p.dilationH(),
        p.dilationW(),
        Cudnn.CROSS_CORRELATION,
        Cudnn.DATA_FLOAT);
    cudnn.setConvolutionGroupCount(descriptor, p.groups());
    cudnn.setConvolutionMathType(
        descriptor,
        switch (precision) {
          case F32 -> Cudnn.FMA_MATH;
          case TF32 -> Cudnn.DEFAULT_MATH;
          case BF16 -> Cudnn.TENSOR_OP_MATH;
        });
    return descriptor;
  }

  @Override
  public void close() {
    for (Optional<Choice> choice : choices.values()) {
      choice.ifPresent(c -> cudnn.destroyConvolutionDescriptor(c.convolution()));
    }
    cudnn.destroyFilterDescriptor(weight);
    for (long tensor : new long[] {x, y, bias}) {
      cudnn.destroyTensorDescriptor(tensor);
    }
  }
}
