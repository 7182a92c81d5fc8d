package dev.thumbnet.engine.backend.cpu.winograd;

import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.engine.backend.cpu.conv.ConvolutionAlgorithm;
import dev.thumbnet.engine.backend.cpu.conv.Direction;
import dev.thumbnet.engine.backend.cpu.conv.Epilogue;
import dev.thumbnet.engine.backend.cpu.conv.PreparedWeights;
import dev.thumbnet.engine.backend.cpu.kernel.ElementKernels;
import dev.thumbnet.engine.backend.cpu.kernel.Kernels;
import dev.thumbnet.engine.backend.cpu.kernel.TileKernels;
import dev.thumbnet.engine.backend.cpu.kernel.WinogradKernels;
import dev.thumbnet.engine.backend.cpu.kernel.WinogradMatrices;
import dev.thumbnet.engine.backend.cpu.runtime.BufferPool;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.cpu.runtime.WorkerPool;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import org.jspecify.annotations.Nullable;

/**
 * 3x3 convolution with stride 1 or 2 by Winograd's minimal filtering (Lavin and Gray 2016): fewer
 * multiplications, for transforms that cost additions. Serves forward, and backward for the data
 * with stride 1.
 *
 * <p><b>Idea.</b> The results are cut into tiles of m x m, which see (m + 2) x (m + 2) inputs. The
 * inputs of each tile and the 3x3 kernels are transformed (see {@link WinogradMatrices}),
 * multiplied element by element and summed over the input channels, and the sums transformed back.
 * For each of the (m + 2)² elements this is a product of matrices, tiles x input channels times
 * input channels x output channels, with the register tiles of every other convolution. With m = 4
 * there are 36 multiplications for 16 results instead of 144, with m = 2 there are 16 for 4 instead
 * of 36. With stride 2 and m = 4 a tile sees 9 x 9 inputs: 81 multiplications for 16 results.
 *
 * <p><b>Border.</b> At the right and lower border stand smaller tiles, which have the first of the
 * elements and use the same transformed weights: a map of 14 x 14 takes 484 multiplications, not
 * the 576 of 16 whole tiles. Padding is multiplied.
 *
 * <p><b>Layout.</b> Inputs are (block of channels, element, tile, channel), in blocks of 16 to 64
 * channels, the longest that divide them; weights, in panels as wide as the register tile,
 * (element, 16 input channels, input channel, output channel); products (element, tile, output
 * channel). See {@link InputTransform} and {@link WeightTransform}.
 *
 * <p><b>Blocks.</b> Transformed inputs are 2.25 (m = 4) or 4 times as large as the pictures, 1.3
 * times with stride 2, transformed weights 4, 1.8 or 9 times as large as weights, and both should
 * not leave the cache: see {@link WinogradCall}.
 *
 * <p><b>Error.</b> Against double precision, inputs and weights from N(0, 1), largest error over
 * largest result: m = 4, with either stride, has 1e-6 with few and 3e-6 with 300 channels, m = 2 a
 * quarter of it, as direct sums have; it grows with the root of the channels. Tests hold it below
 * 5e-7 √(channels + 15), and half of that for m = 2. The error of a tile comes from its largest
 * numbers: what is small beside them loses digits that a direct sum would keep. The property {@code
 * dev.thumbnet.engine.winograd=false} turns the algorithm off.
 *
 * <p><b>When.</b> The cost of each way is estimated in multiplications for one input and one output
 * channel: (m + 2)² for a tile, as much as 8 tiles for the transform of the weights, and for a
 * direct sum the kernel elements that lie in the picture and 100 for packing. Milliseconds of one
 * thread (AVX-512, 115 GFLOP/s), channels @ pixels, the transform of the weights included:
 *
 * <pre>
 * batch 1   64@56 128@28 256@14 512@7 512@4 512@2   batch 16  64@56 128@28 256@14 512@7 512@4 512@2
 * direct     2.17   2.11   2.35  3.70  2.01  0.97              34.5   32.9   31.8  29.0   9.2   2.2
 * 2x2        1.31   1.16   1.25  2.30  1.13  0.94              22.5   19.3   18.0  27.5   7.0   2.2
 * 4x4        0.75   0.79   1.20  2.45  1.99  1.85              14.5   12.4   15.5  15.3   5.4   5.2
 * </pre>
 *
 * With 16 channels 4x4 still takes half the time of direct.
 *
 * <p>With stride 2 the gain is smaller and the transforms cost more beside it, so there the
 * multiplications are counted (1.2 + 20 / input channels + 20 / output channels) times.
 * Milliseconds of two threads, batch 16, prepared weights, input -&gt; output channels @ results:
 *
 * <pre>
 *        16-&gt;32@28 32-&gt;64@28 64-&gt;128@28 64-&gt;128@14 64-&gt;128@7 128-&gt;256@14 128-&gt;256@7 256-&gt;512@7
 * direct      0.57      2.44       9.05       2.06      0.49        8.49       1.91       7.68
 * 4x4/2       0.92      3.35       7.25       1.98      0.51        7.67       1.87       6.45
 * </pre>
 *
 * <p>Weights that were prepared for inference need no transform, but they are read from memory once
 * in each run of the network, and reading a number takes as long as ten multiplications by it. So
 * each algorithm counts its weights ten times, direct sums half of that if they keep them in 16
 * bits, and small maps of a single picture go to direct sums. Milliseconds of two threads, weights
 * from memory:
 *
 * <pre>
 * batch 1  128@28 256@14 512@7 256@7 512@4 256@4 512@2
 * direct     1.07   1.12  1.05  0.28  0.36  0.08  0.30
 * 2x2        0.67   0.61  0.88  0.26  0.47  0.12  0.51
 * 4x4        0.42   0.54  1.04  0.27  1.24  0.30  1.28
 * </pre>
 */
