package dev.thumbnet.method;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.plan.Plan;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.pipeline.TrainedModel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a teacher T, which no longer changes, says of the pictures of a batch: features and logits,
 * as constants. They are worked out when they are first asked for, by T's compiled plan, and kept
 * until the next batch, so that any number of students that learn side by side share them. Each
 * student gets the same bits whether others ask, too, or not. For one thread.
 */
public final class TeacherAnswers {
  private final Classifier t;
  private final Device device;

  /** T's segments as one plan; none before the first batch. */
  private @Nullable Plan plan;

  private @Nullable Tensor pictures;
  private @Nullable Tensor features;
  private @Nullable Tensor logits;

  /**
   * Prepares to ask a teacher.
   *
   * @param teacher in evaluation mode, on full pictures
   */
  public TeacherAnswers(TrainedModel teacher) {
    this.t = teacher.network();
    this.device = teacher.device();
  }

  /**
   * Returns the features between T's segments.
   *
   * @param x (n, h, w, 3), normalised; a tensor that is not written to after it was first shown
   * @return (n, h/8, w/8, channels); valid until other pictures are shown
   */
  public Tensor features(Tensor x) {
    show(x);
    if (features == null) {
      features = plan(x).part(0).run(x).keep();
    }
    return features;
  }

  /**
   * Returns T's logits.
   *
   * @param x as for {@link #features}
   * @return (n, classes); valid until other pictures are shown
   */
  public Tensor logits(Tensor x) {
    show(x);
    if (logits == null) {
      logits = plan(x).part(1).run(features(x)).keep();
    }
    return logits;
  }

  private void show(Tensor x) {
    if (x != pictures) {
      release(features);
      release(logits);
      features = null;
      logits = null;
      pictures = x;
    }
  }

  private static void release(@Nullable Tensor old) {
    if (old != null) {
      old.release();
    }
  }

  private Plan plan(Tensor x) {
    if (plan == null || plan.input().dim(0) < x.dim(0)) {
      Module left = t.left();
      Module right = t.right();
      // The segments' layers, which are T's, are in evaluation mode; now they are, too.
      left.eval();
      right.eval();
      plan = Plan.compile(List.of(left, right), device, x.shape(), WeightFormat.F32);
    }
    return plan;
  }
}
