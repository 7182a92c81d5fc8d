package dev.thumbnet.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.io.SafeTensors;
import dev.thumbnet.engine.io.SafeTensorsException;
import dev.thumbnet.engine.io.SafeTensorsWriter;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.Models;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Weights of torchvision alone, by their names and shapes, become a model, whatever PyTorch and its
 * tools did to them, or what the file holds is said.
 */
final class TorchvisionWeightsTest {
  static final List<String> NETWORKS = Architecture.NAMES;

  private static final Preprocessing SHOWN = Preprocessing.photographs(64);
  private static final String COUNTER = "num_batches_tracked";

  @TempDir Path temp;

  /** The shapes of a network's tensors in PyTorch, by name. */
  private static Map<String, long[]> shapes(String network) {
    Classifier meta = Models.classifier(Architecture.of(network, 5), Device.meta());
    Map<String, long[]> shapes = new LinkedHashMap<>();
    for (String name : meta.stateNames()) {
      var tensor = meta.state().tensors().get(name);
      shapes.put(name, tensor == null ? new long[0] : torchShape(tensor.shape()));
    }
    return shapes;
  }

  private static long[] torchShape(Shape shape) {
    return switch (shape.rank()) {
      case 4 -> new long[] {shape.dim(3), shape.dim(2), shape.dim(0), shape.dim(1)};
      case 2 -> new long[] {shape.dim(1), shape.dim(0)};
      default -> Arrays.stream(shape.toArray()).asLongStream().toArray();
    };
  }

