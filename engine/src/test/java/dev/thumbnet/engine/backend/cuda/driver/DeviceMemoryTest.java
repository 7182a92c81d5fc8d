package dev.thumbnet.engine.backend.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.backend.DeviceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Memory of the device is used again by its size class, is lost nowhere, and runs out with a clear
 * message.
 */
class DeviceMemoryTest {
  private static final long MIB = 1 << 20;

  private final FakeCuda cuda = new FakeCuda();
  private final DeviceMemory memory = cuda.runtime().memory();
  private final long before = memory.inUse(); // cuBLAS has a workspace

  @AfterEach
  void close() {
    cuda.close();
  }

  @Test
  void sizeClassesHoldTheBytesAndWasteLittle() {
    assertThat(DeviceMemory.sizeClass(0)).isEqualTo(512);
    assertThat(DeviceMemory.sizeClass(512)).isEqualTo(512);
    assertThat(DeviceMemory.sizeClass(513)).isEqualTo(1024);
    assertThat(DeviceMemory.sizeClass(MIB)).isEqualTo(MIB);
    assertThat(DeviceMemory.sizeClass(MIB + 1)).isEqualTo(MIB + MIB / 8);
    for (long bytes = 1; bytes < 1L << 40; bytes += 1 + bytes / 97) {
      long size = DeviceMemory.sizeClass(bytes);
      assertThat(size).isGreaterThanOrEqualTo(bytes);
      assertThat(size).isLessThanOrEqualTo(bytes + Math.max(511, bytes / 8));
      assertThat(DeviceMemory.sizeClass(size)).isEqualTo(size);
    }
    assertThatThrownBy(() -> memory.allocate(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void blocksServeTheirSizeClassAgain() {
    long a = memory.allocate(1000);
    long b = memory.allocate(1000);
    assertThat(a).isNotEqualTo(b);
    assertThat(memory.inUse() - before).isEqualTo(2048);
    memory.free(a);
    assertThat(memory.inUse() - before).isEqualTo(1024);
    assertThat(memory.cached()).isEqualTo(1024);
    assertThat(memory.allocate(2000)).isNotEqualTo(a);
    assertThat(memory.allocate(600)).isEqualTo(a);
    assertThat(memory.cached()).isZero();
  }

  @Test
  void neitherAllocatesNorWaitsWhenItRepeats() {
    memory.free(memory.allocate(5 * MIB));
    cuda.forgetCalls();
    for (int i = 0; i < 100; i++) {
      memory.free(memory.allocate(5 * MIB));
    }
    assertThat(cuda.calls()).isEmpty();
  }

  @Test
  void refusesWhatIsNotInUse() {
    long a = memory.allocate(100);
    memory.free(a);
    assertThatThrownBy(() -> memory.free(a))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("given back before");
    assertThatThrownBy(() -> memory.free(a + 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(Long.toHexString(a + 4));
    assertThat(memory.inUse()).isEqualTo(before);
  }

  @Test
  void trimGivesIdleBlocksBack() {
    long kept = memory.allocate(MIB);
    memory.free(memory.allocate(2 * MIB));
    memory.free(memory.allocate(3 * MIB));
    long used = cuda.driver.allocated();
    memory.trim();
    assertThat(cuda.driver.allocated()).isEqualTo(used - 5 * MIB);
    assertThat(memory.cached()).isZero();
    cuda.driver.device(kept, MIB);
    // The device may still be at work with them when they are given back.
    assertThat(cuda.names().indexOf("cuStreamSynchronize"))
        .isBetween(0, cuda.names().indexOf("cuMemFree_v2"));
  }

  @Test
  void idleBlocksMakeRoomForOthers() {
    cuda.driver.limit(cuda.driver.allocated() + 8 * MIB);
    memory.free(memory.allocate(6 * MIB));
    long big = memory.allocate(8 * MIB);
    assertThat(memory.cached()).isZero();
    memory.free(big);
  }

  @Test
  void tellsHowFullTheDeviceIsAndGoesOn() {
    cuda.driver.limit(cuda.driver.allocated() + 8 * MIB);
    long a = memory.allocate(4 * MIB);
    memory.free(memory.allocate(2 * MIB));
    assertThatThrownBy(() -> memory.allocate(5 * MIB))
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("out of memory: asked for 5 MiB, in use 36 MiB, cached 0 MiB")
        .hasMessageContaining("free 4 MiB of 40 MiB");
    memory.free(a);
    memory.free(memory.allocate(5 * MIB));
  }

  @Test
  void anotherFailureIsNotALackOfMemory() {
    cuda.driver.fail("cuMemAlloc_v2", 0, FakeDriver.ILLEGAL_ADDRESS);
    assertThatThrownBy(() -> memory.allocate(5 * MIB))
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("cuMemAlloc_v2 failed: CUDA_ERROR_ILLEGAL_ADDRESS (700)");
    assertThat(memory.inUse()).isEqualTo(before);
  }

  @Test
  void reservedBlocksServeNobodyElse() {
    long idle = memory.allocate(1000);
    memory.free(idle);
    DeviceMemory.Reservation reservation = memory.beginPrivate();
    long a = memory.allocate(1000);
    assertThat(a).isEqualTo(idle); // nobody needs it, so it is the reservation's now
    long b = memory.allocate(1000);
    memory.free(a);
    assertThat(memory.allocate(1000)).isEqualTo(a);
    memory.free(a);
    memory.endPrivate();

    assertThat(memory.cached()).isZero();
    long c = memory.allocate(1000);
    assertThat(c).isNotIn(a, b);
    memory.free(b);
    long d = memory.allocate(1000);
    assertThat(d).isNotIn(a, b, c);

    reservation.close();
    assertThat(memory.cached()).isEqualTo(2048);
    assertThat(Set.of(memory.allocate(1000), memory.allocate(1000))).isEqualTo(Set.of(a, b));
  }

  @Test
  void reservedBlocksInUseServeEverybodyAfterwards() {
    DeviceMemory.Reservation reservation = memory.beginPrivate();
    long result = memory.allocate(1000);
    memory.endPrivate();
    reservation.close();
    memory.free(result);
    assertThat(memory.allocate(1000)).isEqualTo(result);
  }

  @Test
  void recordingsDoNotNestAndDoNotWait() {
    memory.free(memory.allocate(1000));
    memory.beginPrivate();
    assertThatThrownBy(memory::beginPrivate).isInstanceOf(IllegalStateException.class);
    memory.trim();
    assertThat(cuda.names()).doesNotContain("cuStreamSynchronize");
    assertThat(memory.cached()).isEqualTo(1024);
    memory.endPrivate();
  }

  @Test
  void threadsShareIt() throws Exception {
    Set<Long> inUse = ConcurrentHashMap.newKeySet();
    List<Callable<Void>> workers = new ArrayList<>();
    for (int worker = 0; worker < 4; worker++) {
      Random random = new Random(worker);
      workers.add(
          () -> {
            for (int i = 0; i < 2000; i++) {
              long pointer = memory.allocate(random.nextInt(5000));
              assertThat(inUse.add(pointer)).isTrue();
              Thread.onSpinWait();
              inUse.remove(pointer);
              memory.free(pointer);
            }
            return null;
          });
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(workers.size())) {
      for (Future<Void> worker : threads.invokeAll(workers)) {
        worker.get();
      }
    }
    assertThat(memory.inUse()).isEqualTo(before);
    assertThat(memory.cached()).isLessThanOrEqualTo(4 * 10 * 5120);
  }

  @Test
  void closedWithTheDevice() {
    long forgotten = memory.allocate(1000);
    cuda.runtime().close();
    memory.free(forgotten); // by a cleaner, say
    assertThatThrownBy(() -> memory.allocate(1)).isInstanceOf(IllegalStateException.class);
  }
}
