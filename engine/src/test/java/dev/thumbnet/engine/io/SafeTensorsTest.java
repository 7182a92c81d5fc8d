package dev.thumbnet.engine.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thumbnet.engine.testing.Golden;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * SafeTensors files hold what was written, as other writers and readers see it, and whatever is
 * wrong is named.
 */
class SafeTensorsTest {
  private static final long[] SCALAR = {};
  private static final String ONES = "[1" + ",1".repeat(64) + "]";
  private static final String METADATA_NULL_TWICE = "{\"__metadata__\":null,\"__metadata__\":{}}";

  @TempDir Path folder;

  static byte[] file(String header, int dataBytes) {
    return file(header.getBytes(StandardCharsets.UTF_8), dataBytes);
  }

  static byte[] file(byte[] header, int dataBytes) {
    return ByteBuffer.allocate(8 + header.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length)
        .put(header)
        .array();
  }

  static byte[] bytes(SafeTensorsWriter writer) {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    writer.write(stream);
    return stream.toByteArray();
  }

  @Test
  void readsEachTypeAsItWasWritten() {
    SafeTensorsWriter writer =
        new SafeTensorsWriter()
            .put("f32", new long[] {2, 2}, new float[] {1, -2.5f, Float.NaN, Float.MIN_VALUE})
            .put("f64", new long[] {2}, new double[] {Math.PI, Double.NEGATIVE_INFINITY})
            .put("f16", DType.F16, new long[] {3}, new float[] {0.1f, 65504, 1e9f})
            .put("bf16", DType.BF16, new long[] {3}, new float[] {1.00390625f, -3e38f, 0.1f})
            .put("i64", DType.I64, SCALAR, new long[] {Long.MIN_VALUE})
            .put("i32", DType.I32, new long[] {2}, new long[] {Integer.MIN_VALUE, 7})
            .put("i16", DType.I16, new long[] {2}, new long[] {Short.MIN_VALUE, Short.MAX_VALUE})
            .put("i8", DType.I8, new long[] {2}, new long[] {-128, 127})
            .put("u8", DType.U8, new long[] {2}, new long[] {0, 255})
            .put("bool", DType.BOOL, new long[] {3}, new long[] {1, 0, 1});
    try (SafeTensors file = SafeTensors.of("all types", bytes(writer))) {
      assertThat(file.tensor("f32").floats()).containsExactly(1, -2.5f, Float.NaN, Float.MIN_VALUE);
      assertThat(file.tensor("f64").doubles()).containsExactly(Math.PI, Double.NEGATIVE_INFINITY);
      assertThat(file.tensor("f64").floats())
          .containsExactly((float) Math.PI, Float.NEGATIVE_INFINITY);
      assertThat(file.tensor("f16").floats())
          .containsExactly(0.0999755859375f, 65504, Float.POSITIVE_INFINITY);
      // 1.00390625 lies between two bfloat16 and goes to the even one.
      assertThat(file.tensor("bf16").floats())
          .containsExactly(1f, Float.intBitsToFloat(0xff62_0000), 0.10009765625f);
      assertThat(file.tensor("i64").longs()).containsExactly(Long.MIN_VALUE);
      assertThat(file.tensor("i32").longs()).containsExactly(Integer.MIN_VALUE, 7);
      assertThat(file.tensor("i16").longs()).containsExactly(Short.MIN_VALUE, Short.MAX_VALUE);
      assertThat(file.tensor("i8").longs()).containsExactly(-128, 127);
      assertThat(file.tensor("u8").longs()).containsExactly(0, 255);
      assertThat(file.tensor("bool").longs()).containsExactly(1, 0, 1);
      assertThat(file.tensor("f32").shape()).containsExactly(2, 2);
      assertThat(file.tensor("i64").shape()).isEmpty();
      assertThat(file.tensor("i64").elementCount()).isEqualTo(1);
      assertThat(file.tensor("u8").bytes()).containsExactly(0, -1);
    }
  }

