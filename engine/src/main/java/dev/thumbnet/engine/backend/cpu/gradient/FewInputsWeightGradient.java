package dev.thumbnet.engine.backend.cpu.gradient;

import dev.thumbnet.engine.backend.cpu.conv.Halo;
import dev.thumbnet.engine.backend.cpu.kernel.TileKernels;
import dev.thumbnet.engine.backend.cpu.runtime.BufferPool;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.cpu.runtime.WorkerPool;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;

/**
 * Gradient for the weights of a convolution from a few channels, such as the first of a network: a
 * tile that takes the three channels of one kernel element would be half empty, but in NHWC those
 * of a kernel row are neighbours, 21 floats for 7 elements of 3 channels. So a kernel row is
 * treated as one element of many channels. For that all windows must be whole: the picture gets a
 * frame of zeros.
 */
public final class FewInputsWeightGradient implements WeightGradient {
  private final DirectWeightGradient direct;
  private final int lanes;
  private final BufferPool buffers;
  private final WorkerPool workers;

  public FewInputsWeightGradient(TileKernels tiles, BufferPool buffers, WorkerPool workers) {
    this.direct = new DirectWeightGradient(tiles, buffers, workers);
    int[] widths = tiles.widths();
    this.lanes = widths[widths.length - 1];
    this.buffers = buffers;
    this.workers = workers;
  }

  @Override
  public String name() {
    return "few-channels";
  }

  @Override
  public boolean accepts(Conv2dProblem p) {
    return p.groups() == 1 && p.dilationW() == 1 && p.c() < lanes && p.kw() > 1;
  }

  @Override
  public void run(Conv2dProblem p, CpuStorage x, CpuStorage dy, CpuStorage dWeight) {
    Halo.Frame frame = Halo.Frame.of(p.pad());
    try (Halo halo = Halo.copy(x, p.n(), p.h(), p.w(), p.c(), frame, 0, buffers, workers)) {
      Conv2dProblem framed =
          new Conv2dProblem(
              p.n(),
              halo.h,
              halo.w,
              p.c(),
              p.k(),
              p.kh(),
              p.kw(),
              p.strideH(),
              p.strideW(),
              0,
              0,
              p.dilationH(),
              1,
              1);
      direct.run(framed, halo.array, 0, dy, true, dWeight);
    }
  }
}
