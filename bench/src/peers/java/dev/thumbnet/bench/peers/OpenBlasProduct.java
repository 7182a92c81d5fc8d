package dev.thumbnet.bench.peers;

import dev.thumbnet.bench.Noise;
import dev.thumbnet.bench.harness.Contender;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas;

/** OpenBLAS, with memory outside of the Java heap. Returns the first row. */
final class OpenBlasProduct implements Contender {
  private final int n;
  private final FloatPointer a;
  private final FloatPointer b;
  private final FloatPointer c;

  OpenBlasProduct(Workload workload, int threads) {
    openblas.blas_set_num_threads(threads);
    n = workload.size();
    a = new FloatPointer(Noise.values(n * n, 1));
    b = new FloatPointer(Noise.values(n * n, 2));
    c = new FloatPointer((long) n * n);
  }

  static String version() {
    return "OpenBLAS by JavaCPP " + openblas.class.getPackage().getImplementationVersion();
  }

  @Override
  public String name() {
    return "OpenBLAS";
  }

  @Override
  public float[] run() {
    openblas.cblas_sgemm(
        openblas.CblasRowMajor,
        openblas.CblasNoTrans,
        openblas.CblasNoTrans,
        n,
        n,
        n,
        1,
        a,
        n,
        b,
        n,
        0,
        c,
        n);
    float[] row = new float[n];
    c.get(row);
    return row;
  }

  @Override
  public void close() {
    a.close();
    b.close();
    c.close();
  }
}
