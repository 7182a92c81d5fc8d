package dev.thumbnet.method.direct;

import dev.thumbnet.method.Method;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.Trained;
import dev.thumbnet.method.Training;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.train.RunOptions;
import dev.thumbnet.train.TrainingResult;
import dev.thumbnet.train.TrainingResult.Outcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The teacher on bicubic thumbnails, without any training: as it is, or with the statistics of its
 * batch normalisation measured again.
 */
public final class DirectMethod implements Method {
  /** Nothing is adapted. */
  public static final DirectMethod DIRECT =
      new DirectMethod(
          "direct",
          "Direct",
          false,
          "The teacher, unchanged, is shown thumbnails it was never trained for.");

  /** The statistics are adapted. */
  public static final DirectMethod REESTIMATED =
      new DirectMethod(
          "direct-bn",
          "Direct, BN re-estimated",
          true,
          "As Direct, but the averages inside the network's batch normalisation are measured"
              + " again on thumbnails. No weight is trained.");

  /** Batches that are enough to estimate the statistics of batch normalisation. */
  private static final int STATISTICS_BATCHES = 200;

  private static final TrainingResult NOTHING_TRAINED =
      new TrainingResult(Outcome.FINISHED, List.of());

  private final String key;
  private final String name;
  private final boolean reestimates;
  private final String explanation;

  private DirectMethod(String key, String name, boolean reestimates, String explanation) {
    this.key = key;
    this.name = name;
    this.reestimates = reestimates;
    this.explanation = explanation;
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String explanation() {
    return explanation;
  }

  @Override
  public boolean trainsStudent() {
    return false;
  }

  @Override
  public List<Training> trainings(Setting setting) {
    setting.checkThumbnails();
    return setting.reductions().stream()
        .<Training>map(reduction -> new Adaptation(setting, reduction, reestimates))
        .toList();
  }

  private record Adaptation(Setting setting, Reduction reduction, boolean reestimates)
      implements Training {
    @Override
    public List<OperatingPoint> points() {
      return List.of(OperatingPoint.thumbnail(reduction, setting.size(), settings()));
    }

    private Map<String, Object> settings() {
      Map<String, Object> settings = new LinkedHashMap<>();
      settings.put("downscaler", DownscalerKind.BICUBIC.key());
      settings.put("factor", reduction.factor());
      if (reestimates) {
        settings.put("statisticsBatches", STATISTICS_BATCHES);
      }
      return settings;
    }

    @Override
    public Trained run(TrainingContext context, RunOptions options) {
      TrainedModel model = context.teacher().onThumbnails(reduction);
      if (reestimates) {
        model.reestimateBatchNorm(
            context.data().train(),
            STATISTICS_BATCHES,
            setting.student().batchSize(),
            context.seed());
      }
      return new Trained(model, NOTHING_TRAINED);
    }
  }
}
