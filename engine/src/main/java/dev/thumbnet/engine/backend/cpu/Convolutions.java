package dev.thumbnet.engine.backend.cpu;

import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.engine.backend.cpu.conv.ConvolutionAlgorithm;
import dev.thumbnet.engine.backend.cpu.conv.DirectConvolution;
import dev.thumbnet.engine.backend.cpu.conv.Direction;
import dev.thumbnet.engine.backend.cpu.conv.GroupedConvolution;
import dev.thumbnet.engine.backend.cpu.conv.PlanarConvolution;
import dev.thumbnet.engine.backend.cpu.conv.SkinnyProduct;
import dev.thumbnet.engine.backend.cpu.gradient.DirectWeightGradient;
import dev.thumbnet.engine.backend.cpu.gradient.FewInputsWeightGradient;
import dev.thumbnet.engine.backend.cpu.gradient.FewOutputsWeightGradient;
import dev.thumbnet.engine.backend.cpu.gradient.GroupedWeightGradient;
import dev.thumbnet.engine.backend.cpu.gradient.WeightGradient;
import dev.thumbnet.engine.backend.cpu.kernel.Kernels;
import dev.thumbnet.engine.backend.cpu.kernel.TileKernels;
import dev.thumbnet.engine.backend.cpu.kernel.WinogradKernels;
import dev.thumbnet.engine.backend.cpu.kernel.WinogradWeightGradientKernels;
import dev.thumbnet.engine.backend.cpu.runtime.BufferPool;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.cpu.runtime.WorkerPool;
import dev.thumbnet.engine.backend.cpu.winograd.WinogradConvolution;
import dev.thumbnet.engine.backend.cpu.winograd.WinogradWeightGradient;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.backend.problem.GemmProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the algorithm of each convolution and of each product of matrices: the first of an
 * ordered list that accepts the problem. The choice depends on the problem alone, never on a
 * measurement at run time, so it is the same every time and everywhere.
 *
 * <p>Forward and backward for the data share a list, see {@link Direction}. Products of matrices
 * are 1x1 convolutions: A·B is forward, A·Bᵀ backward for the data, Aᵀ·B backward for the weights,
 * with the rows of the longer matrix as pixels of one line.
 */
public final class Convolutions {
  private final TileKernels tiles;
  private final BufferPool buffers;
  private final List<ConvolutionAlgorithm> algorithms;
  private final List<WeightGradient> weightGradients;

  /**
   * @param winograd whether Winograd's algorithm may be chosen
   */
  public Convolutions(Kernels kernels, BufferPool buffers, WorkerPool workers, boolean winograd) {
    this(
        kernels.tiles(),
        buffers,
        algorithms(kernels, buffers, workers, winograd),
        weightGradients(kernels, buffers, workers, winograd));
  }

  /** Makes a choice among given algorithms, the preferred ones first. */
  Convolutions(
      TileKernels tiles,
      BufferPool buffers,
      List<ConvolutionAlgorithm> algorithms,
      List<WeightGradient> weightGradients) {
    this.tiles = tiles;
    this.buffers = buffers;
    this.algorithms = List.copyOf(algorithms);
    this.weightGradients = List.copyOf(weightGradients);
  }

  static List<ConvolutionAlgorithm> algorithms(
      Kernels kernels, BufferPool buffers, WorkerPool workers, boolean winograd) {
    TileKernels tiles = kernels.tiles();
    List<ConvolutionAlgorithm> list = new ArrayList<>();
    list.add(new GroupedConvolution(kernels, buffers, workers));
    list.add(new SkinnyProduct(tiles, workers));
    list.add(new PlanarConvolution(kernels, buffers, workers));
    if (winograd) {
      for (WinogradKernels transforms : kernels.winograd()) {
        list.add(new WinogradConvolution(transforms, kernels, buffers, workers));
      }
    }
    list.add(new DirectConvolution(kernels, buffers, workers));
    return list;
  }

  static List<WeightGradient> weightGradients(
      Kernels kernels, BufferPool buffers, WorkerPool workers, boolean winograd) {
    TileKernels tiles = kernels.tiles();
    List<WeightGradient> list = new ArrayList<>();
    list.add(new GroupedWeightGradient(kernels.groups(), buffers, workers));
    list.add(new FewOutputsWeightGradient(tiles, buffers, workers));
    list.add(new FewInputsWeightGradient(tiles, buffers, workers));
    if (winograd) {
      for (WinogradWeightGradientKernels transforms : kernels.winogradGradients()) {
        list.add(new WinogradWeightGradient(transforms, tiles, buffers, workers));
      }
    }
    list.add(new DirectWeightGradient(tiles, buffers, workers));
    return list;
  }

