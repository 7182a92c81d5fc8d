package dev.thumbnet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import dev.thumbnet.cli.Program.Outcome;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.io.DType;
import dev.thumbnet.engine.io.SafeTensors;
import dev.thumbnet.engine.io.SafeTensorsWriter;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Models;
import dev.thumbnet.model.OnnxRun;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.pipeline.Preprocessing;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.pipeline.TrainedModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that come from and go to other programs. */
final class ExchangeCommandsTest {
  private static final int SIZE = 64;
  private static final List<String> CLASSES = List.of("cat", "dog", "fox");

  @TempDir Path temp;

  @Test
  void torchvisionsWeightsBecomeAModel() throws IOException {
    Path weights = temp.resolve("resnet18.safetensors");
    try (Device device = Device.cpu(1)) {
      SafeTensorsWriter writer = new SafeTensorsWriter();
      Classifier network = Models.classifier(Architecture.of("resnet18", 3), device, new Rng(1));
      Models.stateDict(network).putInto(writer);
      writer.write(weights);
    }
    Path names = temp.resolve("names.txt");
    Files.writeString(names, "cat\nEgyptian dog \n\nfox\n");
    Path model = temp.resolve("model.safetensors");
    Outcome imported =
        Program.run(
            "import", weights.toString(), "--classes=" + names, "--size=56", "--out=" + model);
    assertThat(imported.err()).isEmpty();
    assertThat(imported.out()).contains("resnet18, 3 classes, full pictures of 56 pixels");
    Outcome info = Program.run("info", model.toString());
    assertThat(info.out())
        .contains("cat, Egyptian dog, fox")
        .contains("torchvision.weights = resnet18.safetensors");

    Outcome again = Program.run("import", weights.toString(), "--out=" + model);
    assertThat(again.code()).isEqualTo(1);
    assertThat(again.err()).contains("exists already");
    Path other = temp.resolve("other.safetensors");
    Files.writeString(names, "cat\n");
    Outcome few = Program.run("import", weights.toString(), "--classes=" + names, "--out=" + other);
    assertThat(few.err()).startsWith("thumbnet: ").contains("3 classes").contains("names for 1");
    Files.write(names, new byte[] {'a', (byte) 0xff});
    Outcome garbled =
        Program.run("import", weights.toString(), "--classes=" + names, "--out=" + other);
    assertThat(garbled.err()).startsWith("thumbnet: --classes").contains("UTF-8");
    assertThat(other).doesNotExist();
  }

  /** As PyTorch's tools leave them behind, with names of classes as editors of Windows do. */
  @Test
  void weightsMayHaveBeenThroughTools() throws IOException {
    Path weights = temp.resolve("parallel.safetensors");
    try (Device device = Device.cpu(1)) {
      Classifier network = Models.classifier(Architecture.of("resnet18", 3), device, new Rng(1));
      SafeTensorsWriter plain = new SafeTensorsWriter();
      Models.stateDict(network).putInto(plain);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      plain.write(bytes);
      SafeTensorsWriter writer = new SafeTensorsWriter();
      for (var entry : SafeTensors.of("plain", bytes.toByteArray()).tensors().values()) {
        if (entry.isFloat()) {
          writer.put("_orig_mod.module." + entry.name(), entry.shape(), entry.floats());
        }
      }
      writer.put("_orig_mod.module.epoch", DType.I64, new long[0], new long[] {3}).write(weights);
    }
    Path names = temp.resolve("names.txt");
    Files.writeString(names, "\uFEFFtench\r\nu\u0308ber\r\ntench\r\n");
    Path model = temp.resolve("model.safetensors");
    Outcome imported =
        Program.run("import", weights.toString(), "--classes=" + names, "--out=" + model);
    assertThat(imported.err()).isEmpty();
    assertThat(Program.run("info", model.toString()).out())
        .contains("tench, \u00fcber, tench (2)")
        .contains("torchvision.prefix = _orig_mod.module.");
    Outcome again = Program.run("import", model.toString(), "--out=" + temp.resolve("again"));
    assertThat(again.code()).isEqualTo(1);
    assertThat(again.err()).contains("is a model of this program already");
  }

  @Test
  void whatIsNoNetworkIsRefusedInALine() throws IOException {
    Path out = temp.resolve("model.safetensors");
    Path pointer = temp.resolve("w.safetensors");
    Files.writeString(pointer, "version https://git-lfs.github.com/spec/v1\noid sha256:1\n");
    for (String command : List.of("import", "info")) {
      Outcome outcome =
          command.equals("import")
              ? Program.run("import", pointer.toString(), "--out=" + out)
              : Program.run("info", pointer.toString());
      assertThat(outcome.code()).isEqualTo(1);
      assertThat(outcome.err().lines()).hasSize(1);
      assertThat(outcome.err()).startsWith("thumbnet: " + pointer + ": is a Git LFS pointer");
    }
    Path scalar = temp.resolve("scalar.safetensors");
    new SafeTensorsWriter()
        .put("fc.weight", new long[0], new float[1])
        .put("layer4.0.conv1.weight", new long[] {5}, new float[5])
        .write(scalar);
    Outcome outcome = Program.run("import", scalar.toString(), "--out=" + out);
    assertThat(outcome.err().lines()).hasSize(1);
    assertThat(outcome.err())
        .startsWith("thumbnet: " + scalar)
        .doesNotContain("internal error", "()");
    assertThat(out).doesNotExist();
  }

