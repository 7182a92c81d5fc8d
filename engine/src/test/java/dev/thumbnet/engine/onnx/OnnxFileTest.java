package dev.thumbnet.engine.onnx;

import static dev.thumbnet.engine.onnx.ModelBytes.floats;
import static dev.thumbnet.engine.onnx.ModelBytes.tensor;
import static dev.thumbnet.engine.onnx.ModelBytes.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.onnx.file.GraphReader;
import dev.thumbnet.engine.onnx.file.TensorData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Files made by hand: every type of numbers, and everything that is refused by name. */
final class OnnxFileTest {
  private static final Device CPU = Device.reference();

  private static TensorData read(Protobuf tensor) throws IOException {
    byte[] bytes = new ModelBytes().initializer(tensor).bytes();
    return GraphReader.read(bytes, null).initializers().get("t");
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0000c03f000080bf, 1.5, -1",
    "2, ff07, 255, 7",
    "3, ff07, -1, 7",
    "6, ffffffff07000000, -1, 7",
    "7, ffffffffffffffff0700000000000000, -1, 7",
    "9, 0201, 1, 1",
    "10, 003e00bc, 1.5, -1",
    "11, 000000000000f83f000000000000f0bf, 1.5, -1",
    "16, c03f80bf, 1.5, -1"
  })
  void rawNumbers(int type, String hex, double first, double second) throws IOException {
    TensorData data = read(tensor("t", type, 2).bytes(9, HexFormat.of().parseHex(hex)));
    assertThat(data.doubles()).containsExactly(first, second);
    assertThat(data.floats()).containsExactly((float) first, (float) second);
    assertThat(data.dims()).containsExactly(2);
  }

  /** Whole numbers of all kinds have a field of varints; floats of two bytes are their bits. */
  @ParameterizedTest
  @CsvSource({
    "2, 5, 255, 7, 255",
    "3, 5, -1, 7, -1",
    "6, 5, -1, 7, -1",
    "7, 7, -1, 7, -1",
    "9, 5, 1, 0, 1",
    "10, 5, 15872, 0, 1.5",
    "16, 5, 16320, 0, 1.5"
  })
  void typedWholeNumbers(int type, int field, long a, long b, double first) throws IOException {
    double second = b;
    Protobuf apart = tensor("t", type, 2).integer(field, a).integer(field, b);
    assertThat(read(apart).doubles()).containsExactly(first, second);
    byte[] tagged = ModelBytes.bytes(new Protobuf().integer(1, a).integer(1, b));
    byte[] packed = new byte[tagged.length - 2]; // without the two tags
    System.arraycopy(tagged, 1, packed, 0, packed.length - 1);
    packed[packed.length - 1] = tagged[tagged.length - 1];
    assertThat(read(tensor("t", type, 2).bytes(field, packed)).doubles())
        .containsExactly(first, second);
  }

  @Test
  void typedFloats() throws IOException {
    assertThat(read(tensor("t", 1, 2).real(4, 1.5f).real(4, -1f)).floats())
        .containsExactly(1.5f, -1f);
    byte[] packed = HexFormat.of().parseHex("0000c03f000080bf");
    assertThat(read(tensor("t", 1, 2).bytes(4, packed)).floats()).containsExactly(1.5f, -1f);
    assertThat(read(tensor("t", 1, 2).bytes(4, packed)).doubles()).containsExactly(1.5, -1);
    byte[] doubles = HexFormat.of().parseHex("000000000000f83f000000000000f0bf");
    assertThat(read(tensor("t", 11, 2).bytes(10, doubles)).doubles()).containsExactly(1.5, -1);
  }

  // ---------------------------------------------------------------- refusals

  static Stream<Arguments> refused() {
    Protobuf entry = new Protobuf().text(1, "location").text(2, "../x");
    Protobuf external = tensor("w", 1, 2).message(13, entry).integer(14, 1);
    return Stream.of(
        Arguments.of("no ONNX model", new ModelBytes(), false),
        Arguments.of("IR version", relu().ir(2), true),
        Arguments.of("opset 5", relu().opset(5), true),
        Arguments.of("opset 99", relu().opset(99), true),
        Arguments.of("function 'f'", relu().modelField(25, new Protobuf().text(1, "f")), true),
        Arguments.of("sparse", relu().graphField(15, new Protobuf()), true),
        Arguments.of("string", relu().initializer(tensor("w", 8, 1)), true),
        Arguments.of("complex64", relu().initializer(tensor("w", 14, 1)), true),
        Arguments.of("12 bytes", relu().initializer(floats("w", new long[] {3}, 1, 2)), true),
        Arguments.of("3 numbers", relu().initializer(tensor("w", 1, 3).real(4, 1)), true),
        Arguments.of("extent of -1", relu().initializer(tensor("w", 1, -1)), true),
        Arguments.of("fit one array", relu().initializer(tensor("w", 1, 1 << 20, 1 << 20)), true),
        Arguments.of("segments", relu().initializer(tensor("w", 1, 1).bytes(3, new byte[0])), true),
        Arguments.of("by its path", relu().initializer(external), true),
        Arguments.of("no name", relu().initializer(floats("", new long[] {1}, 1)), true),
        Arguments.of("int64", relu(value("x", 7, 1, 2)), true),
        Arguments.of("sequence", relu(sequence()), true),
        Arguments.of("more than 16 axes", relu(value("x", 1, new long[17])), true),
        Arguments.of("no type", relu(new Protobuf().text(1, "x")), true),
        Arguments.of("pictures", relu(value("x", 1)), true),
        Arguments.of("no input", new ModelBytes().node("Relu", "y", "").output("y"), true),
        Arguments.of("computed by no node", relu().output("z"), true),
        Arguments.of("another node gives", relu().node("Abs", "y", "x"), true),
        Arguments.of("a cycle", relu().node("Add", "z", "x", "z").output("z"), true),
        Arguments.of("lacks a weight", relu().node("Add", "z", "x", "w").output("z"), true),
        Arguments.of("input 0 is missing", relu().node("Abs", "z").output("z"), true),
        Arguments.of("Nonsense in 'the z'", relu().node("Nonsense", "z", "x").output("z"), true),
        Arguments.of("attributes [odd]", odd(ModelBytes.whole("odd", 1)), true),
        Arguments.of("a sub-graph", odd(new Protobuf().text(1, "alpha").integer(20, 5)), true),
        Arguments.of("no operator", relu().graphField(1, new Protobuf().text(2, "z")), true));
  }

  private static ModelBytes relu() {
    return relu(value("x", 1, 0, 2));
  }

  private static ModelBytes relu(Protobuf input) {
    return new ModelBytes().graphField(11, input).node("Relu", "y", "x").output("y");
  }

  private static Protobuf sequence() {
    return new Protobuf().text(1, "x").message(2, new Protobuf().message(4, new Protobuf()));
  }

  private static ModelBytes odd(Protobuf attribute) {
    return relu().node("LeakyRelu", "z", ModelBytes.with(attribute), "x").output("z");
  }

  @ParameterizedTest
  @MethodSource
  void refused(String reason, ModelBytes model, boolean graph) {
    byte[] bytes = graph ? model.bytes() : new byte[0];
    assertThatThrownBy(() -> OnnxModel.read(CPU, bytes))
        .isInstanceOf(OnnxException.class)
        .hasMessageContaining(reason)
        .hasMessageNotContaining("\n");
  }

  @Test
  void allThatIsMissingIsSaidAtOnce() {
    byte[] bytes =
        relu()
            .node("Foo", "a", "x")
            .node("Bar", "b", "a")
            .node("Foo", "c", "b")
            .node("Unused", "d", "c")
            .output("c")
            .bytes();
    assertThatThrownBy(() -> OnnxModel.read(CPU, bytes))
        .hasMessageContaining("Bar in 'the b'; Foo in 'the a', 'the c'")
        .hasMessageNotContaining("Unused");
    byte[] twoProblems =
        relu()
            .node("Transpose", "a", ModelBytes.with(ModelBytes.wholes("perm", 0, 0)), "x")
            .node("Abs", "b", "a")
            .node("Flatten", "c", ModelBytes.with(ModelBytes.whole("axis", 9)), "x")
            .output("b")
            .output("c")
            .bytes();
    assertThatThrownBy(() -> OnnxModel.read(CPU, twoProblems))
        .hasMessageContaining("node 'the a' (Transpose): perm [0, 0] is no order of 2 axes")
        .hasMessageContaining("node 'the c' (Flatten): there is no axis 9")
        .hasMessageNotContaining("'the b'");
  }

  // ---------------------------------------------------------------- other files

  private static Protobuf external(String name, String location, String offset, String length) {
    Protobuf weight = tensor(name, 1, 2);
    String[][] entries = {{"location", location}, {"offset", offset}, {"length", length}};
    for (String[] entry : entries) {
      weight.message(13, new Protobuf().text(1, entry[0]).text(2, entry[1]));
    }
    return weight.integer(14, 1);
  }

  private static byte[] withExternal(String location, String offset, String length) {
    Protobuf weight = external("w", location, offset, length);
    return relu().initializer(weight).node("Add", "z", "x", "w").output("z").bytes();
  }

  @Test
  void externalDataIsRead(@TempDir Path folder) throws IOException {
    Files.createDirectory(folder.resolve("data"));
    byte[] data = HexFormat.of().parseHex("ffffffff0000c03f000080bf");
    Files.write(folder.resolve("data/weights.bin"), data);
    Path file = folder.resolve("model.onnx");
    Files.write(file, withExternal("data/weights.bin", "4", "8"));
    OnnxModel model = OnnxModel.read(CPU, file);
    assertThat(model.namedParameters().get("w").tensor().toArray()).containsExactly(1.5f, -1f);
  }

  @Test
  void externalDataElsewhereIsNot(@TempDir Path folder) throws IOException {
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Path outside = Files.write(folder.resolve("outside"), new byte[8]);
    Files.write(inner.resolve("inside"), new byte[8]);
    Files.createSymbolicLink(inner.resolve("link"), outside);
    Path file = inner.resolve("model.onnx");
    String[][] cases = {
      {"../outside", "0", "8", "own folder"},
      {outside.toString(), "0", "8", "own folder"},
      {"a/../../outside", "0", "8", "own folder"},
      {"", "0", "8", "own folder"},
      {"link", "0", "8", "link that leads out"},
      {"missing", "0", "8", "no file beside"},
      {".", "0", "8", "no file beside"},
      {"in\0side", "0", "8", "no name of a file"},
      {"inside", "1", "8", "needs 8 bytes at 1"},
      {"inside", "9223372036854775807", "8", "needs 8 bytes"},
      {"inside", "0", "9", "has 9"},
      {"inside", "-1", "8", "negative"},
      {"inside", "one", "8", "no number"},
    };
    for (String[] each : cases) {
      Files.write(file, withExternal(each[0], each[1], each[2]));
      assertThatThrownBy(() -> OnnxModel.read(CPU, file))
          .isInstanceOf(OnnxException.class)
          .hasMessageContaining("model.onnx")
          .hasMessageContaining("tensor 'w'")
          .hasMessageContaining(each[3]);
    }
    assertThatThrownBy(() -> OnnxModel.read(CPU, inner))
        .isInstanceOf(OnnxException.class)
        .hasMessageContaining("no such file");
  }

  /** A small file is no weight a thousand times. */
  @Test
  void externalDataIsNotShared(@TempDir Path folder) throws IOException {
    Files.write(folder.resolve("data"), new byte[16]);
    Path file = folder.resolve("model.onnx");
    ModelBytes model =
        relu()
            .initializer(external("v", "data", "0", "8"))
            .initializer(external("w", "data", "8", "8"))
            .node("Add", "a", "x", "v")
            .node("Add", "z", "a", "w")
            .output("z");
    Files.write(file, model.bytes());
    assertThat(OnnxModel.read(CPU, file).namedParameters()).containsOnlyKeys("v", "w");
    Files.write(file, model.initializer(external("u", "./data", "4", "8")).bytes());
    assertThatThrownBy(() -> OnnxModel.read(CPU, file))
        .isInstanceOf(OnnxException.class)
        .hasMessageContaining("tensor 'u'")
        .hasMessageContaining("with another tensor");
  }
}
