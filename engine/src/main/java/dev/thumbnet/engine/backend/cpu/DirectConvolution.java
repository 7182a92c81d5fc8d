package dev.thumbnet.engine.backend.cpu;

import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.engine.backend.cpu.PixelRuns.Cuts;
import java.util.List;

/**
 * Convolution as a matrix product without the matrix: the windows are read from the picture in
 * place (see {@link PixelRuns}, and {@link TapWindows} for a few results) instead of being copied
 * out of it. Serves every problem, products of matrices included, which are 1x1 convolutions.
 *
 * <p>At most 288 KB of a panel's weights pass through the tiles at a time; they stay in L2 while
 * all tiles of a block use them.
 */
final class DirectConvolution implements CorrelationAlgorithm {
  private final TileKernels tiles;
  private final ElementKernels elements;
  private final BufferPool buffers;
  private final WorkerPool workers;
  private final BlockedProduct product;

  DirectConvolution(Kernels kernels, BufferPool buffers, WorkerPool workers) {
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
  public boolean accepts(Correlation c) {
    return true;
  }

  @Override
  public void run(Correlation c, CpuStorage x, CpuStorage weight, CpuStorage bias, CpuStorage y) {
    try (PackedWeights packed = PackedWeights.pack(c, weight, tiles, buffers, workers)) {
      bind(c, x, packed, bias, new Epilogue(elements, false, null, y)).run();
    }
  }

  @Override
  public FixedWeights fix(Correlation c, CpuStorage weight, CpuStorage bias, WeightFormat format) {
    return new Fixed(PackedWeights.keep(c, weight, format, tiles, buffers, workers), bias);
  }

  private record Fixed(PackedWeights packed, CpuStorage bias) implements FixedWeights {
    @Override
    public long bytes() {
      return packed.bytes();
    }
  }

  @Override
  public Runnable bind(FixedWeights weights, Correlation c, CpuStorage x, Epilogue epilogue) {
    Fixed fixed = (Fixed) weights;
    return bind(c, x, fixed.packed, fixed.bias, epilogue);
  }

  private Runnable bind(
      Correlation c, CpuStorage x, PackedWeights packed, CpuStorage bias, Epilogue epilogue) {
    List<Cuts> cuts = c.parts.stream().map(Cuts::of).toList();
    return product.bind(
        c,
        block ->
            TapWindows.suit(c.parts.get(block.part()), block.order())
                ? new TapWindows(c, block, x, tiles)
                : new PixelRuns(c, block, cuts.get(block.part()), x, tiles),
        packed,
        bias,
        epilogue);
  }
}
