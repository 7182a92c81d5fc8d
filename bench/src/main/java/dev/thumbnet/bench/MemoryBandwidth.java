package dev.thumbnet.bench;

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
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The memory's limit: copies of an array, one read and one write of 4 bytes for each element. Bytes
 * over the score are the bandwidth that {@link Layers} can reach; per thread, each with its own
 * arrays.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 3, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class MemoryBandwidth {
  /** Elements: 128 KiB in all are in the second-level cache, 128 MiB in memory. */
  @Param({"16384", "16777216"})
  public int length;

  private float[] from;
  private float[] to;

  /** Makes the arrays. */
  @Setup
  public void make() {
    from = Noise.values(length);
    to = new float[length];
  }

  /** Measures one thread. */
  @Benchmark
  @Threads(1)
  public void oneThread() {
    System.arraycopy(from, 0, to, 0, length);
  }

  /** Measures two threads. */
  @Benchmark
  @Threads(2)
  public void twoThreads() {
    System.arraycopy(from, 0, to, 0, length);
  }
}
