package dev.thumbnet.engine.backend.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.backend.DeviceException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * Opening and closing a device leaves nothing behind, also when something fails, and says what is
 * missing.
 */
class CudaRuntimeTest {
  @Test
  void closingGivesEverythingBack() {
    FakeCuda cuda = new FakeCuda();
    CudaRuntime runtime = cuda.runtime();
    long pointer = runtime.memory().allocate(1 << 21);
    runtime.memory().free(runtime.memory().allocate(1000));
    runtime.workspace(12345);
    runtime.staging().upload(new float[100], 0, pointer, 100);
    CudaGraph.capture(runtime, () -> runtime.memory().allocate(77)).close();
    assertThat(cuda.driver.left()).isNotEmpty();
    cuda.close();
    runtime.close();
    // Copies must have ended before their buffers go.
    assertThat(cuda.names())
        .containsSubsequence(
            "cuStreamSynchronize",
            "cublasDestroy_v2",
            "cudnnDestroy",
            "cuMemFreeHost",
            "cuMemFree_v2",
            "cuStreamDestroy_v2",
            "cuDevicePrimaryCtxRelease_v2");
  }

  @Test
  void librariesUseTheStreamAndOneWorkspace() {
    try (FakeCuda cuda = new FakeCuda()) {
      CudaRuntime runtime = cuda.runtime();
      assertThat(cuda.calls("cudnnSetStream"))
          .extracting(FakeCall::arguments)
          .containsExactly(List.of(runtime.cudnnHandle(), runtime.stream()));
      assertThat(cuda.calls("cublasSetStream_v2"))
          .extracting(FakeCall::arguments)
          .containsExactly(List.of(runtime.cublasHandle(), runtime.stream()));
      assertThat(cuda.names()).containsSubsequence("cublasSetStream_v2", "cublasSetWorkspace_v2");
      FakeCall workspace = cuda.calls("cublasSetWorkspace_v2").getFirst();
      cuda.driver.device(workspace.longAt(1), workspace.longAt(2));
    }
  }

  @Test
  void worksWithoutTheLibraries() {
    FakeDriver driver = new FakeDriver(new ArrayList<>());
    CudaRuntime runtime = new CudaRuntime(new Driver(driver), null, null, 0);
    assertThat(runtime.describe().toString())
        .startsWith("Fake GPU, compute capability 9.0, 4 multiprocessors, 65536 MiB, CUDA 13.0")
        .doesNotContain("cuDNN", "cuBLAS");
    runtime.close();
    assertThat(driver.left()).isEmpty();
  }

  @Test
  void describesDeviceAndVersions() {
    try (FakeCuda cuda = new FakeCuda()) {
      assertThat(cuda.runtime().describe())
          .hasToString(
              "Fake GPU, compute capability 9.0, 4 multiprocessors, 65536 MiB, CUDA 13.0,"
                  + " cuDNN 9.24.0, cuBLAS 13.1.1");
    }
  }

  @Test
  void eachThreadMustEnter() throws Exception {
    try (FakeCuda cuda = new FakeCuda()) {
      CudaRuntime runtime = cuda.runtime();
      runtime.synchronize();
      AtomicReference<Throwable> without = new AtomicReference<>();
      AtomicReference<Throwable> with = new AtomicReference<>();
      Thread thread =
          new Thread(
              () -> {
                without.set(failure(runtime::synchronize));
                runtime.enter();
                runtime.enter();
                with.set(failure(runtime::synchronize));
              });
      thread.start();
      thread.join();
      assertThat(without.get())
          .isInstanceOf(DeviceException.class)
          .hasMessageContaining("CUDA_ERROR_INVALID_CONTEXT (201)");
      assertThat(with.get()).isNull();
    }
  }

  @Test
  void memoryAndGraphsCareForTheirContext() throws Exception {
    try (FakeCuda cuda = new FakeCuda()) {
      CudaRuntime runtime = cuda.runtime();
      AtomicReference<Throwable> failure = new AtomicReference<>();
      Thread thread =
          new Thread(
              () ->
                  failure.set(
                      failure(
                          () -> {
                            runtime.memory().free(runtime.memory().allocate(5000));
                            runtime.memory().trim();
                            CudaGraph.capture(runtime, () -> {}).close();
                          })));
      thread.start();
      thread.join();
      assertThat(failure.get()).isNull();
    }
  }

  private static Throwable failure(Runnable action) {
    try {
      action.run();
      return null;
    } catch (RuntimeException e) {
      return e;
    }
  }

