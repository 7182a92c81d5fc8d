package dev.thumbnet.bench;

import dev.thumbnet.engine.backend.cpu.kernel.TileKernels;
import dev.thumbnet.engine.backend.cpu.vector.VectorKernels;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The products in the middle of Winograd's convolutions, without the transforms around them, on one
 * thread: for each of 36 elements tiles x inputs times inputs x outputs, laid out as {@code
 * WinogradCall} does, but for the products, which are always added to the same rows. The
 * multiply-adds, which are printed, over the time and over {@link FmaPeak} are the share of the
 * machine's limit that the register tiles reach on data in the cache.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 3, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class TileProducts {
  private static final int ELEMENTS = 36;
  private static final int BLOCK = 64;

  /** Floats of a row of products. */
  private static final int GROUP = 64;

  /** Tiles, input channels and output channels. */
  @Param({"56 64 64", "28 128 128", "16 256 256", "4 512 512"})
  public String shape;

  private final VectorKernels kernels = new VectorKernels();
  private final TileKernels tiles = kernels.tiles();
  private final int width = tiles.widths()[0];
  private int rows;
  private int blocks;
  private int panels;
  private int elementStep;
  private int weightStep;
  private int[] pairs;
  private float[] v;
  private float[] u;
  private float[] products;

  /** Makes the operands. */
  @Setup
  public void make() {
    String[] extents = shape.split(" ");
    rows = Integer.parseInt(extents[0]);
    int inputs = Integer.parseInt(extents[1]);
    blocks = inputs / BLOCK;
    panels = Integer.parseInt(extents[2]) / width;
    elementStep = (rows * BLOCK / 16 | 1) * 16;
    weightStep = inputs * width + 16;
    pairs = new int[2 * rows];
    for (int i = 0; i < rows; i++) {
      pairs[2 * i] = i * BLOCK;
      pairs[2 * i + 1] = i;
    }
    v = Noise.values(blocks * ELEMENTS * elementStep);
    u = Noise.values(panels * ELEMENTS * weightStep);
    products = new float[rows * GROUP];
    long macs = (long) ELEMENTS * rows * blocks * BLOCK * panels * width;
    System.out.printf("%n%.2f million multiply-adds: ", macs / 1e6);
  }

  /** All products of a block of tiles. */
  @Benchmark
  public float[] multiply() {
    Arrays.fill(products, 0f);
    for (int panel = 0; panel < panels; panel++) {
      for (int e = 0; e < ELEMENTS; e++) {
        tiles.multiply(
            pairs,
            0,
            rows,
            blocks,
            BLOCK,
            v,
            e * elementStep,
            ELEMENTS * elementStep,
            u,
            (panel * ELEMENTS + e) * weightStep,
            BLOCK * width,
            products,
            panel * width % GROUP,
            GROUP,
            width);
      }
    }
    return products;
  }
}
