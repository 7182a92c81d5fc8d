package dev.thumbnet.method.pruning;

import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.method.GuidedTraining;
import dev.thumbnet.method.LearntDownscaler;
import dev.thumbnet.method.Method;
import dev.thumbnet.method.Need;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.PreparedTraining;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.Training;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.Classifier.InnerConvolution;
import dev.thumbnet.model.DownscalerNet;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.train.RunOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A student on thumbnails that loses filters when it has learnt: of each inner convolution those
 * with the smallest L1 norms (Li et al., ICLR 2017), the same share everywhere. Then it learns on,
 * with its downscaler, by the lesson of all rivals, for as many epochs as before. A student that
 * loses none learns on for as long, so that nothing but the filters differs.
 */
public final class PrunedStudent implements Method {
  /** The only one. */
  public static final PrunedStudent PRUNED = new PrunedStudent();

  /** Name of the setting that tells how many of a hundred filters go. */
  public static final String PERCENT = "prunedPercent";

  private static final int ALL = 1000;

  private PrunedStudent() {}

  @Override
  public String key() {
    return "pruned-student";
  }

  @Override
  public String name() {
    return "Pruned student";
  }

  @Override
  public String explanation() {
    return "A finished student on thumbnails loses a share of the filters inside its blocks, those"
        + " with the smallest weights. What is left learns on, together with its downscaler, from"
        + " labels and the teacher's answers, for as many epochs again.";
  }

  /** It needs a finished student besides the teacher, so that it cannot be run on its own. */
  @Override
  public boolean trainsStudent() {
    return false;
  }

  /** None: which student loses how much is chosen by {@link #at}. */
  @Override
  public List<Training> trainings(Setting setting) {
    return List.of();
  }

  /**
   * Returns the training of what is left of a student. Its point is called by ratio and share:
   * {@code 4to1-p30}.
   *
   * @param source the student, which the training must be given; its downscaler is the setting's
   * @param percent how many of a hundred filters go, from 0 to 99
   * @throws IllegalArgumentException if nothing can be pruned inside the network
   */
  public Training at(Setting setting, Reduction reduction, Need source, int percent) {
    List<Integer> counts =
        PruningPoint.kept(PruningPoint.channels(setting.network()), ALL - 10 * percent);
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("studentOf", source.toString());
    settings.put("factor", reduction.factor());
    settings.put(PERCENT, percent);
    settings.put(
        "innerChannels", counts.stream().map(String::valueOf).collect(Collectors.joining(",")));
    settings.putAll(GuidedTraining.settings());
    OperatingPoint plain = OperatingPoint.thumbnail(reduction, setting.size(), settings);
    return new LearningOn(
        setting,
        reduction,
        source,
        counts,
        new OperatingPoint(
            plain.key() + "-p" + percent,
            plain.label() + ", " + (percent == 0 ? "no" : percent + " % of") + " filters pruned",
            plain.inputSize(),
            settings));
  }

  private record LearningOn(
      Setting setting, Reduction reduction, Need source, List<Integer> counts, OperatingPoint point)
      implements Training {
    @Override
    public List<OperatingPoint> points() {
      return List.of(point);
    }

    @Override
    public Optional<PreparedTraining> prepare(TrainingContext context, RunOptions options) {
      TrainedModel student = context.model(source);
      DownscalerNet downscaler =
          LearntDownscaler.copy(
              student, setting.downscaler(), reduction, context.data().preprocessing());
      Classifier network = pruned(student, new Rng(context.seed()));
      network.architecture().checkTraining(point.inputSize(), setting.student().batchSize());
      GuidedTraining lesson = new GuidedTraining(context, setting.student());
      Provenance provenance =
          lesson
              .provenance("pruned student", network)
              .with("student.downscaler", downscaler.kind().key())
              .with(
                  "student.fingerprint",
                  Provenance.fingerprint(student.network())
                      + Provenance.fingerprint(student.downscaler()))
              .with("pruning." + PERCENT, Objects.requireNonNull(point.settings().get(PERCENT)));
      return Optional.of(lesson.prepare(network, downscaler, provenance, options));
    }

    private Classifier pruned(TrainedModel student, Rng rng) {
      Map<String, Tensor> weights = student.network().state().tensors();
      List<InnerConvolution> inner = student.network().innerConvolutions();
      List<Choice> choices = new ArrayList<>();
      for (int i = 0; i < inner.size(); i++) {
        Tensor weight = Objects.requireNonNull(weights.get(inner.get(i).name() + ".weight"));
        choices.add(Criterion.largestNorms(weight, counts.get(i), rng));
      }
      return Slicing.slice(student.network(), choices, student.device());
    }
  }
}