  @Test
  void workspaceGrowsOnly() {
    try (FakeCuda cuda = new FakeCuda()) {
      CudaRuntime runtime = cuda.runtime();
      assertThat(runtime.workspace(0)).isZero();
      long small = runtime.workspace(1000);
      assertThat(runtime.workspace(500)).isEqualTo(small);
      long large = runtime.workspace(5000);
      cuda.driver.device(large, 5000);
      assertThat(runtime.workspace(1000)).isEqualTo(large);
      assertThat(runtime.memory().cached()).isEqualTo(1024);
    }
  }

  @Test
  void aLackOfMemoryLeavesNoStaleWorkspace() {
    try (FakeCuda cuda = new FakeCuda()) {
      CudaRuntime runtime = cuda.runtime();
      runtime.workspace(1000);
      assertThatThrownBy(() -> runtime.workspace(1L << 50))
          .isInstanceOf(DeviceException.class)
          .hasMessageContaining("out of memory");
      cuda.driver.device(runtime.workspace(900), 900);
    }
  }

  @Test
  void refusesADeviceThatIsNotThere() {
    FakeDriver driver = new FakeDriver(new ArrayList<>());
    for (int ordinal : new int[] {-1, 1}) {
      assertThatThrownBy(() -> new CudaRuntime(new Driver(driver), null, null, ordinal))
          .isInstanceOf(DeviceException.class)
          .hasMessage("There is no CUDA device " + ordinal + "; the driver knows of 1");
    }
    assertThat(driver.left()).isEmpty();
  }

  @Test
  void givesBackWhatItHasWhenOpeningFails() {
    for (String function : List.of("cuCtxSetCurrent", "cuStreamCreate", "cuMemAlloc_v2")) {
      FakeCuda cuda = new FakeCuda();
      cuda.driver.fail(function, 0, FakeDriver.INVALID_VALUE);
      assertThatThrownBy(cuda::runtime)
          .isInstanceOf(DeviceException.class)
          .hasMessageContaining(function);
      cuda.close();
    }
    FakeCuda cuda = new FakeCuda();
    cuda.cudnn.fail("cudnnSetStream", 0, FakeCudnn.BAD_PARAM);
    assertThatThrownBy(cuda::runtime).isInstanceOf(DeviceException.class);
    cuda.close();
  }

  @Test
  void closesWhatItCanWhenClosingFails() {
    FakeCuda cuda = new FakeCuda();
    CudaRuntime runtime = cuda.runtime();
    cuda.driver.fail("cuStreamSynchronize", 0, FakeDriver.ILLEGAL_ADDRESS);
    assertThatThrownBy(runtime::close)
        .isInstanceOf(DeviceException.class)
        .satisfies(
            e ->
                assertThat(e.getSuppressed())
                    .singleElement()
                    .satisfies(
                        s ->
                            assertThat(s.getMessage())
                                .contains("cuStreamSynchronize failed", "(700)")));
    cuda.close();
  }

  @Test
  void waitsAfterOperationsOnlyIfAsked() {
    try (FakeCuda cuda = new FakeCuda()) {
      assertThat(cuda.runtime().debug()).isFalse();
      cuda.runtime().afterOperation();
      assertThat(cuda.names()).doesNotContain("cuStreamSynchronize");
    }
    System.setProperty(CudaRuntime.DEBUG_PROPERTY, "true");
    try (FakeCuda cuda = new FakeCuda()) {
      CudaRuntime runtime = cuda.runtime();
      assertThat(runtime.debug()).isTrue();
      runtime.afterOperation();
      assertThat(cuda.calls("cuStreamSynchronize")).hasSize(1);
      CudaGraph.capture(runtime, runtime::afterOperation).close();
      assertThat(cuda.calls("cuStreamSynchronize")).hasSize(1);
    } finally {
      System.clearProperty(CudaRuntime.DEBUG_PROPERTY);
    }
  }

  /** A machine that has a device may run the tests, too. */
  @Test
  void openingADeviceGivesOneOrOneClearException() {
    try (CudaRuntime runtime = CudaRuntime.open(0)) {
      assertThat(runtime.describe().toString()).contains("cuDNN 9.");
    } catch (DeviceException e) {
      assertThat(e.getMessage()).matches("(?s).*(was not found|failed|no CUDA device).*");
    }
  }

  @Test
  void tellsWhichOptionAllowsNativeCode() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "--illegal-native-access=deny",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                WithoutNativeAccess.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(output)
        .contains("The JVM forbids native code", "--enable-native-access=ALL-UNNAMED");
    assertThat(process.exitValue()).isZero();
  }

  @Test
  void modulesAreNamedAsTheOptionDoes() {
    assertThat(CudaRuntime.accessName(String.class.getModule())).isEqualTo("java.base");
  }
}
