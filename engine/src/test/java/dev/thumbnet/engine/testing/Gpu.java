package dev.thumbnet.engine.testing;

import dev.thumbnet.engine.backend.CudaPrecision;
import dev.thumbnet.engine.backend.DeviceException;
import dev.thumbnet.engine.backend.cuda.CudaBackend;
import org.junit.jupiter.api.Assumptions;

/** The first GPU of the machine, for tests that are skipped where there is none. */
public final class Gpu {
  private Gpu() {}

  /** Opens it, or skips the test and says why. */
  public static CudaBackend open(CudaPrecision precision) {
    try {
      return new CudaBackend(0, precision);
    } catch (DeviceException e) {
      return Assumptions.abort("needs a GPU: " + e.getMessage());
    }
  }
}
