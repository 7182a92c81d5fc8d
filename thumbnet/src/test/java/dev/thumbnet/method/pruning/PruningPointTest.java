package dev.thumbnet.method.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.plan.Cost;
import dev.thumbnet.method.Method;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.thumbnet.StudentMethod;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.Classifier.InnerConvolution;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Models;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.testing.TinyPictures;
import dev.thumbnet.train.Recipe;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** How thin networks have to be for a ratio, and which ratios cannot be had. */
final class PruningPointTest {
  private static final List<Method> METHODS =
      List.of(PruningMethod.THINET, PruningMethod.L1, PruningMethod.RANDOM, PruningMethod.SCRATCH);

  private static Setting setting(Architecture network, int size) {
    return new Setting(
        network,
        size,
        List.of(Reduction.FOUR_TO_ONE),
        DownscalerKind.PLAIN,
        Recipe.teacher(2),
        Recipe.student(8));
  }

  private static Classifier build(Architecture network) {
    Classifier built = Models.classifier(network, Device.meta());
    built.eval();
    return built;
  }

  private static long macs(Architecture network, int size) {
    return Cost.of(build(network), Shape.of(1, size, size, 3)).macs();
  }

  private static List<Integer> channels(Architecture network) {
    return build(network).innerConvolutions().stream().map(InnerConvolution::channels).toList();
  }

  /** The figures of PAPER.md, section 5.2, which are those of ten classes and of rounding down. */
  @ParameterizedTest
  @CsvSource({"500, 975, 5.69", "300, 636, 3.47", "200, 464, 2.38"})
  void costsOfAResNet18(int thousandths, long millions, double weights) {
    Architecture network = Architecture.of("resnet18", 10);
    List<Integer> kept = PruningPoint.kept(channels(network), thousandths);
    Architecture thin = network.withInnerChannels(kept);
    assertThat(Math.round(macs(thin, 224) / 1e6)).isEqualTo(millions);
    assertThat(Math.rint(build(thin).parameterCount() / 1e4) / 100).isEqualTo(weights);
  }

  @Test
  void sharesAreRoundedDownButNotToNothing() {
    assertThat(PruningPoint.kept(List.of(64, 128, 3, 1), 300)).containsExactly(19, 38, 1, 1);
    assertThat(PruningPoint.kept(List.of(64, 128), 1000)).containsExactly(64, 128);
  }

  static Stream<Setting> settings() {
    return Stream.of(
        setting(Architecture.of("resnet18", 10), 224),
        setting(Architecture.of("resnet18", 7).withWidth(0.25), 128),
        setting(Architecture.of("resnet34", 7).withWidth(0.5).withSmallInput(), 32),
        setting(Architecture.of("vgg11_bn", 10).withWidth(0.25).withHidden(0), 32));
  }

  /** One thousandth more would be too dear, unless it is no channel more. */
  @ParameterizedTest
  @MethodSource("settings")
  void theLargestShareIsTaken(Setting setting) {
    Architecture network = setting.network();
    long full = macs(network, setting.size());
    List<PruningPoint> points = PruningPoint.of(setting);
    assertThat(points).isNotEmpty();
    for (PruningPoint point : points) {
      long cost = macs(network.withInnerChannels(point.counts()), setting.size());
      assertThat(full / (double) cost).isGreaterThanOrEqualTo(point.times());
      List<Integer> more = PruningPoint.kept(channels(network), point.thousandths() + 1);
      assertThat(full / (double) macs(network.withInnerChannels(more), setting.size()))
          .isLessThan(point.times());
    }
  }

  private static List<String> keys(Setting setting) {
    return PruningMethod.L1.points(setting).stream().map(OperatingPoint::key).toList();
  }

  @Test
  void whatCannotBeReachedIsNotOffered() {
    assertThat(keys(setting(TinyPictures.architecture(), TinyPictures.SIDE))).containsExactly("2x");
    Architecture quarter = Architecture.of("resnet18", 10).withWidth(0.25);
    assertThat(keys(setting(quarter, 224))).containsExactly("2x", "3.5x");
    List<Integer> ones = Collections.nCopies(8, 1);
    assertThat(macs(quarter, 224) / (double) macs(quarter.withInnerChannels(ones), 224))
        .isBetween(3.9, 4.1);
    assertThat(keys(setting(quarter.withWidth(1), 224))).containsExactly("2x", "3.5x", "12x");
    assertThat(keys(setting(TinyPictures.architecture(), 32))).isEmpty();
  }

  /** Thumbnails of 16 pixels would be too small for it, but there are none. */
  @Test
  void aVggForSmallPicturesIsPruned() {
    Setting small = setting(Architecture.of("vgg11_bn", 3).withWidth(0.25).withHidden(0), 32);
    assertThat(keys(small)).containsExactly("2x", "3.5x", "12x");
    assertThatThrownBy(() -> StudentMethod.BICUBIC.trainings(small))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nothing is left of 16 pixels");
    assertThatThrownBy(() -> setting(small.network(), 31))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nothing is left of 31 pixels");
    assertThat(keys(setting(Architecture.of("resnet18", 3).withWidth(0.25), 33)))
        .as("33 is no multiple of 2")
        .contains("2x");
  }

  @Test
  void networksOfBottlenecksAreRefused() {
    Setting setting = setting(Architecture.of("resnet50", 3).withWidth(0.25), 64);
    for (Method method : METHODS) {
      assertThatThrownBy(() -> method.trainings(setting))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("resnet50")
          .hasMessageContaining("resnet18");
    }
  }

  @Test
  void pointsSayWhatTheyAre() {
    Setting setting = setting(Architecture.of("resnet18", 10).withWidth(0.25), 128);
    for (Method method : METHODS) {
      OperatingPoint point = method.points(setting).get(1);
      assertThat(point.key()).isEqualTo("3.5x");
      assertThat(point.inputSize()).isEqualTo(128);
      assertThat(point.settings())
          .containsEntry("times", 3.5)
          .containsEntry("keep", 0.093)
          .containsEntry("innerChannels", "1,1,2,2,5,5,11,11")
          .containsEntry("distillation", 0.9)
          .containsEntry("temperature", 4.0);
      assertThat(method.training(setting, point).points()).containsExactly(point);
    }
    assertThat(PruningMethod.THINET.points(setting).getFirst().settings())
        .containsEntry("stages", 4)
        .containsEntry("stageEpochs", 1)
        .containsEntry("lastEpochs", 4)
        .containsEntry("picturesOfClass", 10)
        .containsEntry("positionsInPicture", 10);
  }
}
