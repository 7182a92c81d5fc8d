package dev.thumbnet.engine.backend.cpu.conv;

import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.engine.backend.cpu.conv.PixelRuns.Cuts;
import dev.thumbnet.engine.backend.cpu.kernel.ElementKernels;
import dev.thumbnet.engine.backend.cpu.kernel.Kernels;
import dev.thumbnet.engine.backend.cpu.kernel.TileKernels;
import dev.thumbnet.engine.backend.cpu.runtime.BufferPool;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.cpu.runtime.WorkerPool;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Convolution as a matrix product without the matrix: the windows are read from the picture in
 * place (see {@link PixelRuns}, and {@link KernelElementWindows} for a few results) instead of
 * being copied out of it. Serves every problem, products of matrices included, which are 1x1
 * convolutions.
 *
 * <p>At most 288 KB of a panel's weights pass through the tiles at a time; they stay in L2 while
 * all tiles of a block use them.
 */
public final class DirectConvolution implements ConvolutionAlgorithm {
  private final TileKernels tiles;
  private final ElementKernels elements;
  private final BufferPool buffers;
  private final WorkerPool workers;
  private final BlockedProduct product;

  public DirectConvolution(Kernels kernels, BufferPool buffers, WorkerPool workers) {
    this.tiles = kernels.tiles();
    this.elements = kernels.elements();
    this.buffers = buffers;
    this.workers = workers;
    this.product = new BlockedProduct(buffers, workers);
  }

  @Override
  public String name() {
    return "direct";
  }

  @Override
  public boolean accepts(Direction c) {
    return true;
  }

  @Override
  public void run(
      Direction c, CpuStorage x, CpuStorage weight, @Nullable CpuStorage bias, CpuStorage y) {
    try (PackedWeights packed = PackedWeights.pack(c, weight, tiles, buffers, workers)) {
      bind(c, x, packed, bias, new Epilogue(elements, null, null, y)).run();
    }
  }

  @Override
  public PreparedWeights prepare(
      Direction c, CpuStorage weight, @Nullable CpuStorage bias, WeightFormat format) {
    return new Prepared(PackedWeights.keep(c, weight, format, tiles, buffers, workers), bias);
  }

  private record Prepared(PackedWeights packed, @Nullable CpuStorage bias)
      implements PreparedWeights {
    @Override
    public long bytes() {
      return packed.bytes();
    }
  }

  @Override
  public Runnable bind(PreparedWeights weights, Direction c, CpuStorage x, Epilogue epilogue) {
    Prepared prepared = (Prepared) weights;
    return bind(c, x, prepared.packed, prepared.bias, epilogue);
  }

  private Runnable bind(
      Direction c,
      CpuStorage x,
      PackedWeights packed,
      @Nullable CpuStorage bias,
      Epilogue epilogue) {
    List<Cuts> cuts = c.parts.stream().map(Cuts::of).toList();
    return product.bind(
        c,
        block ->
            KernelElementWindows.suit(c.parts.get(block.part()), block.order())
                ? new KernelElementWindows(c, block, x, tiles)
                : new PixelRuns(c, block, cuts.get(block.part()), x, tiles),
        packed,
        bias,
        epilogue);
  }
}
