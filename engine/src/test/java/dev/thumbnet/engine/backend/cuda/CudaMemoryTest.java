package dev.thumbnet.engine.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.backend.CudaPrecision;
import dev.thumbnet.engine.backend.DeviceException;
import dev.thumbnet.engine.backend.Storage;
import dev.thumbnet.engine.backend.cuda.driver.DeviceMemory;
import dev.thumbnet.engine.backend.problem.BatchNormProblem;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.testing.Gpu;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Memory of a real GPU. */
class CudaMemoryTest {
  @Test
  void stepsLeakNothing() {
    try (CudaBackend backend = Gpu.open(CudaPrecision.BF16)) {
      long inUse = 0;
      long cached = 0;
      for (int i = 0; i < 1000; i++) {
        step(backend);
        DeviceMemory memory = backend.queue().runtime().memory();
        if (i == 2) {
          inUse = memory.inUse();
          cached = memory.cached();
        } else if (i > 2) {
          assertThat(memory.inUse()).isEqualTo(inUse);
          assertThat(memory.cached()).isEqualTo(cached);
        }
      }
    }
  }

  /** A convolution and its gradients, of which some are converted. */
  private static void step(CudaBackend backend) {
    Conv2dProblem p = Conv2dProblem.of(4, 14, 14, 32, 32, 3, 1, 1);
    BatchNormProblem norm = new BatchNormProblem(4 * 14 * 14, 32, 1e-5, true);
    List<Storage> storages = new ArrayList<>();
    for (int length :
        new int[] {
          p.inputSize(),
          p.weightSize(),
          p.outputSize(),
          32,
          32,
          32,
          32,
          p.outputSize(),
          p.inputSize(),
          p.weightSize()
        }) {
      Storage storage = backend.allocate(length);
      backend.fill(storage, length, 0.01);
      storages.add(storage);
    }
    Storage x = storages.get(0);
    Storage w = storages.get(1);
    Storage y = storages.get(2);
    Storage z = storages.get(7);
    backend.conv2d(p, x, w, storages.get(3), y);
    backend.batchNormTrain(
        norm, y, storages.get(3), storages.get(4), storages.get(5), storages.get(6), z);
    backend.conv2dBackwardData(p, z, w, storages.get(8));
    backend.conv2dBackwardWeights(p, x, z, storages.get(9));
    storages.forEach(backend::release);
  }

  @Test
  void aFullDeviceIsAnErrorAndNoEnd() {
    try (CudaBackend backend = Gpu.open(CudaPrecision.F32)) {
      List<Storage> all = new ArrayList<>();
      assertThatThrownBy(
              () -> {
                while (true) {
                  all.add(backend.allocate(Integer.MAX_VALUE - 64));
                }
              })
          .isInstanceOf(DeviceException.class)
          .hasMessageContaining("memory");
      all.forEach(backend::release);
      Storage x = backend.allocate(3);
      backend.fill(x, 3, 1);
      backend.affine(3, 2, x, 1, x);
      float[] values = new float[3];
      backend.download(x, 0, values, 0, 3);
      assertThat(values).containsExactly(3, 3, 3);
    }
  }
}