  /** A file of zeros, which take no place on the disk, nor in memory as long as none is read. */
  private Path file(Map<String, long[]> shapes) throws IOException {
    StringBuilder header = new StringBuilder("{");
    long end = 0;
    for (Map.Entry<String, long[]> tensor : shapes.entrySet()) {
      boolean counter = tensor.getKey().endsWith(COUNTER);
      long begin = end;
      end += (counter ? 8 : 4) * LongStream.of(tensor.getValue()).reduce(1, (a, b) -> a * b);
      header
          .append(header.length() > 1 ? "," : "")
          .append("\"" + tensor.getKey() + "\":{\"dtype\":\"" + (counter ? "I64" : "F32"))
          .append("\",\"shape\":" + Arrays.toString(tensor.getValue()))
          .append(",\"data_offsets\":[" + begin + "," + end + "]}");
    }
    byte[] text = header.append("}").toString().getBytes(StandardCharsets.UTF_8);
    Path path = Files.createTempFile(temp, "w", ".safetensors");
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.write(
          ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).array());
      file.write(text);
      file.setLength(8 + text.length + end);
    }
    return path;
  }

  private Recognition recognise(Map<String, long[]> shapes) throws IOException {
    try (SafeTensors file = SafeTensors.open(file(shapes))) {
      return Recognition.of(file, "net.safetensors");
    }
  }

  private static Map<String, long[]> renamed(
      Map<String, long[]> shapes, UnaryOperator<String> name) {
    Map<String, long[]> renamed = new LinkedHashMap<>();
    shapes.forEach((old, shape) -> renamed.put(name.apply(old), shape));
    return renamed;
  }

  private void refused(Map<String, long[]> shapes, String... said) {
    assertThatThrownBy(() -> recognise(shapes))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("net.safetensors ")
        .satisfies(e -> assertThat(e.getMessage()).contains(said).doesNotContain("()", "\n"));
  }

  @ParameterizedTest
  @FieldSource("NETWORKS")
  void networksShowInTheirTensors(String name) throws IOException {
    Recognition found = recognise(shapes(name));
    assertThat(found.architecture()).isEqualTo(Architecture.of(name, 5));
    assertThat(found.prefix()).isEmpty();
    assertThat(found.fit().ignored()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "module.",
        "model.",
        "_orig_mod.",
        "state_dict.",
        "backbone.",
        "encoder.",
        "net.",
        "network.",
        "_orig_mod.module.",
        "model.net.",
        "a.b.c.d.e.f.g.h.",
        "layer1.",
        "fc."
      })
  void namesMayHaveAPrefix(String prefix) throws IOException {
    for (String network : List.of("resnet50", "vgg13_bn")) {
      Recognition found = recognise(renamed(shapes(network), name -> prefix + name));
      assertThat(found.architecture().name()).isEqualTo(network);
      assertThat(found.prefix()).isEqualTo(prefix);
    }
  }

  /** As of PyTorch before 0.4.1, of old pickles, of tools that count. */
  @Test
  void countersDoNotMatter() throws IOException {
    Map<String, long[]> none = shapes("resnet18");
    none.keySet().removeIf(name -> name.endsWith(COUNTER));
    assertThat(recognise(none).architecture().name()).isEqualTo("resnet18");
    Map<String, long[]> one = shapes("resnet18");
    one.replaceAll((name, shape) -> name.endsWith(COUNTER) ? new long[] {1} : shape);
    assertThat(recognise(one).architecture().name()).isEqualTo("resnet18");
    Map<String, long[]> more = shapes("vgg11");
    more.put("features.1." + COUNTER, new long[0]);
    assertThat(recognise(more).architecture().name()).isEqualTo("vgg11");
  }

  @Test
  void whatIsNoLayerIsLeftOut() throws IOException {
    Map<String, long[]> shapes = renamed(shapes("resnet18"), name -> "model." + name);
    shapes.put("model.layer1.0.conv1.total_ops", new long[] {1});
    shapes.put("model.optimizer_step", new long[0]);
    shapes.put("model.mean", new long[] {1, 3, 1, 1});
    shapes.put("criterion.weight", new long[] {5});
    Recognition found = recognise(shapes);
    assertThat(found.architecture().name()).isEqualTo("resnet18");
    assertThat(found.fit().ignored())
        .containsExactly("layer1.0.conv1.total_ops", "optimizer_step", "mean");
  }

  @Test
  void averagesBesideTheNetworkAreLeftOut() throws IOException {
    Map<String, long[]> shapes = shapes("resnet18");
    shapes.putAll(renamed(shapes("resnet18"), name -> "ema." + name));
    assertThat(recognise(shapes).prefix()).isEmpty();
    Map<String, long[]> pair = renamed(shapes("resnet18"), name -> "student." + name);
    pair.putAll(renamed(shapes("resnet18"), name -> "teacher." + name));
    refused(pair, "several networks", "\"student.\" and \"teacher.\"");
  }

  @Test
  void relativesAreNotMistaken() {
    Map<String, long[]> deeper = shapes("resnet50");
    shapes("resnet50")
        .forEach(
            (name, shape) -> {
              if (name.startsWith("layer3.5.")) {
                deeper.put(name.replace("layer3.5.", "layer3.6."), shape);
              }
            });
    refused(deeper, "most like resnet50", "layer3.6.conv1.weight", "resnet101");
    Map<String, long[]> excited = shapes("resnet50");
    excited.put("layer1.0.se.fc1.weight", new long[] {16, 256});
    refused(excited, "squeeze-and-excitation");
    Map<String, long[]> biased = shapes("resnet18");
    biased.put("conv1.bias", new long[] {64});
    refused(biased, "most like resnet18", "conv1.bias");
    Map<String, long[]> gray = renamed(shapes("resnet18"), name -> "module." + name);
    gray.put("module.conv1.weight", new long[] {64, 1, 7, 7});
    refused(gray, "resnet18", "\"module.\"", "[64, 1, 7, 7] instead of F32 [64, 3, 7, 7]");
    Map<String, long[]> headless = shapes("resnet34");
    headless.remove("fc.weight");
    headless.remove("fc.bias");
    refused(headless, "most like resnet34", "2 tensors missing: fc.weight, fc.bias");
  }

  @ParameterizedTest
  @CsvSource({"fc.weight", "fc.bias", "conv1.weight", "bn1.running_mean", "layer1.0.conv1.weight"})
  void aScalarIsNoMatrix(String name) {
    Map<String, long[]> shapes = shapes("resnet18");
    shapes.put(name, new long[0]);
    refused(shapes, "resnet18", name + " F32 [] instead of F32 [");
  }

  @ParameterizedTest
  @CsvSource({
    "features.denseblock1.denselayer1.conv1.weight, DenseNet",
    "blocks.0.attn.qkv.weight, vision transformer",
    "features.1.conv.0.0.weight, MobileNet",
    "model.layers.0.self_attn.q_proj.weight, language model",
    "x.y.weight, called x.y.weight"
  })
  void otherNetworksAreNamed(String tensor, String said) {
    refused(Map.of(tensor, new long[] {4, 4}), said, "resnext50_32x4d");
  }

  @Test
  void aFileWithoutTensorsIsRefused() {
    refused(Map.of(), "none of torchvision's networks");
  }

  @Test
  void theModelIsTheNetwork() {
    try (Device device = Device.cpu(1)) {
      Classifier network = Models.classifier(Architecture.of("resnet18", 3), device, new Rng(1));
      Path weights = temp.resolve("resnet18.safetensors");
      SafeTensorsWriter writer = new SafeTensorsWriter();
      Models.stateDict(network).putInto(writer);
      writer.write(weights);
      List<String> names = List.of("cat", "dog", "fox");
      TrainedModel model = TorchvisionWeights.read(weights, names, SHOWN, device);
      assertThat(model.classes()).isEqualTo(names);
      assertThat(model.usesThumbnails()).isFalse();
      assertThat(model.preprocessing()).isEqualTo(SHOWN);
      assertThat(Provenance.fingerprint(model.network()))
          .isEqualTo(Provenance.fingerprint(network));
      assertThat(TorchvisionWeights.read(weights, List.of(), SHOWN, device).classes())
          .containsExactly("class 0", "class 1", "class 2");
      assertThatThrownBy(
              () -> TorchvisionWeights.read(weights, List.of("cat", "dog"), SHOWN, device))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("3 classes")
          .hasMessageContaining("names for 2");

      Path file = temp.resolve("model.safetensors");
      model.save(file);
      assertThatThrownBy(() -> TorchvisionWeights.read(file, names, SHOWN, device))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("is a model of this program already");
    }
  }

  @Test
  void picturesThatTheNetworkDoesNotTakeAreRefused() throws IOException {
    Path weights = file(shapes("vgg11"));
    try (Device device = Device.cpu(1)) {
      assertThatThrownBy(
              () -> TorchvisionWeights.read(weights, List.of(), Preprocessing.unscaled(16), device))
          .isInstanceOf(ModelException.class)
          .hasMessageStartingWith(weights + " holds a vgg11, which takes no pictures of 16 pixels");
    }
  }

  /** A network under a prefix, in half precision, with a number that is none. */
  @Test
  void numbersThatAreNoneAreNamed() throws IOException {
    Map<String, long[]> shapes = renamed(shapes("resnet18"), name -> "module." + name);
    Path weights = file(shapes);
    try (Device device = Device.cpu(1)) {
      TrainedModel model = TorchvisionWeights.read(weights, List.of(), SHOWN, device);
      assertThat(model.provenance().settings()).containsEntry("torchvision.prefix", "module.");
      try (RandomAccessFile file = new RandomAccessFile(weights.toFile(), "rw")) {
        file.seek(file.length() - 1);
        file.write(0x7F); // the last class's bias
        file.seek(file.length() - 2);
        file.write(0xC0);
      }
      assertThatThrownBy(() -> TorchvisionWeights.read(weights, List.of(), SHOWN, device))
          .isInstanceOf(SafeTensorsException.class)
          .hasMessageStartingWith(weights + ": tensor \"module.fc.bias\" has NaN at [4]");
    }
  }
}
