package dev.thumbnet.bench;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.backend.Backend;
import dev.thumbnet.engine.backend.Storage;
import dev.thumbnet.engine.backend.problem.GemmProblem;
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
 * Products of matrices: large and square, and the last layers of networks, on one picture and on a
 * few. Those read more than they multiply: 1 4096 25088 is 411 MB of weights, to be compared with
 * {@link MemoryBandwidth}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 3, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class MatrixProduct {
  /** Rows, columns and the length of the sums. */
  @Param({
    "2048 2048 2048",
    "1 1000 512",
    "16 1000 512",
    "1 4096 25088",
    "2 4096 25088",
    "4 4096 25088",
    "8 4096 25088"
  })
  public String shape;

  /** Threads that compute. */
  @Param({"1", "2"})
  public int threads;

  private Device device;
  private Backend backend;
  private GemmProblem p;
  private Storage a;
  private Storage b;
  private Storage c;

  /** Makes the operands. */
  @Setup
  public void make() {
    String[] extents = shape.split(" ");
    int m = Integer.parseInt(extents[0]);
    int n = Integer.parseInt(extents[1]);
    int k = Integer.parseInt(extents[2]);
    device = Device.cpu(threads);
    backend = device.backend();
    p = new GemmProblem(m, n, k, false, false);
    a = Noise.storage(backend, m * k);
    b = Noise.storage(backend, k * n);
    c = backend.allocate(m * n);
  }

  /** Ends the threads. */
  @TearDown
  public void close() {
    device.close();
  }

  /** C = A B. */
  @Benchmark
  public void multiply() {
    backend.gemm(p, a, b, null, c);
  }
}
