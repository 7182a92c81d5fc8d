package dev.thumbnet.engine.backend.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The fake stream does nothing before somebody waits, so buffers written too early show. */
class StagingRingTest {
  private static final int PIECE = 100;
  private static final int LENGTH = 1234;

  private final FakeCuda cuda = new FakeCuda();
  private final CudaRuntime runtime = cuda.runtime();
  private final StagingRing staging = new StagingRing(runtime.driver(), runtime.stream(), PIECE);
  private final long device = runtime.memory().allocate(4 * LENGTH);

  @AfterEach
  void close() {
    runtime.synchronize();
    staging.close();
    cuda.close();
  }

  private float[] onDevice(int length) {
    cuda.driver.drain();
    return cuda.driver.device(device, 4L * length).toArray(ValueLayout.JAVA_FLOAT);
  }

  private static float[] numbers(int length, int first) {
    float[] numbers = new float[length];
    for (int i = 0; i < length; i++) {
      numbers[i] = first + i;
    }
    return numbers;
  }

  @Test
  void uploadsDoNotWait() {
    float[] source = numbers(50, 0);
    for (int i = 0; i < 4; i++) {
      staging.upload(source, 0, device, 50);
    }
    assertThat(cuda.names()).doesNotContain("cuStreamSynchronize", "cuEventSynchronize");
    source[0] = -1; // the source may change as soon as the call returns
    assertThat(onDevice(50)).isEqualTo(numbers(50, 0));
  }

  @Test
  void aBufferIsWrittenAgainOnlyAfterItsEvent() {
    long[] devices = new long[11];
    for (int i = 0; i < devices.length; i++) {
      devices[i] = runtime.memory().allocate(4 * PIECE);
      staging.upload(numbers(PIECE, 1000 * i), 0, devices[i], PIECE);
    }
    assertThat(cuda.calls("cuEventSynchronize")).hasSize(7);
    cuda.driver.drain();
    for (int i = 0; i < devices.length; i++) {
      assertThat(cuda.driver.device(devices[i], 4L * PIECE).toArray(ValueLayout.JAVA_FLOAT))
          .isEqualTo(numbers(PIECE, 1000 * i));
    }
  }

  @Test
  void longArraysGoInPieces() {
    staging.upload(numbers(LENGTH + 10, 0), 7, device, LENGTH);
    assertThat(cuda.calls("cuMemcpyHtoDAsync_v2")).hasSize(13);
    assertThat(onDevice(LENGTH)).isEqualTo(numbers(LENGTH, 7));
    float[] back = new float[LENGTH + 5];
    staging.download(device, back, 3, LENGTH);
    assertThat(back).startsWith(0, 0, 0, 7, 8).endsWith(7 + LENGTH - 2, 7 + LENGTH - 1, 0, 0);
  }

  @Test
  void downloadsComeAfterWhatWasQueued() {
    float[] back = new float[PIECE];
    staging.upload(numbers(PIECE, 0), 0, device, PIECE);
    runtime.driver().memcpyDtoDAsync(device, device + 4 * 50, 4 * 3, runtime.stream());
    staging.download(device, back, 0, PIECE);
    assertThat(back).startsWith(50, 51, 52, 3, 4);
  }

  @Test
  void doublesBecomeFloats() {
    staging.upload(new double[] {9, 1e-3, -2}, 1, device, 2);
    assertThat(onDevice(2)).containsExactly(1e-3f, -2);
    double[] back = new double[4];
    staging.download(device, back, 1, 2);
    assertThat(back).containsExactly(0, 1e-3f, -2, 0);
  }

  @Test
  void intsStayInts() {
    staging.upload(new int[] {5, -6, 1 << 30}, 0, device, 3);
    cuda.driver.drain();
    assertThat(cuda.driver.device(device, 12).toArray(ValueLayout.JAVA_INT))
        .containsExactly(5, -6, 1 << 30);
  }

  @Test
  void buffersGrowAndAreFreed() {
    StagingRing large = new StagingRing(runtime.driver(), runtime.stream());
    long target = runtime.memory().allocate(4 * 50_000);
    for (int length : new int[] {1, 1, 1, 1, 50_000, 1}) {
      large.upload(numbers(length, 0), 0, target, length);
    }
    assertThat(cuda.calls("cuMemHostAlloc"))
        .extracting(call -> call.longAt(1))
        .containsExactly(65_536L, 65_536L, 65_536L, 65_536L, 262_144L);
    assertThat(cuda.calls("cuMemFreeHost")).hasSize(1);
    runtime.synchronize();
    large.close();
    assertThat(cuda.calls("cuMemFreeHost")).hasSize(5);
    assertThat(Collections.frequency(cuda.driver.left(), "event")).isZero();
  }

  @Test
  void nothingIsAskedForNothing() {
    cuda.forgetCalls();
    staging.upload(new float[0], 0, device, 0);
    staging.download(device, new float[3], 3, 0);
    assertThat(cuda.calls()).isEmpty();
  }

  @Test
  void refusesRangesBeyondTheArray() {
    cuda.forgetCalls();
    for (Runnable wrong :
        List.<Runnable>of(
            () -> staging.upload(new float[3], 1, device, 3),
            () -> staging.upload(new double[3], -1, device, 1),
            () -> staging.upload(new int[3], 0, device, 4),
            () -> staging.download(device, new float[3], 3, 1),
            () -> staging.download(device, new double[3], 0, -1))) {
      assertThatThrownBy(wrong::run).isInstanceOf(IndexOutOfBoundsException.class);
    }
    assertThat(cuda.calls()).isEmpty();
  }
}
