package dev.thumbnet.engine.backend;

import dev.thumbnet.engine.backend.contract.Trial;
import dev.thumbnet.engine.backend.contract.Trials;
import dev.thumbnet.engine.backend.cpu.CpuBackend;
import dev.thumbnet.engine.backend.cpu.kernel.Kernels;
import dev.thumbnet.engine.testing.Close;

/** The program that {@link ColdAndHotTest} starts in a JVM of its own. */
final class ColdAndHot {
  private static final int CALLS = 1000;

  private ColdAndHot() {}

  /** Compares the first call of each primitive with later ones; throws if bits differ. */
  public static void main(String[] args) {
    try (Backend backend = new CpuBackend(1, Kernels.vector())) {
      for (Trial trial : Trials.everything()) {
        double[][] cold = trial.run(backend);
        for (int call = 2; call <= CALLS; call++) {
          double[][] hot = trial.run(backend);
          for (int i = 0; i < cold.length; i++) {
            Close.assertSameBits(trial + ", output " + i + ", call " + call, cold[i], hot[i]);
          }
        }
      }
    }
    System.out.println("same bits");
  }
}
