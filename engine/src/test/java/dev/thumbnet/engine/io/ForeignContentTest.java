package dev.thumbnet.engine.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files that others write are read where that is possible, named for what they are otherwise, and
 * never take more memory than their size allows.
 */
class ForeignContentTest {
  @TempDir Path folder;

  private static SafeTensors read(String header, int dataBytes) {
    return SafeTensors.of("x", SafeTensorsTest.file(header, dataBytes));
  }

  @Test
  void metadataMayBeNull() {
    SafeTensors file =
        read(
            "{\"__metadata__\" : null ,\"a\":{\"dtype\":\"F32\",\"shape\":[1],"
                + "\"data_offsets\":[0,4]}}",
            4);
    assertThat(file.metadata()).isEmpty();
    assertThat(file.tensor("a").floats()).containsExactly(0);
  }

  @ParameterizedTest
  @CsvSource({
    "F8_E4M3, 2",
    "F8_E5M2, 2",
    "F8_E8M0, 2",
    "F4, 1",
    "U16, 4",
    "U32, 8",
    "U64, 16",
    "C64, 16",
    "I4, 1",
    "COMPLEX_OF_TOMORROW, 5"
  })
  void aTypeThatNobodyAsksForSpoilsNothing(String type, int bytes) {
    SafeTensors file =
        read(
            "{\"odd\":{\"dtype\":\""
                + type
                + "\",\"shape\":[2],\"data_offsets\":[0,"
                + bytes
                + "]},\"b\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":["
                + bytes
                + ","
                + (bytes + 1)
                + "]}}",
            bytes + 1);
    assertThat(file.tensor("b").longs()).containsExactly(0);
    SafeTensors.Entry odd = file.tensor("odd");
    assertThat(odd.toString()).isEqualTo("odd " + type + " [2]");
    assertThat(odd.bytes()).hasSize(bytes);
    assertThat(odd.elementCount()).isEqualTo(2);
    assertThat(odd.isFloat()).isFalse();
    for (Runnable reading : List.<Runnable>of(odd::floats, odd::doubles, odd::longs, odd::dtype)) {
      assertThatThrownBy(reading::run)
          .isInstanceOf(SafeTensorsException.class)
          .hasMessageContaining("x: tensor \"odd\" has the element type \"" + type + "\"")
          .hasMessageContaining("convert it to one of");
    }
  }

  private static byte[] latin(String start) {
    byte[] content = new byte[600];
    byte[] first = start.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(first, 0, content, 0, first.length);
    return content;
  }

  private static String zip(String entry) {
    return "PK\3\4" + "\0".repeat(22) + (char) entry.length() + "\0\0\0" + entry;
  }

  static Map<String, String> beginnings() {
    return Map.ofEntries(
        Map.entry("version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "git lfs pull"),
        Map.entry(zip("archive/data.pkl"), "checkpoint of PyTorch"),
        Map.entry(zip("resnet18/.format_version"), "checkpoint of PyTorch"),
        Map.entry(zip("arr_0.npy"), "NumPy"),
        Map.entry(zip("metadata.json"), "Keras"),
        Map.entry(zip("readme.txt"), "zip archive"),
        Map.entry("\u0080\u0002\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019.", "pickle"),
        Map.entry("\u0080\u0004\u0095", "torch.load"),
        Map.entry("\b\7\u0012\7pytorch\u001a\0052.1.0:", "ONNX"),
        Map.entry("\b\b:\u00a0\u0001", "ONNX"),
        Map.entry("\b\1\u0012\u00ff", "TensorFlow"),
        Map.entry("\34\0\0\0TFL3", "TensorFlow Lite"),
        Map.entry("\u0089HDF\r\n\u001a\n", "HDF5"),
        Map.entry("GGUF\3\0\0\0", "GGUF"),
        Map.entry("\u0093NUMPY\1\0", "NumPy"),
        Map.entry("<!DOCTYPE html><html>", "HTML"),
        Map.entry("\n  <HTML lang=en>", "HTML"),
        Map.entry("<?xml version='1.0'?><Error>", "XML"),
        Map.entry("{\"error\":\"Repository not found\"}", "JSON"),
        Map.entry("\u001f\u008b\b", "gunzip"),
        Map.entry("\u0089PNG\r\n", "picture"));
  }

  @ParameterizedTest
  @MethodSource("beginningsOfFiles")
  void filesOfOthersAreNamed(String start, String kind) throws IOException {
    Path file = folder.resolve("w.safetensors");
    Files.write(file, latin(start));
    assertThatThrownBy(() -> SafeTensors.open(file))
        .isInstanceOf(SafeTensorsException.class)
        .hasMessageStartingWith(file + ": is ")
        .hasMessageContaining(kind)
        .hasMessageNotContaining("header length");
  }

  static List<org.junit.jupiter.params.provider.Arguments> beginningsOfFiles() {
    return beginnings().entrySet().stream()
        .map(e -> org.junit.jupiter.params.provider.Arguments.of(e.getKey(), e.getValue()))
        .toList();
  }

  @Test
  void shortFilesAreNamedToo() {
    assertThatThrownBy(() -> SafeTensors.of("x", new byte[0]))
        .hasMessage("x: is empty; get the file itself");
    assertThatThrownBy(() -> SafeTensors.of("x", "GGUF".getBytes(StandardCharsets.UTF_8)))
        .hasMessageStartingWith("x: is a GGUF file");
  }

  /** Headers of the smallest parts that the format has, a megabyte of each. */
  static List<String> crowdedHeaders() {
    StringBuilder texts = new StringBuilder("{\"__metadata__\":{\"\":\"\"");
    StringBuilder tensors =
        new StringBuilder("{\"\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[0,1]}");
    for (int i = 0; texts.length() < 1_000_000; i++) {
      texts.append(",\"").append(Integer.toString(i, 36)).append("\":\"\"");
    }
    for (int i = 0; tensors.length() < 1_000_000; i++) {
      tensors
          .append(",\"")
          .append(Integer.toString(i, 36))
          .append("\":{\"dtype\":\"\",\"shape\":[0],\"data_offsets\":[1,1]}");
    }
    return List.of(
        texts.append("}}").toString(),
        tensors.append("}").toString(),
        "{\"__metadata__\":{\"" + "\\u1234".repeat(160_000) + "\":\"\"}}",
        "{\"__metadata__\":{\"a\":\"" + "\u1234".repeat(330_000) + "\"}}");
  }

  @ParameterizedTest
  @MethodSource("crowdedHeaders")
  void aHeaderTakesABoundedMultipleOfItsSize(String header) {
    byte[] content = SafeTensorsTest.file(header, header.contains("data_offsets") ? 1 : 0);
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    SafeTensors.of("x", content); // loads classes
    long before = threads.getCurrentThreadAllocatedBytes();
    SafeTensors file = SafeTensors.of("x", content);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(file.metadata().size() + file.tensors().size()).isPositive();
    assertThat(allocated).isLessThan((long) Header.MEMORY_FACTOR * content.length);
  }

  @Test
  void aHeaderForWhichThereIsNoMemoryIsRefusedBeforeItIsRead() throws IOException {
    long length = Runtime.getRuntime().maxMemory() / 2 / Header.MEMORY_FACTOR + 1;
    if (length > Header.MAX_BYTES) {
      length = Header.MAX_BYTES + 1;
    }
    Path path = folder.resolve("large.safetensors");
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(length + 8);
      file.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array());
    }
    assertThatThrownBy(() -> SafeTensors.open(path))
        .isInstanceOf(SafeTensorsException.class)
        .hasMessageStartingWith(path + ": the header ")
        .hasMessageContaining(length + " bytes");
  }

  /** A jar, and what other file systems there are. */
  @Test
  void filesInsideOfAZipAreReadAndWritten() throws IOException {
    Path zip = folder.resolve("models.zip");
    try (FileSystem inside =
        FileSystems.newFileSystem(URI.create("jar:" + zip.toUri()), Map.of("create", "true"))) {
      Path path = inside.getPath("/models/w.safetensors");
      Files.createDirectory(path.getParent());
      for (int i = 1; i <= 2; i++) {
        new SafeTensorsWriter().put("a", new long[] {2}, new float[] {i, 3}).write(path);
        try (SafeTensors file = SafeTensors.open(path)) {
          assertThat(file.tensor("a").floats()).containsExactly(i, 3);
        }
      }
      assertThat(Files.list(path.getParent()).map(Path::toString)).containsExactly(path.toString());
      assertThatThrownBy(() -> SafeTensors.open(inside.getPath("/none")))
          .isInstanceOf(SafeTensorsException.class)
          .hasMessageContaining("no such file");
      AtomicFile.remove(path);
      assertThat(path).doesNotExist();
    }
  }
}
