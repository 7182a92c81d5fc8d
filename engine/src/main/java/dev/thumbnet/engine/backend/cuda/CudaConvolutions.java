package dev.thumbnet.engine.backend.cuda;

import static dev.thumbnet.engine.backend.cuda.ConvolutionDescriptors.even;
import static dev.thumbnet.engine.backend.cuda.ElementType.BF16;
import static dev.thumbnet.engine.backend.cuda.ElementType.F32;

import dev.thumbnet.engine.backend.CudaPrecision;
import dev.thumbnet.engine.backend.DeviceException;
import dev.thumbnet.engine.backend.cuda.ConvolutionDescriptors.Choice;
import dev.thumbnet.engine.backend.cuda.ConvolutionDescriptors.Direction;
import dev.thumbnet.engine.backend.cuda.driver.CudaRuntime;
import dev.thumbnet.engine.backend.cuda.driver.Cudnn;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.backend.problem.Padding;
import dev.thumbnet.engine.backend.problem.Unary;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Convolutions by cuDNN, in NHWC. The engine's weights (kh, kw, c, k) are transposed to cuDNN's (k,
 * kh, kw, c) for each call, because they change with each step of a training; that takes far less
 * time than the convolution. What cuDNN refuses is left to kernels of our own. Where opposite sides
 * of a picture have different padding, which cuDNN does not know, a copy gets what one side has
 * more.
 */
final class CudaConvolutions implements AutoCloseable {
  private static final int TRANSPOSED_TILE = 32;
  private static final int THREADS = 256;
  private static final long NONE = 0;

  /** For an activation that has no say in it. */
  private static final int NOT_PROPAGATE_NAN = 0;

  private final CudaQueue queue;
  private final CudaRuntime runtime;
  private final CudaPrecision precision;
  private final ElementType type;
  private final Map<Conv2dProblem, ConvolutionDescriptors> descriptors = new HashMap<>();
  private long relu;
  private long identity;

  CudaConvolutions(CudaQueue queue, CudaPrecision precision) {
    this.queue = queue;
    this.runtime = queue.runtime();
    this.precision = precision;
    type = precision == CudaPrecision.BF16 ? BF16 : F32;
  }

  private ConvolutionDescriptors descriptors(Conv2dProblem p) {
    return descriptors.computeIfAbsent(
        p, q -> new ConvolutionDescriptors(runtime, q, type, precision));
  }

  // ---------------------------------------------------------------- padding of each side

  /** Returns the input of {@code given} as the larger pictures of {@code even}. */
  private long framed(Conv2dProblem given, Conv2dProblem even, long x) {
    if (even.pad().equals(given.pad())) {
      return x;
    }
    long larger = queue.scratch((long) even.inputSize() * type.bytes());
    frame(given, even, 1, x, larger);
    return larger;
  }

  /** Copies the pictures of a convolution, with what is missing of the padding, or back. */
  private void frame(Conv2dProblem from, Conv2dProblem to, int sign, long x, long y) {
    Padding more = sign > 0 ? from.pad() : to.pad();
    Padding less = sign > 0 ? to.pad() : from.pad();
    int n = to.inputSize();
    queue.launch(
        "frame" + type.suffix(),
        n,
        n,
        from.h(),
        from.w(),
        from.c(),
        sign * (more.top() - less.top()),
        sign * (more.left() - less.left()),
        to.h(),
        to.w(),
        x,
        y);
  }

  // ---------------------------------------------------------------- the three directions

  void forward(
      Conv2dProblem given,
      CudaStorage x,
      CudaStorage weight,
      @Nullable CudaStorage bias,
      CudaStorage y) {
    Conv2dProblem p = even(given);
    long input = framed(given, p, queue.read(x, given.inputSize(), type));
    long factors = queue.read(weight, p.weightSize(), F32);
    long added = bias == null ? NONE : queue.read(bias, p.k(), F32);
    long output = queue.write(y, type);
    if (descriptors(p).choice(Direction.FORWARD) == null) {
      convolve(p, input, factors, output);
    } else {
      forward(p, input, toFilters(p, factors), output);
    }
    if (bias != null) {
      finish(p.outputSize(), p.k(), output, added, NONE, null, output);
    }
  }

