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
  private static final double NANOS = 1e9;

  private final Classifier t;
  private final Device device;

  /** T's segments, compiled together; none before the first batch. */
  private @Nullable Segments segments;

  private @Nullable Tensor pictures;
  private @Nullable Tensor features;
  private @Nullable Tensor logits;
  private double seconds;

  /** What is kept between batches: a plan has workspaces of its own. */
  private record Segments(Plan left, Plan right) {}

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
      long start = System.nanoTime();
      features = segments(x).left.run(x).keep();
      seconds += (System.nanoTime() - start) / NANOS;
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
      Tensor left = features(x);
      long start = System.nanoTime();
      logits = segments(x).right.run(left).keep();
      seconds += (System.nanoTime() - start) / NANOS;
    }
    return logits;
  }

  /** Returns how long answers were worked on since this was last asked, in seconds. */
  public double takeSeconds() {
    double taken = seconds;
    seconds = 0;
    return taken;
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

  private Segments segments(Tensor x) {
    if (segments == null || segments.left.input().dim(0) < x.dim(0)) {
      Module left = t.left();
      Module right = t.right();
      // The segments' layers, which are T's, are in evaluation mode; now they are, too.
      left.eval();
      right.eval();
      Plan both = Plan.compile(List.of(left, right), device, x.shape(), WeightFormat.F32);
      segments = new Segments(both.part(0), both.part(1));
    }
    return segments;
  }
}
