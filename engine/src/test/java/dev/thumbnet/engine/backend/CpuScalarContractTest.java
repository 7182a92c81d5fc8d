package dev.thumbnet.engine.backend;

import dev.thumbnet.engine.backend.contract.AccuracyContract;
import dev.thumbnet.engine.backend.contract.BackendContract;
import dev.thumbnet.engine.backend.cpu.CpuBackend;
import dev.thumbnet.engine.backend.cpu.kernel.Kernels;

/** The CPU backend in plain Java. */
class CpuScalarContractTest implements BackendContract, AccuracyContract {
  private static final Backend SHARED = new CpuBackend(2, Kernels.scalar());

  @Override
  public Backend backend() {
    return SHARED;
  }

  @Override
  public Backend make(int threads) {
    return new CpuBackend(threads, Kernels.scalar());
  }
}