  /** Queues cuDNN's convolution with weights in its layout. */
  private void forward(Conv2dProblem p, long x, long filters, long y) {
    ConvolutionDescriptors d = descriptors(p);
    Choice choice = Objects.requireNonNull(d.choice(Direction.FORWARD));
    runtime
        .cudnn()
        .convolutionForward(
            runtime.cudnnHandle(),
            1,
            d.x(),
            x,
            d.weight(),
            filters,
            choice.convolution(),
            choice.algorithm(),
            workspace(choice),
            choice.workspace(),
            0,
            d.y(),
            y);
  }

  void backwardData(Conv2dProblem given, CudaStorage dy, CudaStorage weight, CudaStorage dx) {
    Conv2dProblem p = even(given);
    long gradient = queue.read(dy, p.outputSize(), type);
    long factors = queue.read(weight, p.weightSize(), F32);
    long output = queue.write(dx, type);
    boolean byCudnn = descriptors(p).choice(Direction.BACKWARD_DATA) != null;
    long filters = byCudnn ? toFilters(p, factors) : factors;
    backwardData(given, gradient, filters, byCudnn, output);
  }

  /** Queues the gradient by cuDNN with weights in its layout, or by our kernel with ours. */
  private void backwardData(
      Conv2dProblem given, long gradient, long filters, boolean byCudnn, long dx) {
    Conv2dProblem p = even(given);
    long larger = p == given ? dx : queue.scratch((long) p.inputSize() * type.bytes());
    backwardDataOfEven(p, gradient, filters, byCudnn, larger);
    if (p != given) {
      frame(p, given, -1, larger, dx);
    }
  }

  private void backwardDataOfEven(
      Conv2dProblem p, long gradient, long filters, boolean byCudnn, long output) {
    if (!byCudnn) {
      int n = p.inputSize();
      queue.launch(
          "convolve_backward_data" + type.suffix(),
          n,
          geometry(new long[] {n}, p, gradient, filters, output));
      return;
    }
    ConvolutionDescriptors d = descriptors(p);
    Choice choice = Objects.requireNonNull(d.choice(Direction.BACKWARD_DATA));
    runtime
        .cudnn()
        .convolutionBackwardData(
            runtime.cudnnHandle(),
            1,
            d.weight(),
            filters,
            d.y(),
            gradient,
            choice.convolution(),
            choice.algorithm(),
            workspace(choice),
            choice.workspace(),
            0,
            d.x(),
            output);
  }

  void backwardWeights(Conv2dProblem given, CudaStorage x, CudaStorage dy, CudaStorage dWeight) {
    Conv2dProblem p = even(given);
    long input = framed(given, p, queue.read(x, given.inputSize(), type));
    long gradient = queue.read(dy, p.outputSize(), type);
    long output = queue.write(dWeight, F32);
    ConvolutionDescriptors d = descriptors(p);
    Choice choice = d.choice(Direction.BACKWARD_WEIGHTS);
    if (choice == null) {
      queue.launchBlocks(
          "convolve_backward_weights" + type.suffix(),
          p.weightSize(),
          THREADS,
          geometry(new long[0], p, input, gradient, output));
      return;
    }
    long filters = queue.scratch((long) p.weightSize() * type.bytes());
    runtime
        .cudnn()
        .convolutionBackwardFilter(
            runtime.cudnnHandle(),
            1,
            d.x(),
            input,
            d.y(),
            gradient,
            choice.convolution(),
            choice.algorithm(),
            workspace(choice),
            choice.workspace(),
            0,
            d.weight(),
            filters);
    transpose(type, F32, p.k(), p.weightSize() / p.k(), filters, output);
  }

  private long workspace(Choice choice) {
    return choice.workspace() == 0 ? NONE : runtime.workspace(choice.workspace());
  }

  // ---------------------------------------------------------------- with prepared weights

  /**
   * Weights that do not change.
   *
   * @param filters in cuDNN's layout and the element type of convolutions, or as they came if cuDNN
   *     does not do the convolution
   * @param byCudnn which of both
   * @param type element type of the filters
   * @param bias F32, or zeros
   * @param cudnnBias the same in the element type of convolutions
   */
  record PreparedWeights(
      CudaStorage filters,
      boolean byCudnn,
      ElementType type,
      CudaStorage bias,
      CudaStorage cudnnBias) {}

  private @Nullable Choice choice(Conv2dProblem p, boolean transposed) {
    return descriptors(even(p)).choice(transposed ? Direction.BACKWARD_DATA : Direction.FORWARD);
  }

