package dev.thumbnet.engine.backend;

import dev.thumbnet.engine.backend.contract.BackendContract;
import dev.thumbnet.engine.backend.contract.LayerContract;
import dev.thumbnet.engine.testing.Gpu;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import org.junit.jupiter.api.condition.EnabledIf;

/** The CUDA backend in f32, on a GPU. */
@EnabledIf(value = "dev.thumbnet.engine.testing.Gpu#exists", disabledReason = "needs a GPU")
@AddLifecycleHook(Gpu.Needed.class)
class CudaContractTest implements BackendContract, LayerContract {
  private static Backend shared;

  @Override
  public Backend backend() {
    synchronized (CudaContractTest.class) {
      if (shared == null) {
        shared = Gpu.open(CudaPrecision.F32);
      }
      return shared;
    }
  }

  @Override
  public Backend make(int threads) {
    return Gpu.open(CudaPrecision.F32);
  }
}
