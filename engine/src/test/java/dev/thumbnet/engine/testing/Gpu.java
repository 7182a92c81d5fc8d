package dev.thumbnet.engine.testing;

import dev.thumbnet.engine.backend.CudaPrecision;
import dev.thumbnet.engine.backend.DeviceException;
import dev.thumbnet.engine.backend.cuda.CudaBackend;
import net.jqwik.api.lifecycle.LifecycleContext;
import net.jqwik.api.lifecycle.SkipExecutionHook;
import org.junit.jupiter.api.Assumptions;

/** The first GPU of the machine, for tests that are skipped where there is none. */
public final class Gpu {
  /** Why there is none, or null. */
  private static final String MISSING = missing();

  private Gpu() {}

  private static String missing() {
    try (CudaBackend _ = new CudaBackend(0, CudaPrecision.F32)) {
      return null;
    } catch (DeviceException e) {
      return "needs a GPU: " + e.getMessage();
    }
  }

  /** Tells whether there is one; for conditions of whole classes. */
  public static boolean exists() {
    return MISSING == null;
  }

  /** Opens it, or skips the test and says why. */
  public static CudaBackend open(CudaPrecision precision) {
    Assumptions.assumeTrue(MISSING == null, MISSING);
    return new CudaBackend(0, precision);
  }

  /** Skips properties, where an assumption would only reject the numbers tried. */
  public static final class Needed implements SkipExecutionHook {
    @Override
    public SkipResult shouldBeSkipped(LifecycleContext context) {
      return MISSING == null ? SkipResult.doNotSkip() : SkipResult.skip(MISSING);
    }
  }
}