  /** Copies weights for good. */
  PreparedWeights prepare(
      Conv2dProblem p, boolean transposed, CudaStorage weight, @Nullable CudaStorage bias) {
    boolean byCudnn = choice(p, transposed) != null;
    int channels = transposed ? p.c() : p.k();
    ElementType kept = byCudnn ? type : F32;
    CudaStorage filters = queue.allocate(p.weightSize());
    long from = queue.read(weight, p.weightSize(), F32);
    long to = queue.write(filters, kept);
    if (byCudnn) {
      transpose(F32, type, p.weightSize() / p.k(), p.k(), from, to);
    } else {
      queue.copy(from, to, (long) p.weightSize() * Float.BYTES);
    }
    CudaStorage constants = queue.allocate(channels);
    long added = queue.write(constants, F32);
    if (bias == null) {
      queue.launch("fill_f32", channels, channels, CudaQueue.real(0), added);
    } else {
      queue.copy(queue.read(bias, channels, F32), added, (long) channels * Float.BYTES);
    }
    CudaStorage cudnnBias = constants;
    if (type != F32) {
      cudnnBias = queue.allocate(channels);
      long rounded = queue.read(constants, channels, type);
      queue.copy(rounded, queue.write(cudnnBias, type), (long) channels * type.bytes());
    }
    return new PreparedWeights(filters, byCudnn, kept, constants, cudnnBias);
  }

  /** Returns the name of the algorithm of the forward direction or of the transposed one. */
  String algorithm(Conv2dProblem p, boolean transposed) {
    Choice choice = choice(p, transposed);
    if (choice == null) {
      return "direct";
    }
    if (transposed) {
      return choice.algorithm() < 2 ? "cudnn gradient" : "cudnn winograd";
    }
    return switch (choice.algorithm()) {
      case 0 -> "cudnn implicit gemm";
      case 1 -> "cudnn precomputed gemm";
      case 2 -> "cudnn gemm";
      default -> "cudnn winograd";
    };
  }

  /**
   * y = conv(x) + bias + residual, then the activation function.
   *
   * @param residual may be y
   * @param fusable whether cuDNN may be asked to do all of it at once
   * @return false if it was asked and refused
   */
  boolean forward(
      Conv2dProblem given,
      CudaStorage x,
      PreparedWeights weights,
      @Nullable CudaStorage residual,
      @Nullable Unary activation,
      boolean fusable,
      CudaStorage y) {
    Conv2dProblem p = even(given);
    long input = framed(given, p, queue.read(x, given.inputSize(), type));
    long added = residual == null ? NONE : queue.read(residual, p.outputSize(), type);
    long filters = queue.read(weights.filters(), p.weightSize(), weights.type());
    long bias = queue.read(weights.bias(), p.k(), F32);
    long cudnnBias = queue.read(weights.cudnnBias(), p.k(), type);
    long output = queue.write(y, type);
    boolean asked = fusable && weights.byCudnn() && fuses(p, activation);
    if (asked && fused(p, input, filters, cudnnBias, added, activation != null, output)) {
      return true;
    }
    long sums = added == output ? queue.scratch((long) p.outputSize() * type.bytes()) : output;
    if (weights.byCudnn()) {
      forward(p, input, filters, sums);
    } else {
      convolve(p, input, filters, sums);
    }
    finish(p.outputSize(), p.k(), sums, bias, added, activation, output);
    return !asked;
  }

  /**
   * y = transposed convolution of x + bias + residual, then the activation function.
   *
   * @param residual may be y
   */
  void transposed(
      Conv2dProblem p,
      CudaStorage x,
      PreparedWeights weights,
      @Nullable CudaStorage residual,
      @Nullable Unary activation,
      CudaStorage y) {
    long input = queue.read(x, p.outputSize(), type);
    long added = residual == null ? NONE : queue.read(residual, p.inputSize(), type);
    long filters = queue.read(weights.filters(), p.weightSize(), weights.type());
    long bias = queue.read(weights.bias(), p.c(), F32);
    long output = queue.write(y, type);
    long sums = added == output ? queue.scratch((long) p.inputSize() * type.bytes()) : output;
    backwardData(p, input, filters, weights.byCudnn(), sums);
    finish(p.inputSize(), p.c(), sums, bias, added, activation, output);
  }

