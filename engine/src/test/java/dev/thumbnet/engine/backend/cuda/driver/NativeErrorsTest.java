package dev.thumbnet.engine.backend.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.backend.DeviceException;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** What the bindings say when a library does not do what it is asked for. */
class NativeErrorsTest {
  private final FakeDriver fakeDriver = new FakeDriver(new ArrayList<>());
  private final FakeCudnn fakeCudnn = new FakeCudnn(new ArrayList<>());
  private final FakeCublas fakeCublas = new FakeCublas(new ArrayList<>());

  @Test
  void driverTellsNameNumberAndWords() {
    Driver driver = new Driver(fakeDriver);
    fakeDriver.fail("cuInit", 0, 100);
    assertThatThrownBy(driver::init)
        .isInstanceOf(DeviceException.class)
        .hasMessage("cuInit failed: CUDA_ERROR_NO_DEVICE (100), words for CUDA_ERROR_NO_DEVICE");
    driver.init();
  }

  @Test
  void driverTellsWhatIsUnknown() {
    Driver driver = new Driver(fakeDriver);
    fakeDriver.fail("cuInit", 0, 12345);
    assertThatThrownBy(driver::init)
        .isInstanceOf(DeviceException.class)
        .hasMessage("cuInit failed: unknown error (12345)");
  }

  @Test
  void driverTellsHowToFindTheKernelThatFailed() {
    Driver driver = new Driver(fakeDriver);
    fakeDriver.fail("cuStreamSynchronize", 0, 700);
    assertThatThrownBy(() -> driver.streamSynchronize(1))
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("cuStreamSynchronize failed: CUDA_ERROR_ILLEGAL_ADDRESS (700)")
        .hasMessageContaining("-D" + CudaRuntime.DEBUG_PROPERTY + "=true");
  }

  @Test
  void cudnnTellsTheConditionThatFailed() {
    Cudnn cudnn = new Cudnn(fakeCudnn);
    fakeCudnn.fail("cudnnSetStream", 0, FakeCudnn.BAD_PARAM);
    assertThatThrownBy(() -> cudnn.setStream(1, 2))
        .isInstanceOf(DeviceException.class)
        .hasMessage(
            "cudnnSetStream failed: CUDNN_STATUS_BAD_PARAM (2000), the fake is not content");
  }

  @Test
  void cudnnMayLackAKernelForAFusedConvolution() {
    Cudnn cudnn = new Cudnn(fakeCudnn);
    String function = "cudnnConvolutionBiasActivationForward";
    assertThat(fused(cudnn)).isTrue();
    fakeCudnn.fail(function, 0, FakeCudnn.NOT_SUPPORTED + 2);
    assertThat(fused(cudnn)).isFalse();
    fakeCudnn.fail(function, 0, FakeCudnn.BAD_PARAM);
    assertThatThrownBy(() -> fused(cudnn)).isInstanceOf(DeviceException.class);
  }

  private static boolean fused(Cudnn cudnn) {
    return cudnn.convolutionBiasActivationForward(
        1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 10, 11, 12, 13, 14, 15, 16);
  }

  @Test
  void cudnnMustBeOfTheRightVersion() {
    fakeCudnn.on("cudnnGetVersion", call -> 8_907L);
    assertThatThrownBy(() -> new Cudnn(fakeCudnn))
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("8907");
  }

  @Test
  void cublasTellsTheStatus() {
    Cublas cublas = new Cublas(fakeCublas);
    fakeCublas.fail("cublasSetMathMode", 0, FakeCublas.NOT_SUPPORTED);
    assertThatThrownBy(() -> cublas.setMathMode(1, 2))
        .isInstanceOf(DeviceException.class)
        .hasMessage("cublasSetMathMode failed: not supported (15)");
  }

  @Test
  void missingFunctionsAreNamed() {
    fakeDriver.remove("cuGraphLaunch");
    assertThatThrownBy(() -> new Driver(fakeDriver))
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("the CUDA driver has no function cuGraphLaunch");
  }

  @Test
  void algorithmsAreReadFromTheStructsOfC() {
    assertThat(new Cudnn(fakeCudnn).getConvolutionForwardAlgorithm(1, 2, 3, 4, 5, 8))
        .containsExactly(
            new CudnnAlgorithm(FakeCudnn.ALGORITHM, 0, FakeCudnn.WORKSPACE, true, Cudnn.FMA_MATH));
  }

  @Test
  void scalarsArePassedByAddress() {
    float[] seen = new float[2];
    fakeCublas.on(
        "cublasSgemm_v2",
        call -> {
          seen[0] = call.floatBehind(6);
          seen[1] = call.floatBehind(11);
          return 0;
        });
    Cublas cublas = new Cublas(fakeCublas);
    cublas.sgemm(1, 0, 1, 2, 3, 4, 1, 5, 6, 7, 8, 0, 9, 10);
    assertThat(seen).containsExactly(1, 0);
    cublas.sgemm(1, 0, 1, 2, 3, 4, 0.25f, 5, 6, 7, 8, -3, 9, 10);
    assertThat(seen).containsExactly(0.25f, -3);
  }
}