public final class WinogradConvolution implements ConvolutionAlgorithm {
  /** Input and output channels below which transforms would be most of the work. */
  private static final int FEWEST_CHANNELS = 16;

  /** The transform of the weights costs as much as so many tiles. */
  private static final int TRANSFORM_IN_TILES = 8;

  /** Reading a weight from memory takes as long as multiplying by it so many times. */
  private static final int READING_IN_TILES = 10;

  /** What a multiplication costs with stride 2, and what its transforms add for each channel. */
  private static final double STRIDED_COST = 1.2;

  private static final double STRIDED_TRANSFORMS = 20;

  /** Packing the weights for a direct sum costs as much as so many pixels and kernel elements. */
  private static final int PACKING_IN_TAPS = 100;

  private final WinogradKernels kernels;
  private final TileKernels tiles;
  private final ElementKernels elementwise;
  private final BufferPool buffers;
  private final WorkerPool workers;
  private final int m;
  private final int stride;

  public WinogradConvolution(
      WinogradKernels transforms, Kernels kernels, BufferPool buffers, WorkerPool workers) {
    this.kernels = transforms;
    this.tiles = kernels.tiles();
    this.elementwise = kernels.elements();
    this.buffers = buffers;
    this.workers = workers;
    this.m = transforms.matrices().outputs();
    this.stride = transforms.matrices().stride();
  }

  @Override
  public String name() {
    return "winograd-" + m + "x" + m + (stride == 1 ? "" : "/" + stride);
  }

  /** Tells whether the algorithm can do a problem, with transforms for a stride. */
  public static boolean serves(Conv2dProblem p, int stride) {
    return p.kh() == 3
        && p.kw() == 3
        && p.strideH() == stride
        && p.strideW() == stride
        && p.dilationH() == 1
        && p.dilationW() == 1
        && p.groups() == 1;
  }

  @Override
  public boolean accepts(Direction c) {
    return can(c) && cheapest(c, TRANSFORM_IN_TILES, PACKING_IN_TAPS) == m;
  }

  @Override
  public boolean acceptsPrepared(Direction c, WeightFormat format) {
    int reading = 9 * READING_IN_TILES * format.bits() / Float.SIZE;
    return can(c) && cheapest(c, READING_IN_TILES, reading) == m;
  }

  private boolean can(Direction c) {
    return serves(c.problem, stride)
        && (stride == 1 || c.forward)
        && Math.min(c.inC, c.outC) >= FEWEST_CHANNELS
        && (long) c.inC * c.outC < Integer.MAX_VALUE / 64;
  }

  /**
   * Returns the tile with which a problem costs least: 4, 2 if the stride is 1, or 1 for a direct
   * sum.
   *
   * @param weights what the weights cost, in tiles
   * @param directWeights what they cost with a direct sum, in multiplications
   */
  private int cheapest(Direction c, int weights, int directWeights) {
    long four = cost(c, 4, weights);
    long two = stride == 1 ? cost(c, 2, weights) : Long.MAX_VALUE;
    long direct = c.macs() / ((long) c.inC * c.outC) + directWeights;
    if (Math.min(four, two) > direct) {
      return 1;
    }
    return four <= two ? 4 : 2;
  }

  private long cost(Direction c, int m, int weights) {
    WinogradGrid grid = WinogradGrid.of(m, stride, c.n, c.outH, c.outW);
    double each =
        stride == 1 ? 1 : STRIDED_COST + STRIDED_TRANSFORMS * (1.0 / c.inC + 1.0 / c.outC);
    return Math.round(each * grid.elements()) + (long) grid.size() * grid.size() * weights;
  }

  @Override
  public void run(
      Direction c, CpuStorage x, CpuStorage weight, @Nullable CpuStorage bias, CpuStorage y) {
    WeightTransform weights = new WeightTransform(kernels, tiles, c, weight);
    Epilogue epilogue = new Epilogue(elementwise, null, null, y);
    call(c, x, weights, null, bias, epilogue).run();
  }

  @Override
  public PreparedWeights prepare(
      Direction c, CpuStorage weight, @Nullable CpuStorage bias, WeightFormat format) {
    WeightTransform source = new WeightTransform(kernels, tiles, c, weight);
    float[] transformed = new float[source.panelBase(source.panels.size())];
    workers.run(source.panels.size() * source.groups(), i -> source.store(i, transformed, buffers));
    return new Prepared(new WeightTransform(kernels, tiles, c, null), transformed, bias);
  }

  private record Prepared(WeightTransform shape, float[] transformed, @Nullable CpuStorage bias)
      implements PreparedWeights {
    @Override
    public long bytes() {
      return (long) Float.BYTES * transformed.length;
    }
  }

  @Override
  public Runnable bind(PreparedWeights weights, Direction c, CpuStorage x, Epilogue epilogue) {
    Prepared prepared = (Prepared) weights;
    return call(c, x, prepared.shape, prepared.transformed, prepared.bias, epilogue);
  }

  private WinogradCall call(
      Direction c,
      CpuStorage x,
      WeightTransform weights,
      float @Nullable [] transformed,
      @Nullable CpuStorage bias,
      Epilogue epilogue) {
    return new WinogradCall(
        kernels, tiles, buffers, workers, c, x, weights, transformed, bias, epilogue);
  }
}
