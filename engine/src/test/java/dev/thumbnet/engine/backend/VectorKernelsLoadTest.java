package dev.thumbnet.engine.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thumbnet.engine.backend.cpu.CpuBackend;
import org.junit.jupiter.api.Test;

/**
 * Guards against a build that has quietly fallen back to plain Java: the tests run with the module
 * and on a JVM that compiles it, so the vector kernels must be there.
 */
class VectorKernelsLoadTest {
  @Test
  void testsRunWithTheModule() {
    assertThat(ModuleLayer.boot().findModule("jdk.incubator.vector"))
        .as("tests need --add-modules jdk.incubator.vector")
        .isPresent();
  }

  @Test
  void theVectorKernelsAreTheDefault() {
    assumeTrue(
        System.getProperty("dev.thumbnet.engine.kernels") == null,
        "kernels are forced by property");
    assumeTrue(
        System.getProperty("java.vm.name").contains("Server VM"), "no HotSpot server VM, so no C2");
    try (Backend backend = new CpuBackend(1)) {
      assertThat(backend.describe()).contains("vector kernels").doesNotContain(" 1 lane,");
    }
  }
}
