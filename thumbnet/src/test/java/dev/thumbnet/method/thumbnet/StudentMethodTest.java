package dev.thumbnet.method.thumbnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.thumbnet.engine.Device;
import dev.thumbnet.method.Method;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.Trained;
import dev.thumbnet.method.Training;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.method.thumbnet.VariantMethod.Variant;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.testing.TinyPictures;
import dev.thumbnet.train.Recipe;
import dev.thumbnet.train.RunOptions;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What students can be asked for besides the paper's: sizes, widths, variants. */
final class StudentMethodTest {
  private static Setting setting(int size, DownscalerKind downscaler, Reduction... reductions) {
    return new Setting(
        Architecture.of("resnet18", 3).withWidth(0.25),
        size,
        List.of(reductions),
        downscaler,
        Recipe.teacher(2).withBatchSize(6),
        Recipe.student(2).withBatchSize(6));
  }

  private static OperatingPoint point(Training training) {
    assertThat(training.points()).hasSize(1);
    return training.points().getFirst();
  }

  @ParameterizedTest
  @CsvSource({
    "72, 1, 72px, 72 px, 28/9",
    "72, 0.5, 72px-w0.5, '72 px, width 0.5', 28/9",
    "112, 0.75, 4to1-w0.75, '4:1, width 0.75', 2",
    "56, 1, 16to1, 16:1, 4"
  })
  void pointsAreCalledBySizeAndWidth(
      int side, double width, String key, String label, String factor) {
    Setting setting = setting(224, DownscalerKind.PLAIN, Reduction.FOUR_TO_ONE);
    OperatingPoint point = point(StudentMethod.BICUBIC_DISTILL.at(setting, side, width));
    assertThat(point.key()).isEqualTo(key);
    assertThat(point.label()).isEqualTo(label);
    assertThat(point.inputSize()).isEqualTo(side);
    assertThat(point.settings().get("factor")).hasToString(factor);
    assertThat(point.settings().get("width")).isEqualTo(width == 1 ? null : width);
    assertThat(point.settings()).containsEntry("downscaler", "BICUBIC");
  }

  /** A study that asks for both does not run anything twice. */
  @Test
  void theClassicPointsAreThoseOfEveryRun() {
    for (Reduction reduction : Reduction.CLASSIC) {
      Setting setting = setting(224, DownscalerKind.PLAIN, reduction);
      for (StudentMethod method :
          List.of(StudentMethod.BICUBIC, StudentMethod.SUPERVISED, StudentMethod.THUMBNET)) {
        assertThat(point(method.at(setting, reduction.reduce(224), 1)))
            .isEqualTo(point(method.trainings(setting).getFirst()));
      }
    }
  }

  @Test
  void theCurveHasAllSizesAndWidths() {
    Setting setting = setting(224, DownscalerKind.PLAIN, Reduction.FOUR_TO_ONE);
    List<OperatingPoint> points =
        StudentMethod.BICUBIC_DISTILL.curve(setting).stream()
            .map(StudentMethodTest::point)
            .toList();
    assertThat(points).hasSize(21);
    assertThat(points.subList(0, 4))
        .extracting(OperatingPoint::key)
        .containsExactly("16to1-w0.5", "16to1-w0.75", "16to1", "64px-w0.5");
    assertThat(points.getLast().key()).isEqualTo("160px");
    List<Integer> sides =
        StudentMethod.BICUBIC_DISTILL
            .curve(setting(128, DownscalerKind.PLAIN, Reduction.FOUR_TO_ONE))
            .stream()
            .map(training -> point(training).inputSize())
            .distinct()
            .toList();
    assertThat(sides).containsExactly(32, 37, 41, 46, 55, 64, 91);
  }

  @Test
  void learnedDownscalersAreAskedForTheirSizesOnly() {
    Setting setting = setting(224, DownscalerKind.PATCH, Reduction.FOUR_TO_ONE);
    assertThat(point(StudentMethod.SUPERVISED.at(setting, 56, 0.5)).settings())
        .containsEntry("downscaler", "PATCH");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StudentMethod.SUPERVISED.at(setting, 72, 1))
        .withMessageContaining("take a method with bicubic thumbnails");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StudentMethod.BICUBIC.at(setting, 224, 1))
        .withMessageContaining("cannot become 224");
    Setting other =
        new Setting(
            setting.network().withWidth(0.5),
            224,
            Reduction.CLASSIC,
            DownscalerKind.LAYER1,
            setting.teacher(),
            setting.student());
    for (Method method :
        List.of(StudentMethod.THUMBNET, VariantMethod.VARIANTS, TransferMethod.TRANSFER)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> method.trainings(other))
          .withMessageContaining("a ResNet-18 of width 0.25");
    }
    assertThat(StudentMethod.BICUBIC.trainings(other)).hasSize(2);
    assertThat(KindMethod.KINDS.trainings(other)).isNotEmpty();
  }

  // ---------------------------------------------------------------- variants

  @ParameterizedTest
  @EnumSource(DownscalerKind.class)
  void everyVariantDiffersFromThumbNetInOneThing(DownscalerKind kind) {
    if (!kind.learned()) {
      return;
    }
    for (Reduction reduction : Reduction.CLASSIC) {
      StudentOptions whole = StudentOptions.thumbNet(kind, reduction);
      List<Variant> variants = VariantMethod.ablation(kind, reduction);
      assertThat(variants).extracting(Variant::key).doesNotHaveDuplicates();
      assertThat(variants).extracting(Variant::label).doesNotHaveDuplicates();
      assertThat(variants).extracting(Variant::options).doesNotHaveDuplicates();
      for (Variant variant : variants) {
        Set<Object> changed = new HashSet<>(variant.options().settings().entrySet());
        changed.removeAll(whole.settings().entrySet());
        // A loss is left out in both phases.
        boolean inBoth = variant.key().matches("no-[mf]m");
        assertThat(changed).as(variant.key()).hasSize(inBoth ? 2 : 1);
      }
      assertThat(variants.stream().map(Variant::key))
          .contains("no-cl", "no-kd", "no-mm", "no-fm", "tau2", "tau8", "scratch")
          .contains("no-pretraining", "pretraining50", "straight-through");
      assertThat(variants.stream().anyMatch(v -> v.key().equals("bn")))
          .isEqualTo(kind.normalises());
    }
  }

  @Test
  void variantsArePointsAndCanBeTrained() {
    Setting setting = setting(16, DownscalerKind.PLAIN, Reduction.FOUR_TO_ONE);
    List<Training> trainings = VariantMethod.VARIANTS.trainings(setting);
    assertThat(trainings).hasSize(13);
    OperatingPoint last = point(trainings.getLast());
    assertThat(last.key()).isEqualTo("4to1-no-bn");
    assertThat(last.label()).isEqualTo("4:1 E without BN");
    assertThat(last.settings())
        .containsEntry("variant", "no-bn")
        .containsEntry("downscaler", "PLAIN_NO_BN");
    try (Device device = Device.cpu(1)) {
      TrainingContext context =
          new TrainingContext(
              device, TinyPictures.data(), 3, Optional.of(TinyPictures.teacher(device)));
      Trained trained = trainings.getLast().run(context, RunOptions.plain());
      assertThat(trained.model().downscaler().kind()).isEqualTo(DownscalerKind.PLAIN_NO_BN);
    }
  }
}
