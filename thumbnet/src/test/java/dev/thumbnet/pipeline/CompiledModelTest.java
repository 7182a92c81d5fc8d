package dev.thumbnet.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.engine.nn.BatchNorm2d;
import dev.thumbnet.engine.plan.Plan;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.DownscalerNet;
import dev.thumbnet.model.Models;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.testing.MixedFactors;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
    for (String front : List.of("patch2", "patch4", "dct2", "dct4")) {
      all.add(Architecture.of("resnet18", 3).withWidth(0.25).withFront(front));
    }
    all.add(MixedFactors.of(Architecture.of("resnet18", 3).withWidth(0.25)));
    all.add(MixedFactors.of(Architecture.of("vgg11_bn", 3).withWidth(0.25).withHidden(0)));
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

  private static float[] pictures(int n) {
    Rng rng = new Rng(3);
    float[] pictures = new float[n * SIZE * SIZE * 3];
    for (int i = 0; i < pictures.length; i++) {
      pictures[i] = (float) rng.nextGaussian();
    }
    return pictures;
  }

  private static float[] thumbnails(CompiledModel compiled, int n, float[] pictures) {
    float[] thumbnails = new float[n * 3 * compiled.inputSize() * compiled.inputSize()];
    compiled.thumbnails(n, pictures, thumbnails);
    return thumbnails;
  }

  private static float[] logits(CompiledModel compiled, int n, float[] pictures) {
    float[] logits = new float[n * compiled.classes()];
    compiled.logits(n, pictures, logits);
    return logits;
  }

  private static void agree(TrainedModel model) {
    float[] pictures = pictures(3);
    CompiledModel compiled = CompiledModel.of(model, 3, WeightFormat.F32);
    assertThat(compiled.inputSize()).isEqualTo(model.inputSize());
    for (int n : new int[] {3, 1}) {
      float[] some = Arrays.copyOf(pictures, n * SIZE * SIZE * 3);
      Tensor x = Tensor.of(CPU, some, n, SIZE, SIZE, 3);
      close(model.logits(x).toArray(), logits(compiled, n, some));
      if (model.usesThumbnails()) {
        close(model.thumbnails(x).toArray(), thumbnails(compiled, n, some));
      }
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

  /** With what starts at zero at other values, as after a training. */
  @ParameterizedTest
  @EnumSource(DownscalerKind.class)
  void downscalersAgreeOnceTheyHaveLearnt(DownscalerKind kind) {
    Architecture small = Architecture.of("resnet18", 3).withWidth(0.25);
    TrainedModel model = model(small, kind, Reduction.SIXTEEN_TO_ONE);
    Rng rng = new Rng(7);
    model
        .downscaler()
        .parameters()
        .forEach(
            p -> {
              double[] values = p.tensor().toDoubleArray();
              Arrays.setAll(values, i -> values[i] + 0.1 * rng.nextGaussian());
              p.tensor().copyFrom(values);
            });
    agree(model);
  }

  @Test
  void thumbnailsOfAnySizeAgree() {
    Architecture small = Architecture.of("resnet18", 3).withWidth(0.25);
    TrainedModel model = model(small, DownscalerKind.BICUBIC, new Reduction(SIZE, 23));
    assertThat(model.inputSize()).isEqualTo(23);
    agree(model);
  }

  /** One plan answers as two plans with an array between, bit for bit, and so do its parts. */
  @ParameterizedTest
  @EnumSource(WeightFormat.class)
  void onePlanHasTheBitsOfTwo(WeightFormat format) {
    Architecture small = Architecture.of("resnet18", 3).withWidth(0.25).withSmallInput();
    for (DownscalerKind kind : DownscalerKind.values()) {
      TrainedModel model = model(small, kind, Reduction.FOUR_TO_ONE);
      CompiledModel one = CompiledModel.of(model, 4, format);
      Plan e = Plan.compile(model.downscaler(), CPU, Shape.of(4, SIZE, SIZE, 3), format);
      Plan s = Plan.compile(model.network(), CPU, Shape.of(4, SIZE / 2, SIZE / 2, 3), format);
      assertThat(one.memoryBytes())
          .isLessThan(e.weightBytes() + e.workspaceBytes() + s.weightBytes() + s.workspaceBytes());
      for (int n : new int[] {1, 4, 3}) {
        float[] thumbnails = new float[n * SIZE * SIZE / 4 * 3];
        float[] expected = new float[n * 3];
        e.run(n, pictures(n), thumbnails);
        s.run(n, thumbnails, expected);
        assertThat(logits(one, n, pictures(n))).isEqualTo(expected);
        assertThat(thumbnails(one, n, pictures(n))).isEqualTo(thumbnails);
        float[] later = new float[n * 3];
        one.classify(n, thumbnails, later);
        assertThat(later).isEqualTo(expected);
      }
    }
  }

  @Test
  void fullPicturesHaveNoThumbnails() {
    CompiledModel full =
        CompiledModel.of(model(architectures().getFirst(), null, null), 1, WeightFormat.F32);
    float[] logits = new float[3];
    full.classify(1, pictures(1), logits);
    assertThat(logits).isEqualTo(logits(full, 1, pictures(1)));
    assertThatThrownBy(() -> full.thumbnails(1, pictures(1), pictures(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no downscaler");
  }

  /** A process that prints how many bytes a call allocates. */
  static final class Allocation {
    /**
     * The least of many runs: as long as code is not compiled, it makes objects that none needs.
     */
    public static void main(String[] args) {
      var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      try (Device device = Device.cpu(1)) {
        Architecture small = Architecture.of("resnet18", 3).withWidth(0.25).withSmallInput();
        TrainedModel model =
            new TrainedModel(
                device,
                Models.classifier(small, device, new Rng(1)),
                Models.downscaler(
                    DownscalerKind.RESIDUAL,
                    Reduction.FOUR_TO_ONE,
                    SHOWN.colors(),
                    device,
                    new Rng(2)),
                List.of("a", "b", "c"),
                SHOWN,
                Provenance.on(device));
        CompiledModel compiled = CompiledModel.of(model, 2, WeightFormat.F32);
        float[] pictures = pictures(2);
        float[] logits = new float[6];
        for (int n = 1; n <= 2; n++) {
          long least = Long.MAX_VALUE;
          for (int run = 0; run < 2000 && least > 0; run++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            compiled.logits(n, pictures, logits);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
          }
          System.out.println(n + " pictures: " + least + " bytes");
        }
      }
    }
  }

  /** With scalar kernels, because vectors are objects until the JIT has compiled what uses them. */
  @Test
  void aCallAllocatesNothing() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "-Ddev.thumbnet.engine.kernels=scalar",
                "-cp",
                System.getProperty("java.class.path"),
                Allocation.class.getName())
            .redirectError(Redirect.DISCARD)
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(printed.lines()).containsExactly("1 pictures: 0 bytes", "2 pictures: 0 bytes");
  }

  /** Rounded weights give slightly different logits. */
  @ParameterizedTest
  @EnumSource(
      value = WeightFormat.class,
      names = {"BF16", "INT8"})
  void keepsWeightsInFewerBits(WeightFormat format) {
    TrainedModel model = model(Architecture.of("resnet18", 3).withWidth(0.5), null, null);
    float[] exact = logits(CompiledModel.of(model, 1, WeightFormat.F32), 1, pictures(1));
    float[] rounded = logits(CompiledModel.of(model, 1, format), 1, pictures(1));
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < exact.length; i++) {
      largest = Math.max(largest, Math.abs(exact[i]));
      difference = Math.max(difference, Math.abs(exact[i] - rounded[i]));
    }
    assertThat(difference).isBetween(1e-5 * largest, 2e-2 * largest);
  }

  @Test
  void profilesBothParts() {
    Architecture small = Architecture.of("resnet18", 3).withWidth(0.25).withSmallInput();
    CompiledModel compiled =
        CompiledModel.of(
            model(small, DownscalerKind.PLAIN, Reduction.FOUR_TO_ONE), 1, WeightFormat.F32);
    var times = compiled.profile(1, new float[3 * SIZE * SIZE], 2);
    assertThat(times.getFirst().step()).contains("Conv 5x5 /2 + ReLU");
    assertThat(times.getLast().step()).contains("Linear");
    assertThat(compiled.toString()).contains("(1, 64, 64, 3) to (1, 3)", "(1, 32, 32, 3)");
  }
}