  /** Returns all algorithms for a forward or backward-data problem, the preferred ones first. */
  public List<ConvolutionAlgorithm> accepting(Direction c) {
    return algorithms.stream().filter(a -> a.accepts(c)).toList();
  }

  /** Returns all algorithms for the gradient of weights, the preferred ones first. */
  public List<WeightGradient> accepting(Conv2dProblem p) {
    return weightGradients.stream().filter(a -> a.accepts(p)).toList();
  }

  /** Returns one line that tells which algorithms run. */
  String describe(Conv2dProblem p) {
    return p
        + ": forward "
        + choose(Direction.forward(p)).name()
        + ", backward data "
        + choose(Direction.backwardData(p)).name()
        + ", backward weights "
        + choose(p).name();
  }

  void forward(
      Conv2dProblem p, CpuStorage x, CpuStorage weight, @Nullable CpuStorage bias, CpuStorage y) {
    run(Direction.forward(p), x, weight, bias, y);
  }

  /** Returns the algorithm of a name. */
  ConvolutionAlgorithm named(String name) {
    return algorithms.stream().filter(a -> a.name().equals(name)).findFirst().orElseThrow();
  }

  /** Returns the algorithm for a convolution with prepared weights. */
  ConvolutionAlgorithm forPreparedWeights(Direction c, WeightFormat format) {
    return choose(c, a -> a.acceptsPrepared(c, format));
  }

  void backwardData(Conv2dProblem p, CpuStorage dy, CpuStorage weight, CpuStorage dx) {
    run(Direction.backwardData(p), dy, weight, null, dx);
  }

  void backwardWeights(Conv2dProblem p, CpuStorage x, CpuStorage dy, CpuStorage dWeight) {
    choose(p).run(p, x, dy, dWeight);
  }

  void gemm(GemmProblem p, CpuStorage a, CpuStorage b, @Nullable CpuStorage bias, CpuStorage c) {
    if (p.transA() && p.transB()) {
      CpuStorage rows = transposed(a, p.k(), p.m());
      gemm(new GemmProblem(p.m(), p.n(), p.k(), false, true), rows, b, bias, c);
      rows.release();
    } else if (p.transA()) {
      backwardWeights(line(p.k(), p.m(), p.n()), a, b, c);
      addToRows(p, bias, c);
    } else if (p.transB()) {
      run(Direction.backwardData(line(p.m(), p.n(), p.k())), a, b, bias, c);
    } else {
      run(Direction.forward(line(p.m(), p.k(), p.n())), a, b, bias, c);
    }
  }

  void matmul(int batch, GemmProblem p, CpuStorage a, CpuStorage b, CpuStorage c) {
    for (int i = 0; i < batch; i++) {
      CpuStorage left = part(a, i, p.m() * p.k());
      gemm(p, left, part(b, i, p.k() * p.n()), null, part(c, i, p.m() * p.n()));
    }
  }

  private static CpuStorage part(CpuStorage all, int index, int length) {
    return new CpuStorage(all.pool, all.array, all.offset + index * length, length);
  }

  /** Returns the 1x1 convolution of {@code pixels} pixels. */
  private static Conv2dProblem line(int pixels, int in, int out) {
    return Conv2dProblem.of(1, 1, pixels, in, out, 1, 1, 0);
  }

  private CpuStorage transposed(CpuStorage a, int rows, int cols) {
    CpuStorage result = CpuStorage.of(buffers, rows * cols);
    tiles.transpose(rows, cols, a.array, a.offset, cols, result.array, result.offset, rows);
    return result;
  }

  private void run(
      Direction c, CpuStorage x, CpuStorage weight, @Nullable CpuStorage bias, CpuStorage y) {
    choose(c).run(c, x, weight, bias, y);
  }

  private ConvolutionAlgorithm choose(Direction c) {
    return choose(c, a -> a.accepts(c));
  }

  private ConvolutionAlgorithm choose(Direction c, Predicate<ConvolutionAlgorithm> accepts) {
    for (ConvolutionAlgorithm algorithm : algorithms) {
      if (accepts.test(algorithm)) {
        return algorithm;
      }
    }
    throw new IllegalStateException("no algorithm for " + c);
  }

  private WeightGradient choose(Conv2dProblem p) {
    for (WeightGradient algorithm : weightGradients) {
      if (algorithm.accepts(p)) {
        return algorithm;
      }
    }
    throw new IllegalStateException("no algorithm for the weights of " + p);
  }

  private static void addToRows(GemmProblem p, @Nullable CpuStorage bias, CpuStorage c) {
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
