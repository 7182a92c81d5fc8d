package dev.thumbnet.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.data.transform.Normalize;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.io.SafeTensors;
import dev.thumbnet.engine.io.SafeTensorsException;
import dev.thumbnet.engine.io.SafeTensorsWriter;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Models;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.testing.MixedFactors;
import dev.thumbnet.testing.TinyPictures;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A model comes back from its file as it was, and other files are refused. */
final class TrainedModelTest {
  private static final Device CPU = Device.cpu();
  private static final List<String> CLASSES = List.of("a b", "ü\"\\\n", "");
  private static final Preprocessing SHOWN =
      new Preprocessing(
          80, 64, new Normalize(new float[] {.1f, .2f, 1 / 3f}, new float[] {.5f, .6f, 1e-3f}));

  @TempDir private Path folder;

  private static TrainedModel model(
      Architecture architecture, DownscalerKind kind, Reduction reduction) {
    Classifier network = Models.classifier(architecture, CPU, new Rng(1));
    Rng rng = new Rng(5);
    network.namedBuffers().values().forEach(b -> perturb(b, rng));
    var downscaler =
        kind == null ? null : Models.downscaler(kind, reduction, SHOWN.colors(), CPU, new Rng(2));
    if (downscaler != null) {
      downscaler.state().tensors().values().forEach(t -> perturb(t, rng));
    }
    Provenance provenance = Provenance.on(CPU).with("recipe.epochs", 7).with("odd", "x=y\nz");
    return new TrainedModel(CPU, network, downscaler, CLASSES, SHOWN, provenance);
  }

  private static void perturb(Tensor t, Rng rng) {
    double[] values = t.toDoubleArray();
    for (int i = 0; i < values.length; i++) {
      values[i] += .2 * rng.nextDouble();
    }
    t.copyFrom(values);
  }

  private static Tensor pictures() {
    Rng rng = new Rng(3);
    double[] values = new double[2 * 64 * 64 * 3];
    for (int i = 0; i < values.length; i++) {
      values[i] = rng.nextGaussian();
    }
    return Tensor.of(CPU, values, 2, 64, 64, 3);
  }

  private void checkRoundTrip(TrainedModel model) {
    Path file = folder.resolve("model.safetensors");
    model.save(file);
    TrainedModel read = TrainedModel.load(file, CPU);
    assertThat(read.network().architecture()).isEqualTo(model.network().architecture());
    assertThat(read.classes()).isEqualTo(CLASSES);
    assertThat(read.preprocessing().size()).isEqualTo(64);
    assertThat(read.preprocessing().shortSide()).isEqualTo(80);
    assertThat(read.preprocessing().normalize().mean()).isEqualTo(SHOWN.normalize().mean());
    assertThat(read.preprocessing().normalize().std()).isEqualTo(SHOWN.normalize().std());
    assertThat(read.provenance()).isEqualTo(model.provenance());
    assertThat(read.usesThumbnails()).isEqualTo(model.usesThumbnails());
    assertThat(read.inputSize()).isEqualTo(model.inputSize());
    assertThat(read.macs()).isEqualTo(model.macs());
    assertThat(read.logits(pictures()).toArray()).isEqualTo(model.logits(pictures()).toArray());
    assertThat(counters(read.network())).isEqualTo(counters(model.network()));
  }

  private static Map<String, Long> counters(Module module) {
    return module.state().counters();
  }

