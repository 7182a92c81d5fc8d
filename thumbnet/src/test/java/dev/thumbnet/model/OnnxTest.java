package dev.thumbnet.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.thumbnet.engine.Autograd;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.BatchNorm2d;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.Sequential;
import dev.thumbnet.engine.onnx.Onnx;
import dev.thumbnet.engine.onnx.OnnxModel;
import dev.thumbnet.engine.plan.Plan;
import dev.thumbnet.testing.MixedFactors;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is exported to ONNX computes in ONNX Runtime what it computes here, and read back, too. */
final class OnnxTest {
  private static final Device CPU = Device.cpu(1);
  private static final int CLASSES = 7;
  private static final int BATCH = 3;

  @AfterAll
  static void close() {
    CPU.close();
  }

  @ParameterizedTest
  @CsvSource({
    "resnet18, 1, 64",
    "resnet18, 0.25, 56",
    "resnet18, 0.125, 112",
    "resnet34, 0.125, 64",
    "resnet50, 0.125, 112",
    "resnet50, 0.25, 64",
    "resnext50_32x4d, 0.25, 64",
    "vgg11, 0.125, 112",
    "vgg11_bn, 0.25, 56",
    "vgg16, 0.125, 64",
    "vgg16_bn, 0.125, 112",
    "lwae-resnet18, 0.25, 64",
    "lwae-vgg11_bn, 0.125, 64"
  })
  void classifiersAgree(String name, double width, int size) throws Exception {
    Architecture architecture = Architecture.of(name, CLASSES).withWidth(width);
    agree(Models.classifier(architecture, CPU, new Rng(1)), size, size);
  }

  @Test
  void variantsAgree() throws Exception {
    Architecture small = Architecture.of("resnet18", CLASSES).withWidth(0.25).withSmallInput();
    agree(Models.classifier(small, CPU, new Rng(2)), 32, 32);
    Architecture global = Architecture.of("vgg11_bn", CLASSES).withWidth(0.25).withHidden(0);
    agree(Models.classifier(global, CPU, new Rng(3)), 64, 96);
    for (String front : List.of("patch2", "dct4")) {
      Architecture behind = Architecture.of("resnet18", CLASSES).withWidth(0.25).withFront(front);
      agree(Models.classifier(behind, CPU, new Rng(2)), 64, 96);
    }
    agree(Models.classifier(MixedFactors.of(small), CPU, new Rng(2)), 32, 48);
    agree(Models.classifier(MixedFactors.of(global), CPU, new Rng(3)), 64, 64);
  }

  @Test
  void thumbnailsOfAnySizeAgree() throws Exception {
    Module e =
        Models.downscaler(
            DownscalerKind.BICUBIC, new Reduction(32, 11), DownscalerTest.COLORS, CPU, null);
    Architecture architecture = Architecture.of("resnet18", CLASSES).withWidth(0.25);
    agree(new Sequential(e, Models.classifier(architecture, CPU, new Rng(5))), 96, 64);
  }

  @ParameterizedTest
  @EnumSource(DownscalerKind.class)
  void studentsWithTheirDownscalersAgree(DownscalerKind kind) throws Exception {
    Architecture architecture = Architecture.of("resnet18", CLASSES).withWidth(0.25);
    for (Reduction reduction : Reduction.CLASSIC) {
      Module e = Models.downscaler(kind, reduction, DownscalerTest.COLORS, CPU, new Rng(4));
      Module s = Models.classifier(architecture, CPU, new Rng(5));
      agree(new Sequential(e, s), 128, 96);
    }
  }

