package dev.thumbnet.engine.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.engine.backend.Backend;
import dev.thumbnet.engine.backend.contract.ConvTrials;
import dev.thumbnet.engine.backend.contract.Trial;
import dev.thumbnet.engine.backend.contract.Trials;
import dev.thumbnet.engine.backend.cpu.conv.ConvolutionAlgorithm;
import dev.thumbnet.engine.backend.cpu.conv.Direction;
import dev.thumbnet.engine.backend.cpu.kernel.Kernels;
import dev.thumbnet.engine.backend.cpu.runtime.BufferPool;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.cpu.runtime.WorkerPool;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.testing.Close;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * The recipe "Adding a kernel" of ARCHITECTURE.md, followed with a toy: an algorithm in the list
 * before the others is chosen where it accepts, serves plans too, and stands the contract.
 */
class KernelRecipeTest {
  private static final Conv2dProblem ITS_OWN = Conv2dProblem.parse("n2 h9 w7 c33 k17 r1 s1");
  private static final Conv2dProblem OF_OTHERS = Conv2dProblem.parse("n2 h9 w7 c5 k7 r3 s3 p1");

  /** Each pixel's row times the matrix of the weights, by plain loops: for 1x1 kernels. */
  private static final class PixelByPixel implements ConvolutionAlgorithm {
    private final WorkerPool workers;
    private final AtomicInteger runs = new AtomicInteger();

    PixelByPixel(WorkerPool workers) {
      this.workers = workers;
    }

    @Override
    public String name() {
      return "toy";
    }

    @Override
    public boolean accepts(Direction c) {
      Conv2dProblem p = c.problem;
      return p.equals(Conv2dProblem.of(p.n(), p.h(), p.w(), p.c(), p.k(), 1, 1, 0));
    }

    @Override
    public void run(Direction c, CpuStorage x, CpuStorage weight, CpuStorage bias, CpuStorage y) {
      runs.incrementAndGet();
      workers.run(c.n * c.outH * c.outW, pixel -> pixel(c, pixel, x, weight, bias, y));
    }

    private static void pixel(
        Direction c, int pixel, CpuStorage x, CpuStorage weight, CpuStorage bias, CpuStorage y) {
      int from = x.offset + pixel * c.inC;
      for (int o = 0; o < c.outC; o++) {
        float sum = bias == null ? 0 : bias.array[bias.offset + o];
        int w = weight.offset + o * c.weightStepOut();
        for (int i = 0; i < c.inC; i++) {
          sum = Math.fma(x.array[from + i], weight.array[w + i * c.weightStepIn()], sum);
        }
        y.array[y.offset + pixel * c.outC + o] = sum;
      }
    }
  }

  private final BufferPool buffers = new BufferPool(0);

  /** Makes the usual list with the toy in front. */
  private Convolutions convolutions(WorkerPool workers) {
    Kernels kernels = Kernels.scalar();
    List<ConvolutionAlgorithm> list = new ArrayList<>();
    list.add(new PixelByPixel(workers));
    list.addAll(Convolutions.algorithms(kernels, buffers, workers, true));
    return new Convolutions(
        kernels.tiles(),
        buffers,
        list,
        Convolutions.weightGradients(kernels, buffers, workers, true));
  }

  private Backend backend(int threads) {
    WorkerPool workers = new WorkerPool(threads);
    Kernels kernels = Kernels.scalar();
    return new CpuBackend(
        kernels,
        buffers,
        workers,
        new CpuPrimitives(kernels, buffers, workers, convolutions(workers)));
  }

  @Test
  void theFirstThatAcceptsIsChosen() {
    Convolutions convolutions = convolutions(new WorkerPool(1));
    assertThat(convolutions.describe(ITS_OWN)).contains("forward toy, backward data toy,");
    assertThat(convolutions.describe(OF_OTHERS)).doesNotContain("toy");
    assertThat(convolutions.accepting(Direction.forward(ITS_OWN)))
        .extracting(ConvolutionAlgorithm::name)
        .startsWith("toy")
        .endsWith("direct");
  }

  @Test
  void standsTheContract() {
    try (Backend backend = backend(2)) {
      for (int seed = 0; seed < 8; seed++) {
        ConvTrials.conv2d(ITS_OWN, seed).forEach(t -> t.check(backend));
      }
      ConvTrials.conv2d(OF_OTHERS, 1).forEach(t -> t.check(backend));
      Trials.everything().forEach(t -> t.check(backend));
    }
  }

  @Test
  void givesTheSameBitsForAnyNumberOfThreads() {
    for (Trial trial : ConvTrials.conv2d(ITS_OWN, 6)) {
      double[][] first = null;
      for (int threads = 1; threads <= 3; threads++) {
        try (Backend backend = backend(threads)) {
          double[][] result = trial.run(backend);
          first = first == null ? result : first;
          Close.assertSameBits(trial + " with " + threads + " threads", first[0], result[0]);
        }
      }
    }
  }

  @Test
  void canBeForcedByItsName() {
    PixelByPixel toy = (PixelByPixel) convolutions(new WorkerPool(1)).named("toy");
    CpuStorage one = new CpuStorage(buffers, new float[] {2, 3}, 0, 2);
    CpuStorage y = new CpuStorage(buffers, new float[2], 0, 2);
    Conv2dProblem p = Conv2dProblem.of(1, 1, 2, 1, 1, 1, 1, 0);
    toy.run(Direction.forward(p), one, new CpuStorage(buffers, new float[] {5}, 0, 1), null, y);
    assertThat(y.array).containsExactly(10, 15);
    assertThat(toy.runs).hasValue(1);
  }
}
