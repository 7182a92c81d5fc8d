package dev.thumbnet.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.engine.nn.BatchNorm2d;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.DownscalerNet;
import dev.thumbnet.model.Models;
import dev.thumbnet.model.Reduction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A compiled model answers as the model itself does. */
final class CompiledModelTest {
  private static final Device CPU = Device.cpu();
  private static final int SIZE = 64;
  private static final Preprocessing SHOWN = Preprocessing.photographs(SIZE);

  static List<Architecture> architectures() {
    List<Architecture> all = new ArrayList<>();
    for (String name : Architecture.NAMES) {
      all.add(Architecture.of(name, 3).withWidth(0.25).withHidden(0));
    }
    all.add(Architecture.of("vgg11", 3).withWidth(0.25).withHidden(32));
    all.add(Architecture.of("resnet18", 3).withWidth(0.25).withSmallInput());
    return all;
  }

  private static TrainedModel model(
      Architecture architecture, DownscalerKind kind, Reduction reduction) {
    Classifier network = Models.classifier(architecture, CPU, new Rng(1));
    Rng rng = new Rng(2);
    DownscalerNet downscaler =
        kind == null ? null : Models.downscaler(kind, reduction, SHOWN.colors(), CPU, rng);
    spoil(network, rng);
    if (downscaler != null) {
      spoil(downscaler, rng);
    }
    return new TrainedModel(
        CPU, network, downscaler, List.of("a", "b", "c"), SHOWN, Provenance.on(CPU));
  }

  /** Gives statistics of normalisation values as after a training. */
  private static void spoil(dev.thumbnet.engine.nn.Module module, Rng rng) {
    for (var m : module.modules()) {
      if (m instanceof BatchNorm2d norm) {
        norm.runningMean().fill(() -> 0.1 * rng.nextGaussian());
        norm.runningVariance().fill(() -> 0.8 + 0.4 * rng.nextDouble());
      }
    }
  }

  private static void agree(TrainedModel model) {
    Rng rng = new Rng(3);
    float[] pictures = new float[3 * SIZE * SIZE * 3];
    for (int i = 0; i < pictures.length; i++) {
      pictures[i] = (float) rng.nextGaussian();
    }
    CompiledModel compiled = CompiledModel.of(model, 3, WeightFormat.F32);
    for (int n : new int[] {3, 1}) {
      float[] some = Arrays.copyOf(pictures, n * SIZE * SIZE * 3);
      Tensor x = Tensor.of(CPU, some, n, SIZE, SIZE, 3);
      close(model.thumbnails(x).toArray(), compiled.thumbnails(n, some));
      close(model.logits(x).toArray(), compiled.logits(n, some));
    }
  }

  private static void close(float[] expected, float[] actual) {
    assertThat(actual).hasSameSizeAs(expected);
    double largest =
        IntStream.range(0, expected.length).mapToDouble(i -> Math.abs(expected[i])).max().orElse(0);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) actual[i]).isCloseTo(expected[i], within(1e-4 * largest));
    }
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void classifiersAgree(Architecture architecture) {
    agree(model(architecture, null, null));
  }

  @ParameterizedTest
  @EnumSource(DownscalerKind.class)
  void downscalersAgree(DownscalerKind kind) {
    Architecture small = Architecture.of("resnet18", 3).withWidth(0.25).withSmallInput();
    agree(model(small, kind, Reduction.FOUR_TO_ONE));
    agree(model(small, kind, Reduction.SIXTEEN_TO_ONE));
  }

  /** Rounded weights give slightly different logits. */
  @ParameterizedTest
  @EnumSource(
      value = WeightFormat.class,
      names = {"BF16", "INT8"})
  void keepsWeightsInFewerBits(WeightFormat format) {
    TrainedModel model = model(Architecture.of("resnet18", 3).withWidth(0.5), null, null);
    float[] picture = new float[3 * SIZE * SIZE];
    Rng rng = new Rng(5);
    for (int i = 0; i < picture.length; i++) {
      picture[i] = (float) rng.nextGaussian();
    }
    float[] exact = CompiledModel.of(model, 1, WeightFormat.F32).logits(1, picture);
    float[] rounded = CompiledModel.of(model, 1, format).logits(1, picture);
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < exact.length; i++) {
      largest = Math.max(largest, Math.abs(exact[i]));
      difference = Math.max(difference, Math.abs(exact[i] - rounded[i]));
    }
    assertThat(difference).isBetween(1e-5 * largest, 2e-2 * largest);
  }

  @Test
  void profilesBothPlans() {
    Architecture small = Architecture.of("resnet18", 3).withWidth(0.25).withSmallInput();
    CompiledModel compiled =
        CompiledModel.of(
            model(small, DownscalerKind.PLAIN, Reduction.FOUR_TO_ONE), 1, WeightFormat.F32);
    var times = compiled.profile(1, new float[3 * SIZE * SIZE], 2);
    assertThat(times.getFirst().step()).contains("Conv 5x5 /2 + ReLU");
    assertThat(times.getLast().step()).contains("Linear");
    assertThat(compiled.toString()).contains("(1, 64, 64, 3) to (1, 32, 32, 3)");
  }
}
