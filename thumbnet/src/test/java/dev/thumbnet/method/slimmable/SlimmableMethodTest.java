package dev.thumbnet.method.slimmable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.method.GuidedTraining;
import dev.thumbnet.method.Method;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.Trained;
import dev.thumbnet.method.Training;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Models;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.testing.TinyPictures;
import dev.thumbnet.train.Recipe;
import dev.thumbnet.train.RunOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the methods with fewer channels offer. */
final class SlimmableMethodTest {
  private static final Device CPU = Device.cpu();

  private static Setting setting(Architecture network) {
    return new Setting(
        network,
        TinyPictures.SIDE,
        List.of(Reduction.FOUR_TO_ONE),
        DownscalerKind.PLAIN,
        Recipe.teacher(1).withBatchSize(12),
        Recipe.student(2).withBatchSize(6));
  }

  private static Setting setting() {
    return setting(TinyPictures.architecture());
  }

  private static TrainingContext context() {
    return new TrainingContext(CPU, TinyPictures.data(), 5, Optional.of(TinyPictures.teacher(CPU)));
  }

  @Test
  void oneTrainingGivesAllWidths() {
    for (Method method : List.of(SlimmableMethod.SLIMMABLE, SlimmableMethod.US_NET)) {
      List<Training> trainings = method.trainings(setting());
      assertThat(trainings).hasSize(1);
      List<OperatingPoint> points = trainings.getFirst().points();
      assertThat(points)
          .extracting(OperatingPoint::key)
          .containsExactly("w1", "w0.75", "w0.5", "w0.25");
      assertThat(points).allMatch(point -> point.inputSize() == TinyPictures.SIDE);
      assertThat(points.get(2).label()).isEqualTo("width × 0.5");
      Trained trained =
          method.training(setting(), points.get(2)).run(context(), RunOptions.plain());
      assertThat(trained.models())
          .extracting(model -> model.network().architecture().width() * 16)
          .containsExactly(1.0, 0.75, 0.5, 0.25);
      assertThat(trained.models().get(2).provenance().settings()).containsEntry("recipe.seed", "5");
    }
    Map<String, Object> slimmable = new LinkedHashMap<>();
    slimmable.put("width", 0.75);
    slimmable.put("widths", "1 0.75 0.5 0.25");
    slimmable.put("fromTeacher", true);
    slimmable.putAll(GuidedTraining.settings());
    assertThat(SlimmableMethod.SLIMMABLE.points(setting()).get(1).settings()).isEqualTo(slimmable);
    Map<String, Object> usNet = new LinkedHashMap<>(slimmable);
    usNet.put("randomWidths", 2);
    usNet.put("statisticsBatches", 200);
    usNet.put("rateFactor", 0.25);
    assertThat(SlimmableMethod.US_NET.points(setting()).get(1).settings()).isEqualTo(usNet);
  }

  /** A narrow network of its own weights, with the students' lesson and a rate for such a start. */
  @Test
  void narrowNetworksAreTrainedAlone() {
    List<Training> trainings = NarrowMethod.NARROW.trainings(setting());
    assertThat(trainings)
        .extracting(training -> training.points().getFirst().key())
        .containsExactly("w0.75", "w0.5", "w0.25");
    OperatingPoint half = trainings.get(1).points().getFirst();
    double rate = 0.1 * 6 / 128;
    assertThat(half.settings())
        .containsEntry("width", 0.5)
        .containsEntry("fromTeacher", false)
        .doesNotContainKey("learningRate")
        .containsAllEntriesOf(GuidedTraining.settings());
    TrainingContext context = context();
    TrainedModel model = trainings.get(1).run(context, RunOptions.plain()).model();
    assertThat(model.provenance().settings())
        .containsEntry("training", "narrow")
        .containsEntry("network.width", "0.03125")
        .containsEntry("recipe.epochs", "2")
        .containsEntry("recipe.learningRate", Double.toString(rate))
        .containsEntry("recipe.seed", "5");

    Recipe recipe = Recipe.student(2).withBatchSize(6).withLearningRate(rate).withSeed(5);
    Classifier network =
        Models.classifier(TinyPictures.architecture().withWidth(1 / 32.0), CPU, new Rng(5));
    GuidedTraining lesson = new GuidedTraining(context, recipe);
    lesson.prepare(network, lesson.provenance("narrow", network), RunOptions.plain()).run();
    assertThat(Provenance.fingerprint(model.network())).isEqualTo(Provenance.fingerprint(network));
  }

  @Test
  void refusesWhatCannotBeCutOrTrained() {
    Setting grouped = setting(Architecture.of("resnext50_32x4d", 3).withWidth(0.25));
    Setting lonely =
        new Setting(
            TinyPictures.architecture(),
            TinyPictures.SIDE,
            List.of(Reduction.FOUR_TO_ONE),
            DownscalerKind.PLAIN,
            Recipe.teacher(1),
            Recipe.student(1).withBatchSize(1));
    for (Method method :
        List.of(NarrowMethod.NARROW, SlimmableMethod.SLIMMABLE, SlimmableMethod.US_NET)) {
      assertThatThrownBy(() -> method.trainings(grouped))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("resnext50_32x4d")
          .hasMessageContaining("groups");
      assertThatThrownBy(() -> method.trainings(lonely))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("batch of 1");
    }
  }
}
