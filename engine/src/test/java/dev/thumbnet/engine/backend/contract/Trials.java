package dev.thumbnet.engine.backend.contract;

import dev.thumbnet.engine.backend.problem.AxisProblem;
import dev.thumbnet.engine.backend.problem.BatchNormProblem;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.backend.problem.GatherProblem;
import dev.thumbnet.engine.backend.problem.GemmProblem;
import dev.thumbnet.engine.backend.problem.Indices;
import dev.thumbnet.engine.backend.problem.PoolProblem;
import dev.thumbnet.engine.backend.problem.ResizeProblem;
import dev.thumbnet.engine.backend.problem.TransposeProblem;
import java.util.ArrayList;
import java.util.List;

/** Trials of the whole backend. */
public final class Trials {
  private Trials() {}

  /** Every primitive once or more, on odd problems small enough for the reference. */
  public static List<Trial> everything() {
    List<Trial> trials = new ArrayList<>();
    trials.addAll(ElementTrials.elementwise(1021, 1));
    trials.addAll(ElementTrials.axis(new AxisProblem(3, 37, 33), 2));
    trials.addAll(ConvTrials.conv2d(Conv2dProblem.parse("n2 h9 w11 c5 k7 r3 s3 st2 p1"), 3));
    trials.addAll(ConvTrials.conv2d(Conv2dProblem.parse("n2 h9 w11 c33 k17 r3 s3 p1"), 4));
    trials.addAll(ConvTrials.gemm(new GemmProblem(19, 33, 65, false, true), 5));
    trials.addAll(NormTrials.batchNorm(new BatchNormProblem(101, 33, 1e-5, true), 0, 6));
    trials.addAll(SpatialTrials.pool(PoolProblem.parse("n2 h9 w11 c33 r3 s3 st2 p1"), 7));
    trials.addAll(
        SpatialTrials.resize(
            new ResizeProblem(2, 9, 11, 5, 4, 6, ResizeProblem.Filter.BICUBIC_ANTIALIAS), 8));
    TransposeProblem channelsFirst =
        TransposeProblem.of(new int[] {2, 9, 11, 5}, new int[] {0, 3, 1, 2});
    trials.add(SpatialTrials.transpose(channelsFirst, 11));
    Indices padded = Indices.of(Indices.NONE, 1, 0, 1, 2, 2);
    trials.addAll(SpatialTrials.gather(new GatherProblem(2, 3, 4, 5, padded, padded), 12));
    trials.addAll(NormTrials.softmax(7, 33, 5, 9));
    trials.addAll(ElementTrials.optimizers(1021, 10));
    return trials;
  }
}
