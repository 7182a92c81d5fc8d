package dev.thumbnet.engine.backend.cpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.backend.Backend;
import dev.thumbnet.engine.backend.cpu.CpuBackend;
import org.junit.jupiter.api.Test;

/** Which kernels run is decided by the JVM and by properties, and a wish is honoured or refused. */
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
