package dev.thumbnet.engine.optim;

import java.util.Arrays;

/**
 * The learning rate as a pure function of the number of the step, so that there is nothing to save
 * and restore. Steps count from 0; a step may be a batch or an epoch, as the caller likes.
 */
@FunctionalInterface
public interface LrSchedule {
  /** Returns the learning rate of a step, from 0. */
  double at(long step);

  /** Always the same. */
  static LrSchedule constant(double lr) {
    return _ -> lr;
  }

  /**
   * Multiplied by {@code gamma} at each milestone.
   *
   * @param lr at step 0
   * @param gamma factor
   * @param milestones the first step of each new rate
   */
  static LrSchedule step(double lr, double gamma, long... milestones) {
    long[] sorted = milestones.clone();
    Arrays.sort(sorted);
    return step -> {
      double rate = lr;
      for (int i = 0; i < sorted.length && sorted[i] <= step; i++) {
        rate *= gamma;
      }
      return rate;
    };
  }

  /**
   * Half a cosine wave from {@code lr} at step 0 to {@code end} at step {@code total} and after
   * (Loshchilov and Hutter 2017, without restarts).
   */
  static LrSchedule cosine(double lr, double end, long total) {
    checkTotal(total);
    return step -> wave(lr, end, Math.min(1, (double) step / total));
  }

  /**
   * Up from {@code peak / 25} to {@code peak} during the first part of the steps, then down to
   * {@code peak / 250000} at the last, both along half cosine waves (Smith and Topin 2018, with
   * PyTorch's defaults).
   *
   * @param peak highest rate
   * @param total number of steps, at least 2
   * @param rise share of the steps until the peak, in (0, 1); PyTorch's default is 0.3
   */
  static LrSchedule oneCycle(double peak, long total, double rise) {
    checkTotal(total - 1);
    if (!(rise > 0 && rise < 1)) {
      throw new IllegalArgumentException("rise must be in (0, 1) but is " + rise);
    }
    double start = peak / 25;
    double top = rise * total - 1;
    return step ->
        step < top
            ? wave(start, peak, step / top)
            : wave(peak, start / 1e4, Math.min(1, (step - top) / (total - 1 - top)));
  }

  /** Returns this schedule scaled by 1/steps, 2/steps, … 1 during the first steps. */
  default LrSchedule withWarmup(long steps) {
    return step -> step < steps ? at(step) * (step + 1) / steps : at(step);
  }

  private static void checkTotal(long total) {
    if (total < 1) {
      throw new IllegalArgumentException("too few steps for a schedule");
    }
  }

  /** Half a cosine wave from one value to another as t goes from 0 to 1. */
  private static double wave(double from, double to, double t) {
    return to + (from - to) * (1 + StrictMath.cos(Math.PI * t)) / 2;
  }
}
