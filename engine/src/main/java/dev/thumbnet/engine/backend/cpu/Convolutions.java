package dev.thumbnet.engine.backend.cpu;

import dev.thumbnet.engine.backend.Conv2dProblem;
import dev.thumbnet.engine.backend.GemmProblem;
import dev.thumbnet.engine.backend.WeightFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Chooses the algorithm of each convolution and of each product of matrices: the first of an
 * ordered list that accepts the problem. The choice depends on the problem alone, never on a
 * measurement at run time, so it is the same every time and everywhere.
 *
 * <p>Forward and backward for the data share a list, see {@link Correlation}. Products of matrices
 * are 1x1 convolutions: A·B is forward, A·Bᵀ backward for the data, Aᵀ·B backward for the weights,
 * with the rows of the longer matrix as pixels of one line.
 */
final class Convolutions {
  private final TileKernels tiles;
  private final BufferPool buffers;
  private final List<CorrelationAlgorithm> correlations;
  private final List<WeightsAlgorithm> weights;

  /**
   * @param winograd whether Winograd's algorithm may be chosen
   */
  Convolutions(Kernels kernels, BufferPool buffers, WorkerPool workers, boolean winograd) {
    this.tiles = kernels.tiles();
    this.buffers = buffers;
    List<CorrelationAlgorithm> list = new ArrayList<>();
    list.add(new DepthwiseConvolution(tiles, workers));
    list.add(new SkinnyProduct(tiles, workers));
    list.add(new PlanarConvolution(kernels, buffers, workers));
    if (winograd) {
      for (WinogradKernels transforms : kernels.winograd()) {
        list.add(new WinogradConvolution(transforms, kernels, buffers, workers));
      }
    }
    list.add(new DirectConvolution(kernels, buffers, workers));
    correlations = List.copyOf(list);
    weights = weightsAlgorithms(kernels, buffers, workers, winograd);
  }

  private static List<WeightsAlgorithm> weightsAlgorithms(
      Kernels kernels, BufferPool buffers, WorkerPool workers, boolean winograd) {
    TileKernels tiles = kernels.tiles();
    List<WeightsAlgorithm> list = new ArrayList<>();
    list.add(new DepthwiseWeights(tiles, workers));
    list.add(new NarrowWeights(tiles, buffers, workers));
    list.add(new FewChannelWeights(tiles, buffers, workers));
    if (winograd) {
      for (WinogradGradientKernels transforms : kernels.winogradGradients()) {
        list.add(new WinogradWeightGradient(transforms, tiles, buffers, workers));
      }
    }
    list.add(new TapWeights(tiles, buffers, workers));
    return List.copyOf(list);
  }

  /** Returns all algorithms for a forward or backward-data problem, the preferred ones first. */
  List<CorrelationAlgorithm> accepting(Correlation c) {
    return correlations.stream().filter(a -> a.accepts(c)).toList();
  }

  /** Returns all algorithms for the gradient of weights, the preferred ones first. */
  List<WeightsAlgorithm> accepting(Conv2dProblem p) {
    return weights.stream().filter(a -> a.accepts(p)).toList();
  }

  /** Returns one line that tells which algorithms run. */
  String describe(Conv2dProblem p) {
    return p
        + ": forward "
        + choose(Correlation.forward(p)).name()
        + ", backward data "
        + choose(Correlation.backwardData(p)).name()
        + ", backward weights "
        + choose(p).name();
  }

  void forward(Conv2dProblem p, CpuStorage x, CpuStorage weight, CpuStorage bias, CpuStorage y) {
    correlate(Correlation.forward(p), x, weight, bias, y);
  }

  /** Returns the algorithm of a name. */
  CorrelationAlgorithm named(String name) {
    return correlations.stream().filter(a -> a.name().equals(name)).findFirst().orElseThrow();
  }

  /** Returns the algorithm for a convolution with fixed weights. */
  CorrelationAlgorithm forFixedWeights(Correlation c, WeightFormat format) {
    return choose(c, a -> a.acceptsFixed(c, format));
  }

  void backwardData(Conv2dProblem p, CpuStorage dy, CpuStorage weight, CpuStorage dx) {
    correlate(Correlation.backwardData(p), dy, weight, null, dx);
  }

  void backwardWeights(Conv2dProblem p, CpuStorage x, CpuStorage dy, CpuStorage dWeight) {
    choose(p).run(p, x, dy, dWeight);
  }

  void gemm(GemmProblem p, CpuStorage a, CpuStorage b, CpuStorage bias, CpuStorage c) {
    if (p.transA() && p.transB()) {
      CpuStorage rows = transposed(a, p.k(), p.m());
      gemm(new GemmProblem(p.m(), p.n(), p.k(), false, true), rows, b, bias, c);
      rows.release();
    } else if (p.transA()) {
      backwardWeights(line(p.k(), p.m(), p.n()), a, b, c);
      addToRows(p, bias, c);
    } else if (p.transB()) {
      correlate(Correlation.backwardData(line(p.m(), p.n(), p.k())), a, b, bias, c);
    } else {
      correlate(Correlation.forward(line(p.m(), p.k(), p.n())), a, b, bias, c);
    }
  }

  /** Returns the 1x1 convolution of {@code pixels} pixels. */
  private static Conv2dProblem line(int pixels, int in, int out) {
    return Conv2dProblem.of(1, 1, pixels, in, out, 1, 1, 0);
  }

  private CpuStorage transposed(CpuStorage a, int rows, int cols) {
    float[] array = buffers.take(rows * cols);
    tiles.transpose(rows, cols, a.array, a.offset, cols, array, 0, rows);
    return new CpuStorage(buffers, array, 0, rows * cols);
  }

  private void correlate(
      Correlation c, CpuStorage x, CpuStorage weight, CpuStorage bias, CpuStorage y) {
    choose(c).run(c, x, weight, bias, y);
  }

  private CorrelationAlgorithm choose(Correlation c) {
    return choose(c, a -> a.accepts(c));
  }

  private CorrelationAlgorithm choose(Correlation c, Predicate<CorrelationAlgorithm> accepts) {
    for (CorrelationAlgorithm algorithm : correlations) {
      if (accepts.test(algorithm)) {
        return algorithm;
      }
    }
    throw new IllegalStateException("no algorithm for " + c);
  }

  private WeightsAlgorithm choose(Conv2dProblem p) {
    for (WeightsAlgorithm algorithm : weights) {
      if (algorithm.accepts(p)) {
        return algorithm;
      }
    }
    throw new IllegalStateException("no algorithm for the weights of " + p);
  }

  private static void addToRows(GemmProblem p, CpuStorage bias, CpuStorage c) {
    if (bias == null) {
      return;
    }
    for (int i = 0; i < p.m(); i++) {
      int row = c.offset + i * p.n();
      for (int j = 0; j < p.n(); j++) {
        c.array[row + j] += bias.array[bias.offset + j];
      }
    }
  }
}
