package dev.thumbnet.engine.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.backend.CudaPrecision;
import dev.thumbnet.engine.backend.DeviceException;
import dev.thumbnet.engine.backend.GpuDescription;
import dev.thumbnet.engine.backend.Storage;
import dev.thumbnet.engine.backend.cuda.HostCuda.Support;
import dev.thumbnet.engine.backend.cuda.driver.FakeDriver;
import dev.thumbnet.engine.backend.problem.AxisProblem;
import dev.thumbnet.engine.backend.problem.BatchNormProblem;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.backend.problem.SgdStep;
import dev.thumbnet.engine.backend.problem.Unary;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the contract of backends does not speak of: element types, recordings, memory. */
class CudaBackendTest {
  private HostCuda host;
  private CudaBackend backend;

  private void open(CudaPrecision precision) {
    host = HostCuda.of(precision, Support.FULL);
    backend = host.backend();
  }

  @AfterEach
  void close() {
    if (host != null) {
      host.close();
    }
  }

  private Storage put(double... values) {
    Storage storage = backend.allocate(values.length);
    backend.upload(values, 0, storage, 0, values.length);
    return storage;
  }

  /** Returns values as bfloat16: a convolution with a single one writes them. */
  private Storage bf16(double... values) {
    Storage bf16 = backend.allocate(values.length);
    Conv2dProblem p = Conv2dProblem.of(1, 1, values.length, 1, 1, 1, 1, 0);
    backend.conv2d(p, put(values), put(1), null, bf16);
    assertThat(type(bf16)).isEqualTo(ElementType.BF16);
    return bf16;
  }

  private double[] get(Storage storage) {
    double[] values = new double[storage.length()];
    backend.download(storage, 0, values, 0, values.length);
    return values;
  }

  private static ElementType type(Storage storage) {
    return ((CudaStorage) storage).element();
  }

  // ---------------------------------------------------------------- element types

  @Test
  void onlyThePrecisionOfSixteenBitsHasElementsOfSixteenBits() {
    open(CudaPrecision.TF32);
    Storage y = backend.allocate(2);
    backend.conv2d(Conv2dProblem.of(1, 1, 2, 1, 1, 1, 1, 0), put(1.00390625, 3), put(1), null, y);
    assertThat(type(y)).isEqualTo(ElementType.F32);
    assertThat(get(y)).containsExactly(1.00390625, 3);
  }

  @Test
  void roundsToNearestEven() {
    open(CudaPrecision.BF16);
    Storage y = bf16(1.00390625, 1.01171875, 1, -3.5, Double.NaN, Double.POSITIVE_INFINITY);
    assertThat(get(y)).containsExactly(1, 1.015625, 1, -3.5, Double.NaN, Double.POSITIVE_INFINITY);
  }

  @Test
  void functionsAndGradientsHaveTheTypeOfTheActivation() {
    open(CudaPrecision.BF16);
    Storage x = bf16(-1, 2, 3, 4, 5);
    Storage y = backend.allocate(5);
    backend.unary(Unary.RELU, 5, x, y);
    assertThat(type(y)).isEqualTo(ElementType.BF16);
    assertThat(get(y)).containsExactly(0, 2, 3, 4, 5);
    Storage dx = backend.allocate(5);
    backend.unaryBackward(Unary.RELU, 5, null, y, put(1, 2, 3, 4, 5), dx);
    assertThat(type(dx)).isEqualTo(ElementType.BF16);
    assertThat(get(dx)).containsExactly(0, 2, 3, 4, 5);
  }

  @Test
  void sumsOfBothTypesAreExact() {
    open(CudaPrecision.BF16);
    Storage sum = backend.allocate(3);
    backend.linearCombination(3, 1, bf16(1, 2, 4), 1, put(0.001, 0.002, 0.004), sum);
    assertThat(type(sum)).isEqualTo(ElementType.F32);
    assertThat(get(sum)[0]).isEqualTo((float) 1.001);
    Storage both = backend.allocate(3);
    backend.linearCombination(3, 1, bf16(1, 2, 4), 1, bf16(1, 1, 1), both);
    assertThat(type(both)).isEqualTo(ElementType.BF16);
    assertThat(get(both)).containsExactly(2, 3, 5);
  }

  @Test
  void reductionsAreFloats() {
    open(CudaPrecision.BF16);
    double[] values = new double[3000];
    Arrays.fill(values, 1.5);
    Storage sum = backend.allocate(3);
    backend.sum(new AxisProblem(1, 1000, 3), 0.5, bf16(values), sum);
    assertThat(type(sum)).isEqualTo(ElementType.F32);
    assertThat(get(sum)).containsExactly(750, 750, 750);
  }

  @Test
  void worksInPlaceAcrossTypes() {
    open(CudaPrecision.BF16);
    Storage a = bf16(1, 2, 3);
    backend.linearCombination(3, 2, a, 1, put(0.25, 0.5, 0.75), a);
    assertThat(get(a)).containsExactly(2.25, 4.5, 6.75);
    Storage b = put(4, 5, 6);
    backend.multiply(3, bf16(2, 2, 2), b, b);
    assertThat(get(b)).containsExactly(8, 10, 12);
  }