  /** Of activation functions cuDNN fuses ReLU, and none with one algorithm only. */
  private boolean fuses(Conv2dProblem p, @Nullable Unary activation) {
    if (activation != null && activation != Unary.RELU) {
      return false;
    }
    Choice choice = descriptors(p).choice(Direction.FORWARD);
    return choice != null
        && (activation == Unary.RELU
            || choice.algorithm() == Cudnn.CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM);
  }

  /** Asks cuDNN for everything at once; returns whether it did it. */
  private boolean fused(
      Conv2dProblem p, long x, long filters, long bias, long residual, boolean relu, long y) {
    ConvolutionDescriptors d = descriptors(p);
    Choice choice = Objects.requireNonNull(d.choice(Direction.FORWARD));
    try {
      return runtime
          .cudnn()
          .convolutionBiasActivationForward(
              runtime.cudnnHandle(),
              1,
              d.x(),
              x,
              d.weight(),
              filters,
              choice.convolution(),
              choice.algorithm(),
              workspace(choice),
              choice.workspace(),
              residual == NONE ? 0 : 1,
              d.y(),
              residual == NONE ? y : residual,
              d.bias(),
              bias,
              activation(relu),
              d.y(),
              y);
    } catch (DeviceException e) {
      // Some refusals are told as bad parameters. Real failures will show in the next call.
      return false;
    }
  }

  private long activation(boolean ofRelu) {
    if (relu == NONE) {
      relu = runtime.cudnn().createActivationDescriptor();
      // The contract wants max(NaN, 0) to be NaN. If cuDNN refuses that, it does not fuse.
      runtime.cudnn().setActivationDescriptor(relu, Cudnn.ACTIVATION_RELU, Cudnn.PROPAGATE_NAN, 0);
      identity = runtime.cudnn().createActivationDescriptor();
      runtime
          .cudnn()
          .setActivationDescriptor(identity, Cudnn.ACTIVATION_IDENTITY, NOT_PROPAGATE_NAN, 0);
    }
    return ofRelu ? relu : identity;
  }

  // ---------------------------------------------------------------- kernels of our own

  /** Returns a copy of weights in cuDNN's layout until the end of the operation. */
  private long toFilters(Conv2dProblem p, long weight) {
    long filters = queue.scratch((long) p.weightSize() * type.bytes());
    transpose(F32, type, p.weightSize() / p.k(), p.k(), weight, filters);
    return filters;
  }

  private void transpose(
      ElementType from, ElementType to, int rows, int columns, long matrix, long transposed) {
    queue.launchBlocks(
        "transpose" + from.suffix() + to.suffix(),
        Math.ceilDiv(rows, TRANSPOSED_TILE) * Math.ceilDiv(columns, TRANSPOSED_TILE),
        THREADS,
        rows,
        columns,
        matrix,
        transposed);
  }

  private void finish(
      int n,
      int channels,
      long sums,
      long bias,
      long residual,
      @Nullable Unary activation,
      long y) {
    int relu = activation == Unary.RELU ? 1 : 0;
    queue.launchPacks("finish_convolution", type, n, n, channels, sums, bias, residual, relu, y);
    if (activation != null && relu == 0) {
      queue.launchPacks("unary", type, n, activation.ordinal(), n, y, y);
    }
  }

  private void convolve(Conv2dProblem p, long x, long weight, long y) {
    int n = p.outputSize();
    queue.launch("convolve" + type.suffix(), n, geometry(new long[] {n}, p, x, weight, y));
  }

  private static long[] geometry(long[] first, Conv2dProblem p, long... operands) {
    long[] numbers = {
      p.n(),
      p.h(),
      p.w(),
      p.c(),
      p.k(),
      p.kh(),
      p.kw(),
      p.strideH(),
      p.strideW(),
      p.pad().top(),
      p.pad().left(),
      p.dilationH(),
      p.dilationW(),
      p.groups(),
      p.outH(),
      p.outW()
    };
    long[] all = new long[first.length + numbers.length + operands.length];
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(numbers, 0, all, first.length, numbers.length);
    System.arraycopy(operands, 0, all, first.length + numbers.length, operands.length);
    return all;
  }

  @Override
  public void close() {
    descriptors.values().forEach(ConvolutionDescriptors::close);
    descriptors.clear();
    if (relu != NONE) {
      runtime.cudnn().destroyActivationDescriptor(relu);
      runtime.cudnn().destroyActivationDescriptor(identity);
    }
  }
}