  /** src/test/python/golden_ops.py wrote this file with code of its own. */
  @Test
  void readsWhatAnIndependentWriterWrote() {
    SafeTensors file = SafeTensors.of("dtypes", Golden.bytes("dtypes.safetensors"));
    assertThat(file.metadata())
        .containsExactly(Map.entry("format", "pt"), Map.entry("note", "line\nbreak \\ ü"));
    assertThat(file.tensor("f64").doubles())
        .containsExactly(Math.PI, -1e300, 0.1, Double.POSITIVE_INFINITY);
    assertThat(file.tensor("f64").shape()).containsExactly(2, 2);
    assertThat(file.tensor("f32").floats())
        .containsExactly(0.1f, Float.NEGATIVE_INFINITY, Float.MIN_VALUE);
    assertThat(file.tensor("f16").floats()).containsExactly(0.0999755859375f, 65504, 0x1p-24f);
    assertThat(file.tensor("bf16").floats())
        .containsExactly(0.10009765625f, Float.intBitsToFloat(0xff62_0000));
    assertThat(file.tensor("i64").longs()).containsExactly((1L << 62) + 1);
    assertThat(file.tensor("i64").shape()).isEmpty();
    assertThat(file.tensor("i32").longs()).containsExactly(Integer.MIN_VALUE, 7);
    assertThat(file.tensor("i16").longs()).containsExactly(-300, 300);
    assertThat(file.tensor("i8").longs()).containsExactly(-128, 127);
    assertThat(file.tensor("u8").longs()).containsExactly(0, 255);
    assertThat(file.tensor("bool").longs()).containsExactly(1, 0);
    assertThat(file.tensor("empty").shape()).containsExactly(0, 3);
    assertThat(file.tensor("ünï \"quoted\" \uD83D\uDE00").longs()).containsExactly(1);
    assertThat(file.tensors()).hasSize(12);
  }

  @Test
  void bfloat16KeepsNotANumberAndRoundsToInfinity() {
    assertThat(DType.bfloat16ToFloat(DType.floatToBfloat16(Float.intBitsToFloat(0x7f80_0001))))
        .isNaN();
    assertThat(DType.bfloat16ToFloat(DType.floatToBfloat16(Float.MAX_VALUE)))
        .isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(DType.bfloat16ToFloat(DType.floatToBfloat16(-0f))).isEqualTo(-0f);
  }

  @Test
  void writesLargestElementsFirstThenByNameAndAligned() {
    byte[] content =
        bytes(
            new SafeTensorsWriter()
                .metadata("format", "pt")
                .put("c", DType.U8, new long[] {1}, new long[] {1})
                .put("b", new long[] {1}, new float[] {1})
                .put("a", new long[] {1}, new float[] {2})
                .put("z", DType.I64, SCALAR, new long[] {3}));
    ByteBuffer buffer = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    int length = (int) buffer.getLong();
    String header = new String(content, 8, length, StandardCharsets.UTF_8);
    assertThat(length % 8).isZero();
    assertThat(header.stripTrailing())
        .isEqualTo(
            "{\"__metadata__\":{\"format\":\"pt\"},"
                + "\"z\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[0,8]},"
                + "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[12,16]},"
                + "\"c\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[16,17]}}");
    assertThat(content).hasSize(8 + length + 17);
    assertThat(buffer.getLong(8 + length)).isEqualTo(3);
    assertThat(buffer.getFloat(8 + length + 8)).isEqualTo(2);
  }

  @Test
  void keepsMetadataWithOddText() {
    byte[] content =
        bytes(new SafeTensorsWriter().metadata("q\"\\\n\u0001", "ü \uD83D\uDE00").metadata("", ""));
    assertThat(SafeTensors.of("text", content).metadata())
        .containsExactly(Map.entry("q\"\\\n\u0001", "ü \uD83D\uDE00"), Map.entry("", ""));
  }

  @Test
  void readsAHeaderThatAnotherWriterWouldFormatDifferently() {
    String header =
        "{ \"\\u0061\\/\" : {\t\"data_offsets\":[ 4 , 6 ],\n\"shape\" : [2,1],"
            + " \"dtype\":\"BOOL\"} ,\"\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]},"
            + "\"none\":{\"dtype\":\"F64\",\"shape\":[3,0],\"data_offsets\":[4,4]}}   ";
    SafeTensors file = SafeTensors.of("spaced", file(header, 6));
    assertThat(file.tensors().keySet()).containsExactly("a/", "", "none");
    assertThat(file.tensor("none").doubles()).isEmpty();
    assertThat(file.tensor("").floats()).containsExactly(0);
    assertThat(file.tensor("a/").longs()).containsExactly(0, 0);
  }

  @Test
  void readsAFileWithoutTensors() {
    assertThat(SafeTensors.of("empty", file("{}", 0)).tensors()).isEmpty();
    assertThat(SafeTensors.of("empty", bytes(new SafeTensorsWriter())).tensors()).isEmpty();
  }

  private static String one(String dtype, String shape, String offsets) {
    return "{\"t\":{\"dtype\":\""
        + dtype
        + "\",\"shape\":"
        + shape
        + ",\"data_offsets\":"
        + offsets
        + "}}";
  }

