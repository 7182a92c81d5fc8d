package dev.thumbnet.measure;

import dev.thumbnet.data.DataSet;
import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.data.transform.Normalize;
import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.pipeline.CompiledModel;
import dev.thumbnet.pipeline.Preprocessing;
import dev.thumbnet.pipeline.TrainedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Measures how long compiled models take for one picture. All take turns, so that whatever else
 * slows the machine down slows all of them.
 */
public final class Timings {
  /** Enough for networks that take some milliseconds. */
  public static final Effort USUAL = new Effort(30, 15, 300, 6_000_000_000L);

  private static final int PICTURES = 8;

  /**
   * How long to measure.
   *
   * @param warmUp rounds that do not count
   * @param least rounds that count, at least
   * @param most rounds that count, at most
   * @param nanos time after which the least number of rounds is enough
   */
  public record Effort(int warmUp, int least, int most, long nanos) {}

  /**
   * What is timed.
   *
   * @param model gives the model
   * @param format how the compiled model may keep weights
   */
  public record Candidate(Supplier<TrainedModel> model, WeightFormat format) {}

  private Timings() {}

  /**
   * Measures models, one picture at a time, from its pixels in memory to the logits. Models that
   * compile to the same program share one measurement: {@link CompiledModel#sameProgram}. So many
   * models of the same form need the memory of one.
   *
   * @param models are asked for, one after the other
   * @param pictures of the size that the models take, used in turn
   * @param threads number of threads of the models' device, for the record
   * @param effort how long to measure
   * @param stop asked after each model and round whether to give up, by a {@link
   *     CancellationException}
   * @return one for each model, in their order
   */
  public static List<Timing> measure(
      List<Candidate> models,
      List<RgbImage> pictures,
      int threads,
      Effort effort,
      BooleanSupplier stop) {
    List<Pipeline> pipelines = new ArrayList<>();
    int[] pipelineOf = new int[models.size()];
    for (int i = 0; i < pipelineOf.length; i++) {
      checkStop(stop);
      Pipeline pipeline = Pipeline.of(models.get(i));
      // A plan that nobody calls warms up in the background, beside those that are timed.
      pipeline.answer(pictures.getFirst());
      pipelineOf[i] = add(pipeline, pipelines);
    }
    for (int round = 0; round < effort.warmUp; round++) {
      run(pipelines, pictures.get(round % pictures.size()), stop);
    }
    List<long[]> rounds = new ArrayList<>();
    long begin = System.nanoTime();
    while (rounds.size() < effort.least
        || rounds.size() < effort.most && System.nanoTime() - begin < effort.nanos) {
      RgbImage picture = pictures.get(rounds.size() % pictures.size());
      rounds.add(run(pipelines, picture, stop));
    }
    return IntStream.of(pipelineOf).mapToObj(i -> timing(rounds, i, threads)).toList();
  }

  /** Returns some pictures of a data set as models take them, to be timed with. */
  public static List<RgbImage> pictures(DataSet set, Preprocessing preprocessing) {
    return IntStream.range(0, Math.min(PICTURES, set.size()))
        .mapToObj(i -> preprocessing.crop(set.get(i)))
        .toList();
  }

  /** Returns the index of a pipeline that is the same program; if there is none, adds it. */
  private static int add(Pipeline pipeline, List<Pipeline> pipelines) {
    for (int i = 0; i < pipelines.size(); i++) {
      if (pipelines.get(i).model.sameProgram(pipeline.model)) {
        return i;
      }
    }
    pipelines.add(pipeline);
    return pipelines.size() - 1;
  }

  private static Timing timing(List<long[]> rounds, int pipeline, int threads) {
    double[] ms = rounds.stream().mapToDouble(r -> r[pipeline] / 1e6).sorted().toArray();
    return new Timing(quantile(ms, 0.5), quantile(ms, 0.1), quantile(ms, 0.9), ms.length, threads);
  }

  /** A compiled model and how its pictures are normalised. */
  private record Pipeline(CompiledModel model, Normalize normalize, float[] logits) {
    static Pipeline of(Candidate candidate) {
      TrainedModel model = candidate.model.get();
      CompiledModel compiled = CompiledModel.of(model, 1, candidate.format);
      return new Pipeline(
          compiled, model.preprocessing().normalize(), new float[compiled.classes()]);
    }

    void answer(RgbImage picture) {
      model.logits(1, normalize.apply(picture), logits);
    }
  }

  /** Nanoseconds of each model, in their order. */
  private static long[] run(List<Pipeline> pipelines, RgbImage picture, BooleanSupplier stop) {
    checkStop(stop);
    long[] nanos = new long[pipelines.size()];
    for (int i = 0; i < nanos.length; i++) {
      long start = System.nanoTime();
      pipelines.get(i).answer(picture);
      nanos[i] = System.nanoTime() - start;
    }
    return nanos;
  }

  private static void checkStop(BooleanSupplier stop) {
    if (stop.getAsBoolean()) {
      throw new CancellationException("stopped while measuring times");
    }
  }

  private static double quantile(double[] sorted, double q) {
    double at = q * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }
}
