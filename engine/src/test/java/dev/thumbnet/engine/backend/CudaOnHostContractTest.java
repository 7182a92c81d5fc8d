package dev.thumbnet.engine.backend;

import dev.thumbnet.engine.backend.contract.BackendContract;
import dev.thumbnet.engine.backend.cuda.HostCuda;
import dev.thumbnet.engine.backend.cuda.HostCuda.Support;
import net.jqwik.api.lifecycle.AddLifecycleHook;

/** The CUDA backend in f32 with its kernels compiled for the host. */
@AddLifecycleHook(HostCuda.Needed.class)
class CudaOnHostContractTest implements BackendContract {
  private static Backend shared;

  @Override
  public Backend backend() {
    synchronized (CudaOnHostContractTest.class) {
      if (shared == null) {
        shared = make(1);
      }
      return shared;
    }
  }

  @Override
  public Backend make(int threads) {
    return HostCuda.of(CudaPrecision.F32, Support.FULL).backend();
  }
}
