package dev.thumbnet.engine.backend;

import dev.thumbnet.engine.backend.contract.AccuracyContract;
import dev.thumbnet.engine.backend.contract.BackendContract;
import dev.thumbnet.engine.backend.contract.LayerContract;
import dev.thumbnet.engine.backend.cpu.CpuBackend;
import dev.thumbnet.engine.backend.cpu.kernel.Kernels;

/** The CPU backend on the Vector API, with the lanes of this JVM. */
class CpuVectorContractTest implements BackendContract, AccuracyContract, LayerContract {
  private static final Backend SHARED = new CpuBackend(2, Kernels.vector());

  @Override
  public Backend backend() {
    return SHARED;
  }

  @Override
  public Backend make(int threads) {
    return new CpuBackend(threads, Kernels.vector());
  }
}