  @Test
  void exportedModelsSayWhatTheyAre() throws Exception {
    List<String> classes = List.of("\u00fcber \"quoted\"", "line\nbreak", "fox");
    try (Device device = Device.cpu(1)) {
      TrainedModel student = model(DownscalerKind.PLAIN, classes, device);
      Path file = temp.resolve("student.safetensors");
      student.save(file);
      Path all = temp.resolve("all.onnx");
      assertThat(Program.run("export", file.toString(), "--out=" + all).code()).isZero();
      Map<String, String> expected =
          Map.of(
              "classes", "[\"\u00fcber \\\"quoted\\\"\",\"line\\nbreak\",\"fox\"]",
              "size", "64",
              "mean", "[0.485, 0.456, 0.406]",
              "std", "[0.229, 0.224, 0.225]");
      assertThat(metadataProps(Files.readAllBytes(all))).isEqualTo(expected);
      Path part = temp.resolve("part.onnx");
      Program.run("export", file.toString(), "--part=classifier", "--out=" + part);
      assertThat(metadataProps(Files.readAllBytes(part))).containsEntry("size", "32");
    }
  }

  /** Reads field 14 of an ONNX model, entries of a key (1) and a value (2), by hand. */
  private static Map<String, String> metadataProps(byte[] model) {
    Map<String, String> props = new HashMap<>();
    ByteBuffer in = ByteBuffer.wrap(model);
    while (in.hasRemaining()) {
      long tag = varint(in);
      if ((tag & 7) == 0) {
        varint(in);
        continue;
      }
      assertThat(tag & 7).isEqualTo(2);
      byte[] content = new byte[(int) varint(in)];
      in.get(content);
      if (tag >>> 3 == 14) {
        ByteBuffer entry = ByteBuffer.wrap(content);
        props.put(text(entry, 1), text(entry, 2));
      }
    }
    return props;
  }

  private static String text(ByteBuffer in, int field) {
    assertThat(varint(in)).isEqualTo(field << 3 | 2);
    byte[] utf8 = new byte[(int) varint(in)];
    in.get(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte b = in.get();
      value |= (long) (b & 0x7F) << shift;
      if (b >= 0) {
        return value;
      }
    }
  }

  @Test
  void exportedModelsGiveTheSameLogits() throws Exception {
    try (Device device = Device.cpu(1)) {
      TrainedModel student = model(DownscalerKind.PLAIN, device);
      Path file = temp.resolve("student.safetensors");
      student.save(file);
      float[] pictures = numbers(2 * SIZE * SIZE * 3);
      Path all = temp.resolve("all.onnx");
      Outcome exported = Program.run("export", file.toString(), "--out=" + all);
      assertThat(exported.err()).isEmpty();
      assertThat(exported.out())
          .contains("takes pictures of 64x64 pixels")
          .contains("minus [0.485, 0.456, 0.406], divided by [0.229, 0.224, 0.225]");
      check(all, pictures, SIZE, student.logits(tensor(device, pictures, SIZE)));
      try (OrtSession session = OrtEnvironment.getEnvironment().createSession(all.toString())) {
        assertThat(session.getMetadata().getCustomMetadata())
            .containsEntry("classes", "[\"cat\",\"dog\",\"fox\"]")
            .containsEntry("size", "64");
      }

      Path classifier = temp.resolve("classifier.onnx");
      Outcome small =
          Program.run("export", file.toString(), "--part=classifier", "--out=" + classifier);
      assertThat(small.out()).contains("takes thumbnails of 32x32 pixels");
      int side = student.inputSize();
      float[] thumbnails = numbers(2 * side * side * 3);
      check(classifier, thumbnails, side, student.classify(tensor(device, thumbnails, side)));

      TrainedModel teacher = model(null, device);
      Path full = temp.resolve("teacher.safetensors");
      teacher.save(full);
      Path whole = temp.resolve("teacher.onnx");
      assertThat(Program.run("export", full.toString(), "--out=" + whole).code()).isZero();
      check(whole, pictures, SIZE, teacher.logits(tensor(device, pictures, SIZE)));
      Path part = temp.resolve("part.onnx");
      Outcome wrong = Program.run("export", full.toString(), "--part=classifier", "--out=" + part);
      assertThat(wrong.code()).isEqualTo(1);
      assertThat(wrong.err()).contains("leave out --part");
    }
  }

  private static TrainedModel model(DownscalerKind kind, Device device) {
    return model(kind, CLASSES, device);
  }

  private static TrainedModel model(DownscalerKind kind, List<String> classes, Device device) {
    Preprocessing shown = Preprocessing.unscaled(SIZE);
    Rng rng = new Rng(5);
    Architecture architecture = Architecture.of("resnet18", classes.size()).withWidth(0.125);
    return new TrainedModel(
        device,
        Models.classifier(architecture, device, rng),
        kind == null
            ? null
            : Models.downscaler(kind, Reduction.FOUR_TO_ONE, shown.colors(), device, rng),
        classes,
        shown,
        Provenance.on(device));
  }

  private static float[] numbers(int count) {
    Rng rng = new Rng(6);
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) rng.nextGaussian();
    }
    return numbers;
  }

  private static Tensor tensor(Device device, float[] pictures, int side) {
    return Tensor.of(device, pictures, 2, side, side, 3);
  }

  /** Runs an exported model on two pictures. */
  private static void check(Path model, float[] pictures, int side, Tensor expected)
      throws Exception {
    try (OrtSession session = OrtEnvironment.getEnvironment().createSession(model.toString())) {
      float[] found = OnnxRun.logits(session, pictures, 2, side, side);
      double[] values = expected.toDoubleArray();
      assertThat(found).hasSameSizeAs(values);
      for (int i = 0; i < values.length; i++) {
        assertThat((double) found[i])
            .isCloseTo(values[i], within(1e-4 * Math.max(1, Math.abs(values[i]))));
      }
    }
  }
}
