package dev.thumbnet.engine.backend.cpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.backend.Backend;
import dev.thumbnet.engine.backend.cpu.CpuBackend;
import org.junit.jupiter.api.Test;

/** The gate chooses kernels that can run, honours wishes or says why not. */
class KernelGateTest {
  private static final String VM = "OpenJDK 64-Bit Server VM";

  @Test
  void namesTheFlagWhenTheModuleIsMissing() {
    assertThat(KernelGate.obstacle(false, VM, "mixed mode"))
        .contains("--add-modules jdk.incubator.vector");
  }

  @Test
  void wantsAnOptimisingCompiler() {
    assertThat(KernelGate.obstacle(true, VM, "mixed mode, sharing")).isNull();
    assertThat(KernelGate.obstacle(true, VM, "interpreted mode")).contains("-Xint");
    assertThat(KernelGate.obstacle(true, VM, "mixed mode, emulated-client"))
        .contains("TieredStopAtLevel");
    assertThat(KernelGate.obstacle(true, "Eclipse OpenJ9 VM", "mixed mode")).contains("HotSpot");
    assertThat(KernelGate.obstacle(true, "Substrate VM", "static")).contains("HotSpot");
  }

  @Test
  void theTestsRunTheVectorKernels() {
    assertThat(KernelGate.select(null).name()).isEqualTo("vector");
    assertThat(Kernels.vector().lanes()).isIn(4, 8, 16);
  }

  @Test
  void aWishIsHonouredOrRefused() {
    assertThat(KernelGate.select("scalar").name()).isEqualTo("scalar");
    assertThat(KernelGate.select("vector").name()).isEqualTo("vector");
    assertThatThrownBy(() -> KernelGate.select("fast"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("fast");
  }

  /** Kernels that cannot be made. */
  static final class Broken {
    public Broken() {
      throw new IllegalStateException("no luck today");
    }
  }

  @Test
  void saysWhichKernelsFailed() {
    for (String which : new String[] {"scalar", "vector"}) {
      assertThatThrownBy(() -> KernelGate.load(which, Broken.class.getName()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("The " + which + " kernels cannot run: no luck today");
      assertThatThrownBy(() -> KernelGate.load(which, "no.such.Kernels"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith(
              "The " + which + " kernels cannot run: no.such.Kernels is missing");
    }
  }

  @Test
  void winogradIsOnUnlessRefused() {
    assertThat(KernelGate.winograd(null)).isTrue();
    assertThat(KernelGate.winograd("true")).isTrue();
    assertThat(KernelGate.winograd("false")).isFalse();
    assertThatThrownBy(() -> KernelGate.winograd("off"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("dev.thumbnet.engine.winograd")
        .hasMessageContaining("off");
  }

  @Test
  void theBackendDescribesItself() {
    try (Backend backend = new CpuBackend(3, Kernels.scalar())) {
      assertThat(backend.describe()).isEqualTo("cpu: scalar kernels, 1 lane, 3 threads");
    }
  }
}
