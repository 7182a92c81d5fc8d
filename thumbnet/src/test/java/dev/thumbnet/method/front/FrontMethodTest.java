package dev.thumbnet.method.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.thumbnet.engine.Device;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.Trained;
import dev.thumbnet.method.Training;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.testing.TinyPictures;
import dev.thumbnet.train.Recipe;
import dev.thumbnet.train.RunOptions;
import dev.thumbnet.train.TrainingResult.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Students behind fronts are trained like any other, and see the full picture. */
final class FrontMethodTest {
  private static final Device CPU = Device.cpu();
  private static final TrainedModel TEACHER = TinyPictures.teacher(CPU);

  @TempDir private Path folder;

  private static Setting setting(Architecture network, Reduction... reductions) {
    return new Setting(
        network,
        TinyPictures.SIDE,
        List.of(reductions),
        DownscalerKind.PLAIN,
        Recipe.teacher(2).withBatchSize(6),
        Recipe.student(2).withBatchSize(6));
  }

  static Stream<Training> trainings() {
    Setting setting =
        setting(TinyPictures.architecture(), Reduction.FOUR_TO_ONE, Reduction.SIXTEEN_TO_ONE);
    return Stream.of(FrontMethod.PATCH, FrontMethod.DCT)
        .flatMap(method -> method.trainings(setting).stream());
  }

  @ParameterizedTest
  @MethodSource("trainings")
  void trainsAndResumes(Training training) {
    TrainingContext context =
        new TrainingContext(CPU, TinyPictures.data(), 3, Optional.of(TEACHER));
    OperatingPoint point = training.points().getFirst();
    TrainedModel model = training.run(context, RunOptions.plain()).model();
    assertThat(model.usesThumbnails()).isFalse();
    assertThat(model.inputSize()).isEqualTo(point.inputSize()).isEqualTo(TinyPictures.SIDE);
    assertThat(point.key()).isIn("4to1", "16to1");
    assertThat(model.network().architecture().own().get("front"))
        .isEqualTo(point.settings().get("front"));
    assertThat(model.provenance().settings())
        .containsEntry("training", "front")
        .containsEntry("network.front", point.settings().get("front").toString())
        .containsEntry("guided.distillation", "0.9");

    RunOptions run = RunOptions.plain().withCheckpoint(folder.resolve("at"), Duration.ofHours(1));
    AtomicInteger steps = new AtomicInteger();
    Trained stopped = training.run(context, run.withStop(() -> steps.incrementAndGet() > 3));
    assertThat(stopped.result().outcome()).isEqualTo(Outcome.STOPPED);
    String weights = Provenance.fingerprint(model.network());
    assertThat(Provenance.fingerprint(training.run(context, run).model().network()))
        .isEqualTo(weights)
        .isNotEqualTo(Provenance.fingerprint(stopped.model().network()));

    Path file = folder.resolve("student.safetensors");
    model.save(file);
    assertThat(Provenance.fingerprint(TrainedModel.load(file, CPU).network())).isEqualTo(weights);
  }

  @Test
  void offersThePatchesOfClassicThumbnailsForResNets() {
    assertThat(trainings().flatMap(training -> training.points().stream()))
        .extracting(point -> point.settings().get("front"))
        .containsExactly("patch2", "patch4", "dct2", "dct4");
    Setting odd = setting(TinyPictures.architecture(), new Reduction(16, 9));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FrontMethod.DCT.trainings(odd))
        .withMessageContaining("9/16");
    Architecture vgg = Architecture.of("vgg11", 3).withHidden(0);
    Setting wrong =
        new Setting(
            vgg,
            64,
            List.of(Reduction.FOUR_TO_ONE),
            DownscalerKind.PLAIN,
            Recipe.teacher(2),
            Recipe.student(2));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FrontMethod.PATCH.trainings(wrong))
        .withMessageContaining("take a plain ResNet");
  }
}
