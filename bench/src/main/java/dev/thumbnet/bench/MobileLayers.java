package dev.thumbnet.bench;

import dev.thumbnet.engine.backend.problem.Conv2dProblem;
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
 * {@link Convolution} on layers of MobileNet, EfficientNet and ResNeXt, on one picture of 224
 * pixels. Before each it prints what its floor is made of: multiply-adds, to be divided by {@link
 * FmaPeak}, and bytes that are read and written once, to be divided by {@link MemoryBandwidth}.
 * Depthwise layers are bound by the second, all others by the first.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 3, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class MobileLayers {
  /** Geometry in one line. */
  @Param({
    "n1 h112 w112 c32 k32 r3 s3 st1 p1 g32",
    "n1 h112 w112 c96 k96 r3 s3 st2 p1 g96",
    "n1 h28 w28 c240 k240 r5 s5 st1 p2 g240",
    "n1 h14 w14 c672 k672 r5 s5 st2 p2 g672",
    "n1 h7 w7 c960 k960 r3 s3 st1 p1 g960",
    "n1 h56 w56 c128 k128 r3 s3 st1 p1 g32",
    "n1 h28 w28 c256 k256 r3 s3 st1 p1 g32",
    "n1 h14 w14 c512 k512 r3 s3 st1 p1 g32",
    "n1 h112 w112 c16 k96 r1 s1 st1 p0",
    "n1 h56 w56 c144 k24 r1 s1 st1 p0",
    "n1 h14 w14 c96 k576 r1 s1 st1 p0",
    "n1 h7 w7 c320 k1280 r1 s1 st1 p0"
  })
  public String problem;

  /** Threads that compute. */
  @Param({"1", "2"})
  public int threads;

  private final Convolution layer = new Convolution();

  /** Makes the operands. */
  @Setup
  public void make() {
    layer.problem = problem;
    layer.algorithms = "all";
    layer.threads = threads;
    layer.make();
    Conv2dProblem p = Conv2dProblem.parse(problem);
    long floats = (long) p.inputSize() + p.outputSize() + p.weightSize();
    System.out.printf(
        "%n%.2f million multiply-adds, %.2f MB: ", p.macs() / 1e6, Float.BYTES * floats / 1e6);
  }

  /** Ends the threads. */
  @TearDown
  public void close() {
    layer.close();
  }

  /** y of x and the weight. */
  @Benchmark
  public void forward() {
    layer.forward();
  }

  /** y and ReLU, with weights prepared before. */
  @Benchmark
  public void prepared() {
    layer.prepared();
  }

  /** dx of dy and the weight. */
  @Benchmark
  public void backwardData() {
    layer.backwardData();
  }

  /** The gradient of the weight, of x and dy. */
  @Benchmark
  public void backwardWeights() {
    layer.backwardWeights();
  }
}