  static List<Architecture> architectures() {
    List<Architecture> all = new ArrayList<>();
    for (String name : Architecture.NAMES) {
      all.add(Architecture.of(name, 3).withWidth(1 / 32.0));
    }
    all.add(Architecture.of("vgg11", 3).withWidth(1 / 32.0).withHidden(0));
    all.add(Architecture.of("resnet34", 3).withWidth(1 / 32.0).withSmallInput());
    all.add(Architecture.of("resnet18", 3).withWidth(1 / 32.0).withFront("patch4"));
    all.add(Architecture.of("resnet50", 3).withWidth(1 / 32.0).withFront("dct2"));
    all.add(MixedFactors.of(Architecture.of("resnet34", 3).withWidth(1 / 32.0).withSmallInput()));
    all.add(MixedFactors.of(Architecture.of("vgg13", 3).withWidth(1 / 32.0).withHidden(0)));
    return all;
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void classifiersComeBack(Architecture architecture) {
    checkRoundTrip(model(architecture, null, null));
    if (architecture.takes(32)) {
      checkRoundTrip(model(architecture, DownscalerKind.PLAIN, Reduction.FOUR_TO_ONE));
    }
  }

  @ParameterizedTest
  @EnumSource(DownscalerKind.class)
  void downscalersComeBack(DownscalerKind kind) {
    checkRoundTrip(model(TinyPictures.architecture(), kind, Reduction.SIXTEEN_TO_ONE));
  }

  /** Files of before say 2 and 4, which stay as they are; others have two sides. */
  @Test
  void thumbnailsOfAnySizeComeBack() {
    for (Reduction reduction : List.of(new Reduction(64, 23), new Reduction(8, 1))) {
      TrainedModel model = model(TinyPictures.architecture(), DownscalerKind.BICUBIC, reduction);
      checkRoundTrip(model);
      try (SafeTensors file = SafeTensors.open(folder.resolve("model.safetensors"))) {
        assertThat(file.metadata().get("factor")).isEqualTo(reduction.factor().toString());
        assertThat(file.metadata()).doesNotContainKey("front");
      }
    }
    assertThat(model(TinyPictures.architecture(), null, null).onThumbnails(new Reduction(64, 23)))
        .hasToString("resnet18 of width 0.0625, 3 classes, thumbnails of 23 from 64 pixels");
  }

  @Test
  void frontsAreNamedInTheirFiles() {
    Path file = folder.resolve("model.safetensors");
    model(TinyPictures.architecture().withFront("dct4"), null, null).save(file);
    try (SafeTensors read = SafeTensors.open(file)) {
      assertThat(read.metadata()).containsEntry("front", "dct4");
      assertThat(read.tensor("front.basis").shape()).containsExactly(4, 4, 1, 24);
      assertThat(read.tensor("conv1.weight").shape()).containsExactly(4, 24, 7, 7);
    }
    assertThatThrownBy(() -> TrainedModel.load(changed("front", "patch4"), CPU))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("student.conv1.weight")
        .hasMessageContaining("\"front\" is patch4");
  }

  @Test
  void filesHaveTorchvisionsNamesAndLayouts() {
    Path file = folder.resolve("model.safetensors");
    TrainedModel plain = model(TinyPictures.architecture(), null, null);
    plain.save(file);
    try (SafeTensors read = SafeTensors.open(file)) {
      assertThat(read.tensors().keySet())
          .containsExactlyInAnyOrderElementsOf(plain.network().stateNames());
      assertThat(read.tensor("conv1.weight").shape()).containsExactly(4, 3, 7, 7);
      assertThat(read.tensor("fc.weight").shape()).containsExactly(3, 32);
    }
    TrainedModel pair =
        model(TinyPictures.architecture(), DownscalerKind.PLAIN, Reduction.FOUR_TO_ONE);
    pair.save(file);
    try (SafeTensors read = SafeTensors.open(file)) {
      assertThat(read.tensor("student.conv1.weight").shape()).containsExactly(4, 3, 7, 7);
      assertThat(read.tensor("downscaler.layers.0.weight").shape()).containsExactly(16, 3, 5, 5);
      assertThat(read.tensors().keySet())
          .allMatch(n -> n.startsWith("student.") || n.startsWith("downscaler."));
    }
  }

  @Test
  void otherFilesAreRefused() throws Exception {
    Path file = folder.resolve("model.safetensors");
    assertThatThrownBy(() -> TrainedModel.load(file, CPU))
        .isInstanceOf(SafeTensorsException.class)
        .hasMessageContaining(file.toString());
    Files.writeString(file, "not at all");
    assertThatThrownBy(() -> TrainedModel.load(file, CPU)).isInstanceOf(SafeTensorsException.class);
    new SafeTensorsWriter().put("conv1.weight", new long[] {1}, new float[1]).write(file);
    assertThatThrownBy(() -> TrainedModel.load(file, CPU))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no model of this program");
  }

  /** Writes a good model again with one entry of its metadata changed or, for null, left out. */
  private Path changed(String key, String value) {
    Path good = folder.resolve("good");
    Path bad = folder.resolve("bad");
    model(TinyPictures.architecture(), DownscalerKind.PLAIN, Reduction.FOUR_TO_ONE).save(good);
    SafeTensorsWriter writer = new SafeTensorsWriter();
    try (SafeTensors file = SafeTensors.open(good)) {
      Map<String, String> metadata = new HashMap<>(file.metadata());
      metadata.put(key, value);
      metadata.forEach(
          (k, v) -> {
            if (v != null) {
              writer.metadata(k, v);
            }
          });
      file.tensors()
          .forEach(
              (name, entry) -> {
                if (entry.dtype().isFloat()) {
                  writer.put(name, entry.shape(), entry.floats());
                } else {
                  writer.put(name, entry.dtype(), entry.shape(), entry.longs());
                }
              });
      writer.write(bad);
    }
    return bad;
  }

  @Test
  void contradictionsAreNamed() {
    assertThatThrownBy(() -> TrainedModel.load(changed("version", "2"), CPU))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("version 2");
    assertThatThrownBy(() -> TrainedModel.load(changed("mean", null), CPU))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"mean\"");
    assertThatThrownBy(() -> TrainedModel.load(changed("width", "wide"), CPU))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"width\" is wide");
    assertThatThrownBy(() -> TrainedModel.load(changed("downscaler", "MAGIC"), CPU))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("MAGIC");
    assertThatThrownBy(() -> TrainedModel.load(changed("network", "resnet34"), CPU))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("layer1.2");
    assertThatThrownBy(() -> TrainedModel.load(changed("width", "0.25"), CPU))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("student.conv1.weight");
    assertThatThrownBy(() -> TrainedModel.load(changed("factor", "3"), CPU))
        .isInstanceOf(ModelException.class)
        .hasMessageEndingWith("\"factor\" is 3 in its metadata, not 2, 4 or 8");
    assertThatThrownBy(() -> TrainedModel.load(changed("downscaler", "none"), CPU))
        .isInstanceOf(ModelException.class);
  }

  /** Whatever the metadata say: the failure names file, key and value, before anything is built. */
  @ParameterizedTest
  @CsvSource({
    "network, resnet1018",
    "network, ''",
    "width, 0",
    "width, -1",
    "width, NaN",
    "width, 1e308",
    "width, 17",
    "width, 0x",
    "smallInput, TRUE",
    "hidden, -1",
    "hidden, 64",
    "hidden, 1e9",
    "factors, svd:1",
    "factors, 'svd:0,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-'",
    "factors, 'svd:999999999,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-'",
    "downscaler, plain",
    "factor, 3",
    "factor, 28/9",
    "factor, 2/2",
    "front, dct8",
    "factor, 0",
    "factor, -2147483648",
    "size, 0",
    "size, -64",
    "size, 1000000000",
    "size, 8001",
    "size, 65",
    "size, 6.4",
    "size, 3",
    "shortSide, -1",
    "shortSide, 2000000000",
    "shortSide, ''",
    "mean, NaN 0 0",
    "mean, 0 0",
    "mean, 0 0 0 0",
    "mean, 1e30 0 0",
    "mean, Infinity 0 0",
    "std, 0 1 1",
    "std, -1 1 1",
    "std, 1 1 NaN",
    "std, 1e-38 1 1",
    "std, 1 1 1e30",
    "classes, 0",
    "classes, -3",
    "classes, 99999999999",
    "classes, three",
    "exifOrientation, maybe"
  })
  void impossibleValuesAreNamed(String key, String value) {
    Path bad = changed(key, value);
    String shown = key.equals("mean") && value.startsWith("1e30") ? "std" : key;
    for (Executable loading :
        List.<Executable>of(
            () -> TrainedModel.load(bad, CPU),
            () -> {
              try (InputStream in = Files.newInputStream(bad)) {
                TrainedModel.load(in, bad.toString(), CPU);
              }
            })) {
      assertThatThrownBy(loading::execute)
          .isInstanceOf(ModelException.class)
          .hasMessageStartingWith(bad + " is damaged: \"" + shown + "\" is ")
          .hasMessageContaining(shown.equals(key) ? " is " + value + " in its metadata" : "");
    }
  }

  /** Each is a number that a network can have, but not one of these tensors. */
  @ParameterizedTest
  @CsvSource({
    "width, 16, student.conv1.weight",
    "classes, 2, student.fc.weight",
    "smallInput, true, student.conv1.weight",
    "network, resnet152, student.layer1.0.conv3.weight",
    "factor, 4, ''",
    "downscaler, PLAIN_WIDE, downscaler.layers.0.weight",
    "downscaler, none, '102 tensors missing: conv1.weight'"
  })
  void metadataAndTensorsMustAgree(String key, String value, String named) {
    if (key.equals("factor")) {
      assertThat(TrainedModel.load(changed(key, value), CPU).inputSize()).isEqualTo(16);
      return; // the same weights make smaller thumbnails
    }
    Path bad = changed(key, value);
    assertThatThrownBy(() -> TrainedModel.load(bad, CPU))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(bad.toString())
        .hasMessageContaining(named);
  }

  /** Nothing of 120 gigabytes is allocated. */
  @Test
  void aNetworkIsNotBuiltBeforeItsTensorsAreSeen() throws IOException {
    Path file = folder.resolve("huge");
    SafeTensorsWriter writer = new SafeTensorsWriter();
    Map.of(
            "format",
            "thumbnet-model",
            "version",
            "1",
            "network",
            "vgg19",
            "width",
            "16",
            "smallInput",
            "false",
            "hidden",
            "4096",
            "downscaler",
            "none",
            "classes",
            "1",
            "class.0",
            "a",
            "size",
            "64")
        .forEach(writer::metadata);
    writer.metadata("shortSide", "64").metadata("mean", "0 0 0").metadata("std", "1 1 1");
    writer.put("features.0.weight", new long[] {1}, new float[1]).write(file);
    assertThatThrownBy(() -> TrainedModel.load(file, CPU))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(file + " is damaged");
  }

  /** What has come from macOS, from Windows' editors, from anywhere. */
  @Test
  void namesOfClassesHaveOneForm() {
    Classifier network = Models.classifier(TinyPictures.architecture(), CPU);
    List<String> written = List.of("u\u0308ber", "\uFEFFtench", "\u00fcber");
    TrainedModel model = new TrainedModel(CPU, network, null, written, SHOWN, Provenance.on(CPU));
    assertThat(model.classes()).containsExactly("\u00fcber", "tench", "\u00fcber");
  }

  @Test
  void messagesAreOnePlainLine() {
    assertThatThrownBy(
            () -> TrainedModel.load(changed("width", "\u001b[31m\n\u202e" + "9".repeat(5000)), CPU))
        .isInstanceOf(ModelException.class)
        .satisfies(
            e -> {
              assertThat(e.getMessage()).hasSizeLessThan(2100).doesNotContain("\u001b", "\n");
              assertThat(e.getMessage()).doesNotContain("\u202e");
            });
  }
}