  @Test
  void writingAPartKeepsTheRest() {
    open(CudaPrecision.BF16);
    Storage a = bf16(1, 2, 3, 4, 5);
    backend.upload(new float[] {9.001f}, 0, a, 2, 1);
    assertThat(get(a)).containsExactly(1, 2, 9.001f, 4, 5);
    Storage b = bf16(1, 2, 3, 4, 5);
    backend.fill(b, 2, 7);
    assertThat(get(b)).containsExactly(7, 7, 3, 4, 5);
    Storage c = bf16(1, 2, 3, 4, 5);
    backend.copyRows(2, 1, put(0.001, 0.002), 0, 1, c, 1, 2);
    assertThat(get(c)).containsExactly(1, 0.001f, 3, 0.002f, 5);
    backend.sgd(new SgdStep(1, 0, 0, false), 1, b, put(3.5), null);
    assertThat(get(b)).containsExactly(3.5, 7, 3, 4, 5);
  }

  @Test
  void concatenationKeepsTheTypeIfItCan() {
    open(CudaPrecision.BF16);
    Storage pairs = backend.allocate(4);
    backend.copyRows(2, 1, bf16(1, 2), 0, 1, pairs, 0, 2);
    backend.copyRows(2, 1, bf16(3, 4), 0, 1, pairs, 1, 2);
    assertThat(type(pairs)).isEqualTo(ElementType.BF16);
    assertThat(get(pairs)).containsExactly(1, 3, 2, 4);
    Storage mixed = backend.allocate(4);
    backend.copyRows(2, 1, bf16(1, 2), 0, 1, mixed, 0, 2);
    backend.copyRows(2, 1, put(0.001, 0.002), 0, 1, mixed, 1, 2);
    assertThat(get(mixed)).containsExactly(1, 0.001f, 2, 0.002f);
    Storage copy = backend.allocate(3);
    backend.copyRows(1, 3, pairs, 1, 0, copy, 0, 0);
    assertThat(type(copy)).isEqualTo(ElementType.BF16);
    assertThat(get(copy)).containsExactly(3, 2, 4);
  }

  @Test
  void statisticsOfHalvesAreFloats() {
    open(CudaPrecision.BF16);
    BatchNormProblem p = new BatchNormProblem(4, 1, 0, true);
    Storage x = bf16(1, 2, 3, 4);
    Storage y = backend.allocate(4);
    Storage mean = backend.allocate(1);
    Storage variance = backend.allocate(1);
    backend.batchNormTrain(p, x, put(1), put(0), mean, variance, y);
    assertThat(get(mean)).containsExactly(2.5);
    assertThat(get(variance)).containsExactly(1.25);
    assertThat(type(y)).isEqualTo(ElementType.BF16);
    Storage dx = backend.allocate(4);
    Storage dGamma = backend.allocate(1);
    Storage dBeta = backend.allocate(1);
    backend.batchNormBackward(
        p, true, x, y, put(1, 1, 1, 1), put(1), mean, variance, dx, dGamma, dBeta);
    assertThat(type(dx)).isEqualTo(ElementType.BF16);
    assertThat(get(dBeta)).containsExactly(2);
  }

  // ---------------------------------------------------------------- recordings

  @Test
  void replaysWhatWasRecorded() {
    open(CudaPrecision.F32);
    Storage x = put(1, 2, 3);
    Storage y = backend.allocate(3);
    Runnable steps =
        backend.record(
            () -> {
              Storage square = backend.allocate(3);
              backend.multiply(3, x, x, square);
              backend.affine(3, 2, square, 1, y);
              backend.release(square);
            });
    for (int run = 1; run < 6; run++) {
      backend.upload(new double[] {run, 2, 3}, 0, x, 0, 3);
      int launches = host.cuda().driver.launches().size();
      steps.run();
      // Nobody else may get the memory that the steps use between.
      Storage other = put(-1, -1, -1);
      assertThat(get(y)).containsExactly(2 * run * run + 1, 9, 19);
      backend.release(other);
      assertThat(host.cuda().driver.launches().size() - launches).isEqualTo(run < 3 ? 2 : 0);
    }
    assertThat(host.cuda().calls("cuGraphLaunch")).hasSize(4);
  }

  @Test
  void aRecordingUpdatesInPlaceOnceEachRun() {
    open(CudaPrecision.F32);
    Storage weight = put(10);
    Storage gradient = put(1);
    Runnable step =
        backend.record(() -> backend.sgd(new SgdStep(0.5, 0, 0, false), 1, weight, gradient, null));
    for (int run = 0; run < 5; run++) {
      step.run();
    }
    assertThat(get(weight)).containsExactly(7.5);
  }