  @Test
  void refusesWhatOnlyTrainingComputes(@TempDir Path folder) throws Exception {
    Module model = Models.classifier(Architecture.of("vgg11", CLASSES).withWidth(0.1), CPU);
    Tensor example = Tensor.zeros(CPU, 1, 32, 32, 3);
    Path file = folder.resolve("model.onnx");
    assertThatThrownBy(() -> Onnx.write(model, example, file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Dropout")
        .hasMessageContaining("eval()");
    Module normalized = Models.classifier(Architecture.of("vgg11_bn", CLASSES).withWidth(0.1), CPU);
    assertThatThrownBy(() -> Onnx.write(normalized, Tensor.zeros(CPU, 2, 32, 32, 3), file))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("eval()");
    model.eval();
    assertThatThrownBy(() -> Onnx.write(model, Tensor.zeros(CPU, 1, 32), file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("(1, 32)");
    try (var _ = Autograd.noGrad()) {
      assertThatThrownBy(() -> Onnx.write(model, example, file))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("noGrad");
    }
    assertThatThrownBy(() -> Onnx.write(model, example, folder.resolve("missing/model.onnx")))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("missing");
    Onnx.write(model, example, file);
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    Onnx.write(model, example, stream);
    assertThat(Files.readAllBytes(file)).isEqualTo(stream.toByteArray());
  }

  /** Exports a network once and compares its results for several batch sizes. */
  private static void agree(Module network, int height, int width) throws OrtException {
    scramble(network, new Rng(6));
    network.eval();
    Rng rng = new Rng(7);
    float[] pictures = new float[BATCH * height * width * 3];
    for (int i = 0; i < pictures.length; i++) {
      pictures[i] = (float) rng.nextGaussian();
    }
    double[] expected;
    try (var _ = Autograd.noGrad()) {
      expected = network.forward(Tensor.of(CPU, pictures, BATCH, height, width, 3)).toDoubleArray();
    }
    ByteArrayOutputStream model = new ByteArrayOutputStream();
    Onnx.write(network, Tensor.zeros(CPU, 1, height, width, 3), model);
    // The logits of one picture have much in common with another's, which must not hide errors.
    double tolerance = 1e-4 * spread(expected);
    try (OrtSession session = OrtEnvironment.getEnvironment().createSession(model.toByteArray())) {
      for (int batch : new int[] {1, BATCH}) {
        float[] actual = OnnxRun.logits(session, pictures, batch, height, width);
        assertThat(actual).hasSize(batch * CLASSES);
        assertClose(expected, actual, tolerance);
      }
    }
    readBack(model.toByteArray(), Tensor.of(CPU, pictures, BATCH, height, width, 3), expected);
  }

  /** What was exported comes back as a module with the same weights and results. */
  private static void readBack(byte[] model, Tensor pictures, double[] expected) {
    OnnxModel back = OnnxModel.read(CPU, model);
    double tolerance = 1e-4 * spread(expected);
    try (var _ = Autograd.noGrad()) {
      assertClose(expected, back.forward(pictures).toArray(), tolerance);
    }
    Plan plan = Plan.compile(back, CPU, pictures.shape());
    assertClose(expected, plan.run(pictures).toArray(), tolerance);
  }

  private static void assertClose(double[] expected, float[] actual, double tolerance) {
    for (int i = 0; i < actual.length; i++) {
      assertThat((double) actual[i]).isCloseTo(expected[i], within(tolerance));
    }
  }

  /** Gives all weights that start as zeros or ones values that matter, and statistics too. */
  private static void scramble(Module network, Rng rng) {
    for (Module m : network.modules()) {
      if (m instanceof BatchNorm2d norm) {
        if (norm.affine()) {
          norm.weight().tensor().fill(() -> 0.7 + 0.6 * rng.nextDouble());
          norm.bias().tensor().fill(() -> 0.2 * rng.nextGaussian());
        }
        norm.runningMean().fill(() -> 0.2 * rng.nextGaussian());
        norm.runningVariance().fill(() -> 0.5 + rng.nextDouble());
      } else if (m instanceof Conv2d conv) {
        double deviation =
            Math.sqrt(2.0 * conv.weight().tensor().dim(3) / conv.weight().tensor().size());
        conv.weight().tensor().fill(() -> deviation * rng.nextGaussian());
        if (conv.bias() != null) {
          conv.bias().tensor().fill(() -> 0.1 * rng.nextGaussian());
        }
      }
    }
    network
        .namedParameters()
        .forEach(
            (name, p) -> {
              if (name.contains(".level")) { // of MULLER
                p.tensor().fill(rng::nextGaussian);
              }
            });
  }

  /** Returns by how much a logit differs at most between pictures. */
  private static double spread(double[] logits) {
    double spread = 0;
    for (int i = CLASSES; i < logits.length; i++) {
      spread = Math.max(spread, Math.abs(logits[i] - logits[i % CLASSES]));
    }
    assertThat(spread).isPositive();
    return spread;
  }
}
