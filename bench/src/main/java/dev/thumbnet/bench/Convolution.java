package dev.thumbnet.bench;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.backend.Backend;
import dev.thumbnet.engine.backend.Storage;
import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
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
 * The kernels of a convolution, in training and prepared for inference. Their multiply-adds are
 * those of the problem, so time times {@link FmaPeak} over them is the share of the machine's limit
 * (which Winograd may exceed). Any problem of the shared list, {@code problems/conv2d.txt} in the
 * engine, can be given:
 *
 * <pre>
 * java -jar bench/target/benchmarks.jar Convolution.forward -p "problem=n1 h7 w7 c512 k512 r3 s3 st1 p1"
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 3, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class Convolution {
  private static final String WINOGRAD = "dev.thumbnet.engine.winograd";

  /** Geometry in one line. */
  @Param({
    "n16 h112 w112 c3 k64 r7 s7 st2 p3",
    "n1 h56 w56 c64 k64 r3 s3 st1 p1",
    "n16 h28 w28 c64 k64 r3 s3 st1 p1",
    "n16 h14 w14 c128 k256 r3 s3 st2 p1",
    "n16 h7 w7 c256 k256 r3 s3 st1 p1",
    "n16 h4 w4 c512 k512 r3 s3 st1 p1",
    "n1 h2 w2 c512 k512 r3 s3 st1 p1",
    "n16 h28 w28 c256 k64 r1 s1 st1 p0"
  })
  public String problem;

  /** Which algorithms may be chosen: all, or only direct sums (no Winograd). */
  @Param({"all", "direct"})
  public String algorithms;

  /** Threads that compute. */
  @Param({"1", "2"})
  public int threads;

  private Device device;
  private Backend backend;
  private Conv2dProblem p;
  private Storage x;
  private Storage weight;
  private Storage y;
  private Storage dx;
  private Storage dWeight;
  private Runnable plain;
  private Runnable halved;

  /** Makes the operands. */
  @Setup
  public void make() {
    System.setProperty(WINOGRAD, Boolean.toString(algorithms.equals("all")));
    device = Device.cpu(threads);
    backend = device.backend();
    p = Conv2dProblem.parse(problem);
    x = Noise.storage(backend, p.inputSize());
    weight = Noise.storage(backend, p.weightSize());
    y = Noise.storage(backend, p.outputSize());
    dx = backend.allocate(p.inputSize());
    dWeight = backend.allocate(p.weightSize());
    plain = prepared(WeightFormat.F32);
    halved = prepared(WeightFormat.BF16);
  }

  private Runnable prepared(WeightFormat format) {
    return backend.prepare(p, weight, null, Unary.RELU, format).bind(p.n(), x, null, y);
  }

  /** Ends the threads. */
  @TearDown
  public void close() {
    device.close();
  }

  /** y of x and the weight. */
  @Benchmark
  public void forward() {
    backend.conv2d(p, x, weight, null, y);
  }

  /** y and ReLU, with weights prepared before; in a loop they stay in the cache, if they fit. */
  @Benchmark
  public void prepared() {
    plain.run();
  }

  /** The same with weights of 16 bits. */
  @Benchmark
  public void preparedBf16() {
    halved.run();
  }

  /** dx of dy and the weight. */
  @Benchmark
  public void backwardData() {
    backend.conv2dBackwardData(p, y, weight, dx);
  }

  /** The gradient of the weight, of x and dy. */
  @Benchmark
  public void backwardWeights() {
    backend.conv2dBackwardWeights(p, x, y, dWeight);
  }
}
