package dev.thumbnet.experiment;

import dev.thumbnet.data.RgbImage;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.TensorScope;
import dev.thumbnet.experiment.Results.Timing;
import dev.thumbnet.train.TrainedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * Measures how long models take for one picture. All take turns, so that whatever else slows the
 * machine down slows all of them.
 */
public final class Timings {
  /** Enough for networks that take some milliseconds. */
  public static final Effort USUAL = new Effort(30, 15, 300, 6_000_000_000L);

  /**
   * How long to measure.
   *
   * @param warmUp rounds that do not count
   * @param least rounds that count, at least
   * @param most rounds that count, at most
   * @param nanos time after which the least number of rounds is enough
   */
  public record Effort(int warmUp, int least, int most, long nanos) {}

  private Timings() {}

  /**
   * Measures models, one picture at a time, from its pixels in memory to the logits.
   *
   * @param models by the names that the timings shall have
   * @param pictures of the size that the models take, used in turn
   * @param threads number of threads of the models' device, for the record
   * @param effort how long to measure
   * @param stop asked after each round whether to give up, by a {@link CancellationException}
   */
  public static List<Timing> measure(
      Map<String, TrainedModel> models,
      List<RgbImage> pictures,
      int threads,
      Effort effort,
      BooleanSupplier stop) {
    List<String> names = List.copyOf(models.keySet());
    for (int round = 0; round < effort.warmUp; round++) {
      run(models, names, pictures.get(round % pictures.size()), stop);
    }
    List<long[]> rounds = new ArrayList<>();
    long begin = System.nanoTime();
    while (rounds.size() < effort.least
        || rounds.size() < effort.most && System.nanoTime() - begin < effort.nanos) {
      RgbImage picture = pictures.get(rounds.size() % pictures.size());
      rounds.add(run(models, names, picture, stop));
    }
    List<Timing> timings = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      int index = i;
      double[] ms = rounds.stream().mapToDouble(r -> r[index] / 1e6).sorted().toArray();
      timings.add(
          new Timing(
              names.get(i),
              quantile(ms, 0.5),
              quantile(ms, 0.1),
              quantile(ms, 0.9),
              ms.length,
              threads));
    }
    return timings;
  }

  /** Nanoseconds of each model, in the order of the names. */
  private static long[] run(
      Map<String, TrainedModel> models,
      List<String> names,
      RgbImage picture,
      BooleanSupplier stop) {
    if (stop.getAsBoolean()) {
      throw new CancellationException("stopped while measuring times");
    }
    long[] nanos = new long[names.size()];
    for (int i = 0; i < nanos.length; i++) {
      TrainedModel model = models.get(names.get(i));
      long start = System.nanoTime();
      answer(model, picture);
      nanos[i] = System.nanoTime() - start;
    }
    return nanos;
  }

  /** Returns the logits, so that nothing can be left out. */
  private static float[] answer(TrainedModel model, RgbImage picture) {
    try (TensorScope _ = new TensorScope()) {
      float[] pixels = model.preprocessing().normalize().apply(picture);
      int side = picture.width();
      return model.logits(Tensor.of(model.device(), pixels, 1, side, side, 3)).toArray();
    }
  }

  private static double quantile(double[] sorted, double q) {
    double at = q * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }
}
