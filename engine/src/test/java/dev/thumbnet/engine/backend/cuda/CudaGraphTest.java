package dev.thumbnet.engine.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.backend.DeviceException;
import dev.thumbnet.engine.backend.cuda.driver.CudaGraph;
import dev.thumbnet.engine.backend.cuda.driver.CudaRuntime;
import dev.thumbnet.engine.backend.cuda.driver.DeviceMemory;
import dev.thumbnet.engine.backend.cuda.driver.FakeCuda;
import dev.thumbnet.engine.backend.cuda.driver.FakeDriver;
import dev.thumbnet.engine.backend.cuda.driver.KernelModule;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A recorded graph repeats its steps in order and owns all memory that they use. */
class CudaGraphTest {
  private static final String PTX =
      """
      .visible .entry increment(.param .u64 x) { ret; }
      .visible .entry twice(.param .u64 x) { ret; }
      """;

  private final FakeCuda cuda = new FakeCuda();
  private final CudaRuntime runtime = cuda.runtime();
  private final KernelModule module = new KernelModule(runtime, PTX);
  private final long x = runtime.memory().allocate(4);

  @BeforeEach
  void kernels() {
    cuda.driver.kernel("increment", launch -> set(launch, number(launch) + 1));
    cuda.driver.kernel("twice", launch -> set(launch, number(launch) * 2));
    runtime.staging().upload(new float[] {1}, 0, x, 1);
  }

  @AfterEach
  void close() {
    module.close();
    cuda.close();
  }

  private float number(FakeDriver.Launch launch) {
    return cuda.driver.device(launch.arguments().getFirst(), 4).get(ValueLayout.JAVA_FLOAT, 0);
  }

  private void set(FakeDriver.Launch launch, float value) {
    cuda.driver.device(launch.arguments().getFirst(), 4).set(ValueLayout.JAVA_FLOAT, 0, value);
  }

  private float result() {
    runtime.synchronize();
    return cuda.driver.device(x, 4).get(ValueLayout.JAVA_FLOAT, 0);
  }

  private void steps() {
    module.launch("increment", 1L, x);
    module.launch("twice", 1L, x);
  }

  @Test
  void recordsWithoutRunningAndRunsInOrder() {
    try (CudaGraph graph = CudaGraph.capture(runtime, this::steps)) {
      assertThat(result()).isEqualTo(1);
      graph.run();
      assertThat(result()).isEqualTo(4);
      graph.run();
      graph.run();
      assertThat(result()).isEqualTo(22);
    }
    assertThat(cuda.names())
        .containsSubsequence(
            "cuStreamBeginCapture_v2",
            "cuLaunchKernel",
            "cuLaunchKernel",
            "cuStreamEndCapture",
            "cuGraphInstantiateWithFlags",
            "cuGraphDestroy",
            "cuGraphLaunch",
            "cuGraphLaunch",
            "cuGraphLaunch",
            "cuGraphExecDestroy");
    assertThat(cuda.driver.launches()).hasSize(2);
  }

  @Test
  void keepsItsTemporariesUntilItIsClosed() {
    DeviceMemory memory = runtime.memory();
    long[] temporary = new long[1];
    CudaGraph graph =
        CudaGraph.capture(
            runtime,
            () -> {
              temporary[0] = memory.allocate(1000);
              module.launch("increment", 1L, temporary[0]);
              memory.free(temporary[0]);
            });
    long other = memory.allocate(1000);
    assertThat(other).isNotEqualTo(temporary[0]);
    graph.run();
    graph.close();
    graph.close();
    assertThat(memory.allocate(1000)).isEqualTo(temporary[0]);
    assertThatThrownBy(graph::run).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void hasItsOwnWorkspace() {
    long outside = runtime.workspace(1000);
    long[] inside = new long[2];
    CudaGraph graph =
        CudaGraph.capture(
            runtime,
            () -> {
              inside[0] = runtime.workspace(900);
              inside[1] = runtime.workspace(100_000);
            });
    assertThat(inside[0]).isNotEqualTo(outside);
    assertThat(runtime.workspace(1000)).isEqualTo(outside);
    // Growing outside must not hand out what the graph uses.
    assertThat(runtime.workspace(100_000)).isNotIn(inside[0], inside[1]);
    graph.close();
    assertThat(runtime.memory().allocate(100_000)).isEqualTo(inside[1]);
  }

  @Test
  void refusesToWaitOrToCopyWhileItRecords() {
    for (Runnable step : new Runnable[] {runtime::staging, runtime::synchronize}) {
      assertThatThrownBy(() -> CudaGraph.capture(runtime, step))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("while a graph is recorded");
      assertThat(runtime.capturing()).isFalse();
    }
    assertThatThrownBy(
            () -> CudaGraph.capture(runtime, () -> CudaGraph.capture(runtime, this::steps)))
        .isInstanceOf(IllegalStateException.class);
    assertThat(result()).isEqualTo(1);
  }

  @Test
  void failedStepsLeaveNothingBehind() {
    assertThatThrownBy(
            () ->
                CudaGraph.capture(
                    runtime,
                    () -> {
                      runtime.memory().free(runtime.memory().allocate(1000));
                      steps();
                      throw new IllegalStateException("mine");
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("mine")
        .hasNoSuppressedExceptions();
    assertThat(runtime.memory().cached()).isEqualTo(1024);
    steps();
    assertThat(result()).isEqualTo(4);
  }

  @Test
  void failedFunctionsLeaveNothingBehind() {
    for (String function :
        new String[] {"cuStreamBeginCapture_v2", "cuGraphInstantiateWithFlags", "cuLaunchKernel"}) {
      cuda.driver.fail(function, 0, FakeDriver.INVALID_VALUE);
      assertThatThrownBy(() -> CudaGraph.capture(runtime, this::steps))
          .isInstanceOf(DeviceException.class)
          .hasMessageContaining(function);
      assertThat(runtime.capturing()).isFalse();
    }
    try (CudaGraph graph = CudaGraph.capture(runtime, this::steps)) {
      graph.run();
      assertThat(result()).isEqualTo(4);
    }
  }
}