  static Stream<Arguments> contradictions() {
    String f = "\"dtype\":\"U8\",\"shape\":[1],";
    return Stream.of(
        Arguments.of("hole at the start", one("U8", "[1]", "[1,2]"), 2, "hole"),
        Arguments.of(
            "hole between",
            "{\"a\":{" + f + "\"data_offsets\":[0,1]},\"b\":{" + f + "\"data_offsets\":[2,3]}}",
            3,
            "\"b\": offsets [2, 3) leave a hole"),
        Arguments.of(
            "overlap",
            "{\"a\":{" + f + "\"data_offsets\":[0,1]},\"b\":{" + f + "\"data_offsets\":[0,1]}}",
            1,
            "overlap"),
        Arguments.of("trailing bytes", one("U8", "[1]", "[0,1]"), 2, "1 bytes follow"),
        Arguments.of("data without tensors", "{}", 1, "1 bytes follow"),
        Arguments.of("data cut off", one("U8", "[9]", "[0,9]"), 8, "do not lie within the 8"),
        Arguments.of("offsets reversed", one("U8", "[1]", "[1,0]"), 1, "do not lie within"),
        Arguments.of("one offset", one("U8", "[1]", "[0]"), 1, "1 data_offsets"),
        Arguments.of("three offsets", one("U8", "[1]", "[0,1,1]"), 1, "3 data_offsets"),
        Arguments.of("size mismatch", one("F32", "[2]", "[0,4]"), 4, "takes 8 bytes"),
        Arguments.of("negative", one("U8", "[-1]", "[0,1]"), 1, "non-negative"),
        Arguments.of("fraction", one("U8", "[1.0]", "[0,1]"), 1, "expected"),
        Arguments.of("exponent", one("U8", "[1e0]", "[0,1]"), 1, "expected"),
        Arguments.of("leading zero", one("U8", "[01]", "[0,1]"), 1, "starts with 0"),
        Arguments.of("null shape", one("U8", "null", "[0,1]"), 1, "'[' is expected"),
        Arguments.of("nested shape", one("U8", "[[1]]", "[0,1]"), 1, "non-negative"),
        Arguments.of("trailing comma", one("U8", "[1,]", "[0,1]"), 1, "non-negative"),
        Arguments.of("integer overflow", one("U8", "[9223372036854775808]", "[0,1]"), 1, "exceeds"),
        Arguments.of(
            "count overflow", one("U8", "[4294967296,4294967296]", "[0,0]"), 0, "too large"),
        Arguments.of("size overflow", one("F64", "[2305843009213693952]", "[0,0]"), 0, "too large"),
        Arguments.of("many dimensions", one("U8", ONES, "[0,1]"), 1, "more than 64"),
        Arguments.of(
            "unknown field",
            "{\"t\":{" + f + "\"data_offsets\":[0,1],\"x\":{}}}",
            1,
            "unknown field \"x\""),
        Arguments.of("missing field", "{\"t\":{\"dtype\":\"U8\",\"shape\":[1]}}", 1, "lacks"),
        Arguments.of(
            "field twice", "{\"t\":{" + f + f + "\"data_offsets\":[0,1]}}", 1, "\"dtype\" twice"),
        Arguments.of(
            "tensor twice",
            "{\"t\":{"
                + f
                + "\"data_offsets\":[0,1]},\"\\u0074\":{"
                + f
                + "\"data_offsets\":[1,2]}}",
            2,
            "\"t\" occurs twice"),
        Arguments.of(
            "metadata twice", "{\"__metadata__\":{},\"__metadata__\":{}}", 0, "occurs twice"),
        Arguments.of(
            "metadata key twice", "{\"__metadata__\":{\"a\":\"\",\"a\":\"\"}}", 0, "\"a\" twice"),
        Arguments.of("metadata number", "{\"__metadata__\":{\"a\":1}}", 0, "expected"),
        Arguments.of("metadata nullx", "{\"__metadata__\":nullx}", 0, "expected"),
        Arguments.of("metadata null twice", METADATA_NULL_TWICE, 0, "occurs twice"),
        Arguments.of("array", "[]", 0, "does not start with '{'"),
        Arguments.of("leading space", " {}", 0, "does not start with '{'"),
        Arguments.of("nothing", "", 0, "does not start with '{'"),
        Arguments.of("text behind", "{} x", 0, "only spaces"),
        Arguments.of("line feed behind", "{}\n", 0, "only spaces"),
        Arguments.of("two objects", "{}{}", 0, "only spaces"),
        Arguments.of("unclosed", "{", 0, "expected"),
        Arguments.of("unclosed string", "{\"abc", 0, "ends early"),
        Arguments.of("unclosed escape", "{\"abc\\", 0, "ends early"),
        Arguments.of("comma only", "{,}", 0, "expected"),
        Arguments.of("control character", "{\"a\nb\":0}", 0, "control character"),
        Arguments.of("bad escape", "{\"\\x\":0}", 0, "escape"),
        Arguments.of("bad hex", "{\"\\u00g0\":0}", 0, "hexadecimal"),
        Arguments.of("half a pair", "{\"\\ud800\":0}", 0, "surrogate"),
        Arguments.of("pair reversed", "{\"\\udc00\\ud800\":0}", 0, "surrogate"),
        Arguments.of("deep objects", "{\"t\":".repeat(100_000), 0, "unknown field \"t\""),
        Arguments.of("deep arrays", "{\"t\":" + "[".repeat(100_000), 0, "expected"),
        Arguments.of(
            "deep shape",
            "{\"t\":{\"shape\":" + "[".repeat(100_000) + "}}",
            0,
            "non-negative integer is expected"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("contradictions")
  void refusesAContradictoryHeader(String what, String header, int dataBytes, String message) {
    byte[] content = file(header, dataBytes);
    assertThatThrownBy(() -> SafeTensors.of("bad.safetensors", content))
        .isExactlyInstanceOf(SafeTensorsException.class)
        .hasMessageStartingWith("bad.safetensors: ")
        .hasMessageContaining(message);
  }

  /** To open a pipe would wait for its writer for ever, even if interrupted. */
  @Test
  void refusesWhatIsNoFileAtOnce() throws Exception {
    Path pipe = folder.resolve("pipe");
    assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0);
    assertThatThrownBy(() -> SafeTensors.open(pipe))
        .isInstanceOf(SafeTensorsException.class)
        .hasMessageStartingWith(pipe + ": ")
        .hasMessageContaining("is a pipe or a device");
    assertThatThrownBy(() -> SafeTensors.open(folder))
        .isInstanceOf(SafeTensorsException.class)
        .hasMessageContaining("is a folder");
  }

  @Test
  void refusesAHeaderThatIsNotUtf8() {
    byte[] header = "{\"?\":0}".getBytes(StandardCharsets.UTF_8);
    header[2] = (byte) 0xC3;
    assertThatThrownBy(() -> SafeTensors.of("bad", file(header, 0)))
        .isInstanceOf(SafeTensorsException.class)
        .hasMessageContaining("UTF-8");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, 3, 100_000_001, Long.MAX_VALUE})
  void refusesALengthThatCannotBe(long length) {
    byte[] content =
        ByteBuffer.allocate(10)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(length)
            .putShort((short) 0x7d7b)
            .array();
    assertThatThrownBy(() -> SafeTensors.of("bad", content))
        .isInstanceOf(SafeTensorsException.class)
        .hasMessageContaining("header length");
  }

  @Test
  void refusesAFileShorterThanItsLength() {
    assertThatThrownBy(() -> SafeTensors.of("bad", new byte[7]))
        .isInstanceOf(SafeTensorsException.class)
        .hasMessageContaining("7 bytes");
  }

  @Test
  void namesTheRightReaderOfAType() {
    SafeTensors file =
        SafeTensors.of(
            "f",
            bytes(
                new SafeTensorsWriter()
                    .put("float", SCALAR, new float[1])
                    .put("int", DType.I32, SCALAR, new long[1])));
    assertThatThrownBy(() -> file.tensor("float").longs())
        .isInstanceOf(SafeTensorsException.class)
        .hasMessageContaining("floats()");
    assertThatThrownBy(() -> file.tensor("int").floats())
        .isInstanceOf(SafeTensorsException.class)
        .hasMessageContaining("longs()");
    assertThatThrownBy(() -> file.tensor("bool"))
        .isInstanceOf(SafeTensorsException.class)
        .hasMessageContaining("no tensor \"bool\"");
  }

  @Test
  void refusesABoolThatIsNeitherTrueNorFalse() {
    byte[] content = file(one("BOOL", "[2]", "[0,2]"), 2);
    content[content.length - 1] = 2;
    assertThatThrownBy(() -> SafeTensors.of("f", content).tensor("t").longs())
        .isInstanceOf(SafeTensorsException.class)
        .hasMessageContaining("not 0 or 1");
  }

  @Test
  void writesAndReadsAFileLargerThanItsBuffers() {
    float[] values = new float[300_001];
    for (int i = 0; i < values.length; i++) {
      values[i] = i * 0.25f;
    }
    Path path = folder.resolve("large.safetensors");
    new SafeTensorsWriter()
        .put("x", new long[] {values.length}, values)
        .put("h", DType.BF16, new long[] {values.length}, values)
        .write(path);
    try (SafeTensors file = SafeTensors.open(path)) {
      assertThat(file.tensor("x").floats()).isEqualTo(values);
      assertThat(file.tensor("x").doubles()[300_000]).isEqualTo(75_000);
      assertThat(file.tensor("x").bytes()).hasSize(4 * values.length);
      assertThat(file.tensor("h").floats()[200_000]).isEqualTo(49_920);
    }
  }

  @Test
  void replacesAnOlderFileAndLeavesNothingElse() throws IOException {
    Path path = folder.resolve("w.safetensors");
    new SafeTensorsWriter().put("a", SCALAR, new float[] {1}).write(path);
    new SafeTensorsWriter().put("a", SCALAR, new float[] {2}).write(path);
    try (SafeTensors file = SafeTensors.open(path)) {
      assertThat(file.tensor("a").floats()).containsExactly(2);
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.toList()).isEqualTo(List.of(path));
    }
  }

