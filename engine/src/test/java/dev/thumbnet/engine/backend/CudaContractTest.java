package dev.thumbnet.engine.backend;

import dev.thumbnet.engine.testing.Gpu;

/** The CUDA backend in f32, on a GPU. */
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
