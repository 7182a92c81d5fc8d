package dev.thumbnet.bench;

import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The machine's limit: independent fused multiply-adds that never leave the registers. The score is
 * in vector FMAs per nanosecond over all threads; times lanes it is GMAC/s.
 *
 * <p>Ten chains: two units that take five cycles, as the slowest do, need ten, and with sixteen
 * registers C2 spills some of twelve, which shows half of what AVX2 can do.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 3, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class FmaPeak {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int STEPS = 1024;
  private static final int CHAINS = 10;

  private float factor = 0.999f;

  /** Measures one thread. */
  @Benchmark
  @OperationsPerInvocation(STEPS * CHAINS)
  @Threads(1)
  public float oneThread() {
    return run(factor);
  }

  /** Measures two threads. */
  @Benchmark
  @OperationsPerInvocation(STEPS * CHAINS)
  @Threads(2)
  public float twoThreads() {
    return run(factor);
  }

  /** Returns the number of multiply-adds of single numbers in one call of a benchmark. */
  public static long macsPerCall() {
    return (long) STEPS * CHAINS * SPECIES.length();
  }

  private static float run(float factor) {
    FloatVector m = FloatVector.broadcast(SPECIES, factor);
    FloatVector a = m;
    FloatVector b = m;
    FloatVector c = m;
    FloatVector d = m;
    FloatVector e = m;
    FloatVector f = m;
    FloatVector g = m;
    FloatVector h = m;
    FloatVector i = m;
    FloatVector j = m;
    for (int s = 0; s < STEPS; s++) {
      a = a.fma(m, m);
      b = b.fma(m, m);
      c = c.fma(m, m);
      d = d.fma(m, m);
      e = e.fma(m, m);
      f = f.fma(m, m);
      g = g.fma(m, m);
      h = h.fma(m, m);
      i = i.fma(m, m);
      j = j.fma(m, m);
    }
    return a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).add(i).add(j).lane(0);
  }
}