  @Test
  void leavesNoTemporaryFileWhenItFails() throws IOException {
    Path occupied = Files.createDirectory(folder.resolve("occupied"));
    Files.createFile(occupied.resolve("inside"));
    assertThatThrownBy(() -> new SafeTensorsWriter().write(occupied))
        .isInstanceOf(SafeTensorsException.class)
        .hasMessageContaining("cannot be written");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.toList()).isEqualTo(List.of(occupied));
    }
  }

  @Test
  void reportsFilesThatCannotBeOpenedOrWritten() {
    assertThatThrownBy(() -> SafeTensors.open(folder.resolve("none")))
        .isInstanceOf(SafeTensorsException.class)
        .hasMessageContaining("no such file");
    assertThatThrownBy(() -> SafeTensors.open(folder))
        .isInstanceOf(SafeTensorsException.class)
        .hasMessageContaining(folder.toString());
    assertThatThrownBy(
            () -> new SafeTensorsWriter().write(folder.resolve("none").resolve("w.safetensors")))
        .isInstanceOf(SafeTensorsException.class)
        .hasMessageContaining("there is no folder");
    OutputStream failing =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("full");
          }
        };
    assertThatThrownBy(() -> new SafeTensorsWriter().write(failing))
        .isInstanceOf(SafeTensorsException.class)
        .hasMessageContaining("full");
  }

  @Test
  void saysWhenTheFileIsClosedOrHasShrunk() throws IOException {
    Path path = folder.resolve("w.safetensors");
    new SafeTensorsWriter().put("a", new long[] {100}, new float[100]).write(path);
    SafeTensors file = SafeTensors.open(path);
    byte[] content = Files.readAllBytes(path);
    Files.write(path, Arrays.copyOf(content, content.length - 1));
    assertThatThrownBy(() -> file.tensor("a").floats())
        .isInstanceOf(SafeTensorsException.class)
        .hasMessageContaining("shrunk");
    file.close();
    assertThatThrownBy(() -> file.tensor("a").floats())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void anInterruptDisturbsNeitherWritingNorReading() {
    Path path = folder.resolve("w.safetensors");
    Thread.currentThread().interrupt();
    try {
      new SafeTensorsWriter().put("a", new long[] {3}, new float[] {1, 2, 3}).write(path);
      try (SafeTensors file = SafeTensors.open(path)) {
        assertThat(file.tensor("a").floats()).containsExactly(1, 2, 3);
      }
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
  }

  @Test
  void refusesToWriteWhatItCouldNotRead() {
    SafeTensorsWriter writer = new SafeTensorsWriter().put("a", SCALAR, new float[1]);
    assertThatThrownBy(() -> writer.put("a", SCALAR, new float[1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("twice");
    assertThatThrownBy(() -> writer.put("b", new long[] {2, 3}, new float[5]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("needs 6 values, not 5");
    assertThatThrownBy(() -> writer.put("b", new long[] {-1}, new float[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("negative");
    assertThatThrownBy(() -> writer.put("__metadata__", SCALAR, new float[1]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> writer.put("\ud800", SCALAR, new float[1]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> writer.put("b", DType.I32, SCALAR, new float[1]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> writer.put("b", DType.F32, SCALAR, new long[1]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> writer.put("b", DType.U8, SCALAR, new long[] {256}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 to 255");
  }
}