  @Test
  void aRecordingRestoresElementTypes() {
    open(CudaPrecision.BF16);
    Storage x = put(1, 2, 3);
    Storage y = backend.allocate(3);
    Storage z = backend.allocate(3);
    Storage x2 = bf16(5, 6, 7);
    // From the second run on, between runs y and x2 become floats.
    Runnable steps =
        backend.record(
            () -> {
              backend.linearCombination(3, 1, x, 1, x2, z);
              backend.copyRows(1, 3, x2, 0, 0, y, 0, 0);
            });
    for (int run = 1; run < 5; run++) {
      steps.run();
      assertThat(get(z)).containsExactly(6, 8, 10);
      assertThat(type(y)).isEqualTo(ElementType.BF16);
      assertThat(get(y)).containsExactly(5, 6, 7);
      if (run >= 2) {
        backend.upload(new double[] {run, run, run}, 0, y, 0, 3);
        backend.upload(new double[] {5, 6, 7}, 0, x2, 0, 3);
      }
    }
  }

  @Test
  void aRecordingNoticesReleasedStorages() {
    open(CudaPrecision.F32);
    Storage x = put(1);
    Runnable steps = backend.record(() -> backend.affine(1, 2, x, 0, x));
    steps.run();
    steps.run();
    assertThat(get(x)).containsExactly(4);
    backend.release(x);
    assertThatThrownBy(steps::run)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("released");
  }

  @Test
  void copiesFromTheHostCannotBeRecorded() {
    open(CudaPrecision.F32);
    Storage x = put(1);
    Runnable steps = backend.record(() -> backend.upload(new float[] {3}, 0, x, 0, 1));
    steps.run();
    assertThatThrownBy(steps::run).isInstanceOf(IllegalStateException.class);
    backend.affine(1, 2, x, 1, x);
    assertThat(get(x)).containsExactly(7);
  }

  @Test
  void repeatsWhatCannotBeCaptured() {
    open(CudaPrecision.F32);
    Storage x = put(1);
    Runnable steps = backend.record(() -> backend.affine(1, 2, x, 0, x));
    host.cuda().driver.fail("cuGraphInstantiateWithFlags", 0, FakeDriver.INVALID_VALUE);
    for (int run = 0; run < 4; run++) {
      steps.run();
    }
    assertThat(get(x)).containsExactly(16);
    assertThat(host.cuda().calls("cuGraphLaunch")).isEmpty();
  }

  @Test
  void recordingsMayBeNested() {
    open(CudaPrecision.F32);
    Storage x = put(1);
    Runnable inner = backend.record(() -> backend.affine(1, 2, x, 0, x));
    Runnable outer =
        backend.record(
            () -> {
              inner.run();
              backend.affine(1, 1, x, 1, x);
            });
    for (int run = 0; run < 4; run++) {
      outer.run();
    }
    assertThat(get(x)).containsExactly(31);
  }

  // ---------------------------------------------------------------- memory

  @Test
  void forgottenStoragesAreReused() throws InterruptedException {
    open(CudaPrecision.F32);
    long before = host.cuda().runtime().memory().inUse();
    for (int i = 0; i < 100; i++) {
      backend.fill(backend.allocate(1000), 1000, i);
    }
    Instant deadline = Instant.now().plus(Duration.ofSeconds(20));
    while (host.cuda().runtime().memory().inUse() > before + 20 * 4096) {
      assertThat(Instant.now()).isBefore(deadline);
      System.gc();
      Thread.sleep(10);
      backend.release(backend.allocate(1));
    }
  }

  @Test
  void stepsLeakNothing() {
    open(CudaPrecision.BF16);
    Storage x = bf16(1, 2, 3);
    Storage one = put(1, 1, 1);
    long before = host.cuda().runtime().memory().inUse();
    for (int i = 0; i < 1000; i++) {
      Storage y = backend.allocate(3);
      backend.linearCombination(3, 1, x, 1, one, y);
      backend.release(y);
    }
    // Less is possible: what bf16() left may be collected meanwhile.
    assertThat(host.cuda().runtime().memory().inUse()).isLessThanOrEqualTo(before);
  }

  @Test
  void aFullDeviceIsAnErrorAndNoEnd() {
    open(CudaPrecision.F32);
    Storage x = put(1, 2, 3);
    host.cuda().driver.limit(host.cuda().driver.allocated() + (8 << 20));
    assertThatThrownBy(() -> backend.allocate(16 << 20))
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("memory");
    Storage y = backend.allocate(3);
    backend.affine(3, 2, x, 0, y);
    assertThat(get(y)).containsExactly(2, 4, 6);
  }

  @Test
  void storagesMayBeReleasedAfterTheEnd() {
    open(CudaPrecision.F32);
    Storage x = put(1);
    Storage y = put(1);
    backend.close();
    backend.close();
    assertThatCode(() -> backend.release(x)).doesNotThrowAnyException();
    assertThatThrownBy(() -> backend.fill(y, 1, 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void tellsWhatItIs() {
    open(CudaPrecision.TF32);
    assertThat(backend.name()).isEqualTo("cuda");
    assertThat(backend.describe()).startsWith("cuda: ").contains("Fake GPU").endsWith("TF32");
    GpuDescription gpu = backend.gpu().orElseThrow();
    assertThat(gpu.card()).isEqualTo("Fake GPU, compute capability 9.0, 4 multiprocessors");
    assertThat(gpu.software()).containsExactly("CUDA 13.0", "cuDNN 9.24.0", "cuBLAS 13.1.1");
  }
}
