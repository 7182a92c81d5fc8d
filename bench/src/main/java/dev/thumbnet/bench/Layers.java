package dev.thumbnet.bench;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.backend.Backend;
import dev.thumbnet.engine.backend.Storage;
import dev.thumbnet.engine.backend.problem.AxisProblem;
import dev.thumbnet.engine.backend.problem.BatchNormProblem;
import dev.thumbnet.engine.backend.problem.PoolProblem;
import dev.thumbnet.engine.backend.problem.ResizeProblem;
import dev.thumbnet.engine.backend.problem.SgdStep;
import dev.thumbnet.engine.backend.problem.Unary;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Everything but convolutions and products, on maps (16, 56, 56, 64) of 12.8 MB: bound by memory,
 * so the score is compared with {@link MemoryBandwidth}. Beside each kernel stands how often it
 * reads or writes a map.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 3, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class Layers {
  private static final int N = 16;
  private static final int SIDE = 56;
  private static final int CHANNELS = 64;
  private static final int ROWS = N * SIDE * SIDE;
  private static final int LENGTH = ROWS * CHANNELS;
  private static final int CLASSES = 1000;
  private static final BatchNormProblem NORM = new BatchNormProblem(ROWS, CHANNELS, 1e-5, true);
  private static final PoolProblem POOL = PoolProblem.of(N, SIDE, SIDE, CHANNELS, 3, 2, 1);
  private static final ResizeProblem SHRINK =
      new ResizeProblem(
          N, 4 * SIDE, 4 * SIDE, 3, SIDE, SIDE, ResizeProblem.Filter.BICUBIC_ANTIALIAS);
  private static final AxisProblem PIXELS = new AxisProblem(N, SIDE * SIDE, CHANNELS);
  private static final SgdStep STEP = new SgdStep(1e-6, 0.9, 1e-4, true);

  /** Threads that compute. */
  @Param({"1", "2"})
  public int threads;

  private Device device;
  private Backend backend;
  private Storage x;
  private Storage y;
  private Storage z;
  private Storage[] perChannel;
  private Storage gates;
  private Storage pooled;
  private Storage pictures;
  private Storage thumbnails;
  private Storage logits;
  private Storage probabilities;
  private Storage losses;
  private int[] labels;

  /** Makes the operands. */
  @Setup
  public void make() {
    device = Device.cpu(threads);
    backend = device.backend();
    x = Noise.storage(backend, LENGTH);
    y = Noise.storage(backend, LENGTH);
    z = Noise.storage(backend, LENGTH);
    perChannel = new Storage[6];
    for (int i = 0; i < perChannel.length; i++) {
      perChannel[i] = backend.allocate(CHANNELS);
      backend.fill(perChannel[i], CHANNELS, 1);
    }
    gates = Noise.storage(backend, N * CHANNELS);
    pooled = Noise.storage(backend, POOL.outputSize());
    pictures = Noise.storage(backend, SHRINK.inputSize());
    thumbnails = backend.allocate(SHRINK.outputSize());
    logits = Noise.storage(backend, N * CLASSES);
    probabilities = backend.allocate(N * CLASSES);
    losses = backend.allocate(N);
    labels = new int[N];
  }

  /** Ends the threads. */
  @TearDown
  public void close() {
    device.close();
  }

  /** Twice. */
  @Benchmark
  public void relu() {
    backend.unary(Unary.RELU, LENGTH, x, z);
  }

  /** Twice. */
  @Benchmark
  public void hardSwish() {
    backend.unary(Unary.HARD_SWISH, LENGTH, x, z);
  }

  /** Twice. */
  @Benchmark
  public void silu() {
    backend.unary(Unary.SILU, LENGTH, x, z);
  }

  /** Squeeze: once. */
  @Benchmark
  public void meanOfPixels() {
    backend.sum(PIXELS, 1.0 / (SIDE * SIDE), x, gates);
  }

  /** Excitation: twice. */
  @Benchmark
  public void gate() {
    backend.broadcastMultiply(PIXELS, x, gates, z);
  }

  /** Three times. */
  @Benchmark
  public void addRelu() {
    backend.addRelu(LENGTH, x, y, z);
  }

  /** Three times, for the statistics come first. */
  @Benchmark
  public void batchNormReluTrain() {
    backend.batchNormTrain(NORM, x, perChannel[0], perChannel[1], perChannel[2], perChannel[3], z);
  }

  /** Twice. */
  @Benchmark
  public void batchNormReluEval() {
    backend.batchNormEval(NORM, x, perChannel[0], perChannel[1], perChannel[0], perChannel[0], z);
  }

  /** Seven times: x, y and dy for the sums and again for dx. */
  @Benchmark
  public void batchNormReluBackward() {
    backend.batchNormBackward(
        NORM,
        true,
        x,
        y,
        y,
        perChannel[0],
        perChannel[0],
        perChannel[0],
        z,
        perChannel[4],
        perChannel[5]);
  }

  /** Once and a quarter. */
  @Benchmark
  public void maxPool() {
    backend.maxPool(POOL, x, pooled);
  }

  /** Twice and a half. */
  @Benchmark
  public void maxPoolBackward() {
    backend.maxPoolBackward(POOL, x, pooled, pooled, z);
  }

  /** Pictures of 224 to 56 pixels: 9.6 MB are read, 0.6 MB written. */
  @Benchmark
  public void bicubic() {
    backend.resize(SHRINK, pictures, thumbnails);
  }

  /** 1000 classes: 0.2 MB, not bound by memory. */
  @Benchmark
  public void crossEntropy() {
    backend.crossEntropy(N, CLASSES, logits, labels, 0.1, probabilities, losses);
  }

  /** Five times: weight and velocity are read and written, the gradient read. */
  @Benchmark
  public void sgd() {
    backend.sgd(STEP, LENGTH, x, z, y);
  }
}
