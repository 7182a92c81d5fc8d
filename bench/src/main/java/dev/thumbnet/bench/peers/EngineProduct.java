package dev.thumbnet.bench.peers;

import dev.thumbnet.bench.Noise;
import dev.thumbnet.bench.harness.Contender;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.backend.Storage;
import dev.thumbnet.engine.backend.problem.GemmProblem;

/** The engine's own product of matrices. Returns the first row. */
final class EngineProduct implements Contender {
  private final Device device;
  private final GemmProblem p;
  private final Storage a;
  private final Storage b;
  private final Storage c;
  private final float[] row;

  EngineProduct(Workload workload, int threads) {
    int n = workload.size();
    device = Device.cpu(threads);
    p = new GemmProblem(n, n, n, false, false);
    a = storage(Noise.values(n * n, 1));
    b = storage(Noise.values(n * n, 2));
    c = device.backend().allocate(n * n);
    row = new float[n];
  }

  private Storage storage(float[] values) {
    Storage storage = device.backend().allocate(values.length);
    device.backend().upload(values, 0, storage, 0, values.length);
    return storage;
  }

  @Override
  public String name() {
    return Figures.ENGINE;
  }

  @Override
  public float[] run() {
    device.backend().gemm(p, a, b, null, c);
    device.backend().download(c, 0, row, 0, row.length);
    return row.clone();
  }

  @Override
  public void close() {
    device.close();
  }
}
