package dev.thumbnet.engine.backend.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.backend.DeviceException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A launch hands each kernel its arguments by their bits, and enough blocks. */
class KernelModuleTest {
  private static final String PTX =
      """
      .visible .entry scale(.param .u64 x, .param .f32 factor, .param .u32 n) { ret; }
      .visible .entry nothing() { ret; }
      """;

  private final FakeCuda cuda = new FakeCuda();
  private final KernelModule module = new KernelModule(cuda.runtime(), PTX);

  @AfterEach
  void close() {
    module.close();
    cuda.close();
  }

  @Test
  void passesArgumentsByTheirBits() {
    module.launch("scale", 3, 2, 128, 1024, 0x7f0012345678L, Float.floatToRawIntBits(-2.5f), -7);
    assertThat(cuda.driver.launches())
        .containsExactly(
            new FakeDriver.Launch(
                "scale",
                3,
                2,
                128,
                1024,
                List.of(0x7f0012345678L, (long) Float.floatToRawIntBits(-2.5f), -7L)));
  }

  @Test
  void argumentsOfOneLaunchDoNotReachAnother() {
    module.launch("scale", 10L, 1, 2, 3);
    module.launch("scale", 10L, 4, 5, 6);
    module.launch("nothing", 10L);
    assertThat(cuda.driver.launches())
        .extracting(FakeDriver.Launch::arguments)
        .containsExactly(List.of(1L, 2L, 3L), List.of(4L, 5L, 6L), List.of());
  }

  @Test
  void takesAsManyBlocksAsTheItemsNeed() {
    for (long items : new long[] {1, 256, 257, 1 << 20, 1L << 40}) {
      module.launch("nothing", items);
    }
    assertThat(cuda.driver.launches())
        .extracting(FakeDriver.Launch::gridX)
        .containsExactly(1, 1, 2, 4096, 65_535 * 8);
    assertThat(cuda.driver.launches())
        .allSatisfy(
            launch -> {
              assertThat(launch.gridY()).isEqualTo(1);
              assertThat(launch.blockX()).isEqualTo(256);
              assertThat(launch.sharedBytes()).isZero();
            });
  }

  @Test
  void launchesNothingForNothing() {
    module.launch("nothing", 0L);
    module.launch("nothing", 0, 5, 32, 0);
    module.launch("nothing", 5, 0, 32, 0);
    assertThat(cuda.driver.launches()).isEmpty();
  }

  @Test
  void looksEachKernelUpOnce() {
    module.launch("nothing", 1L);
    module.launch("nothing", 1L);
    assertThat(cuda.calls("cuModuleGetFunction")).hasSize(1);
  }

  @Test
  void namesAKernelThatIsMissing() {
    assertThatThrownBy(() -> module.launch("absent", 1L))
        .isInstanceOf(DeviceException.class)
        .hasMessage("There is no kernel absent")
        .cause()
        .hasMessageContaining("CUDA_ERROR_NOT_FOUND");
  }

  @Test
  void refusesTooManyArguments() {
    assertThatThrownBy(() -> module.launch("scale", 1L, new long[65]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("scale has 65 arguments");
  }

  @Test
  void tellsOfAFailedLaunch() {
    cuda.driver.fail("cuLaunchKernel", 0, FakeDriver.INVALID_VALUE);
    assertThatThrownBy(() -> module.launch("nothing", 1L))
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("cuLaunchKernel failed: CUDA_ERROR_INVALID_VALUE (1)");
  }
}
