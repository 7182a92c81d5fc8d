package dev.thumbnet.engine.io;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The header of a safetensors file: what is in it and where, checked to be free of contradictions.
 *
 * @param metadata the free text entries, in the order of the file
 * @param tensors the descriptions by name, in the order of the file
 */
record Header(Map<String, String> metadata, Map<String, TensorInfo> tensors) {
  /** The largest header that the format allows, in bytes. */
  static final int MAX_BYTES = 100_000_000;

  /** The one key of the header that is not a tensor. */
  static final String METADATA_KEY = "__metadata__";

  /**
   * Where one tensor lies.
   *
   * @param dtype the type of its elements
   * @param shape its dimensions, empty for a scalar
   * @param begin offset of its first byte from the end of the header
   * @param end offset after its last byte
   */
  record TensorInfo(DType dtype, long[] shape, long begin, long end) {}

  /** The number of bytes of a tensor, or a failure if it cannot be counted in a long. */
  static long byteCount(DType dtype, long[] shape) throws ArithmeticException {
    long count = 1;
    for (long dimension : shape) {
      count = Math.multiplyExact(count, dimension);
    }
    return Math.multiplyExact(count, dtype.bytes());
  }

  /**
   * Reads a header.
   *
   * @param file the name of the file, for messages
   * @param text the JSON text, from its brace on, with its padding
   * @param dataBytes the number of bytes that follow the header
   */
  static Header parse(String file, String text, long dataBytes) {
    HeaderParser parser = new HeaderParser(file, text);
    Map<String, String> metadata = new LinkedHashMap<>();
    Map<String, TensorInfo> tensors = new LinkedHashMap<>();
    parser.parse(metadata, tensors);
    for (Map.Entry<String, TensorInfo> tensor : tensors.entrySet()) {
      checkSize(file, tensor.getKey(), tensor.getValue(), dataBytes);
    }
    checkTiling(file, tensors, dataBytes);
    return new Header(metadata, tensors);
  }

  private static void checkSize(String file, String name, TensorInfo info, long dataBytes) {
    long expected;
    try {
      expected = byteCount(info.dtype, info.shape);
    } catch (ArithmeticException e) {
      throw damaged(
          file, name, "shape " + print(info.shape) + " of " + info.dtype + " is too large");
    }
    if (info.begin > info.end || info.end > dataBytes) {
      throw damaged(
          file,
          name,
          "offsets " + offsets(info) + " do not lie within the " + dataBytes + " bytes of data");
    }
    if (info.end - info.begin != expected) {
      throw damaged(
          file,
          name,
          "shape "
              + print(info.shape)
              + " of "
              + info.dtype
              + " takes "
              + expected
              + " bytes, but offsets "
              + offsets(info)
              + " hold "
              + (info.end - info.begin));
    }
  }

  /** The tensors must cover the data exactly: no hole, no overlap, nothing behind the last one. */
  private static void checkTiling(String file, Map<String, TensorInfo> tensors, long dataBytes) {
    List<Map.Entry<String, TensorInfo>> sorted = new ArrayList<>(tensors.entrySet());
    sorted.sort(
        Comparator.<Map.Entry<String, TensorInfo>>comparingLong(tensor -> tensor.getValue().begin)
            .thenComparingLong(tensor -> tensor.getValue().end));
    long covered = 0;
    for (Map.Entry<String, TensorInfo> tensor : sorted) {
      TensorInfo info = tensor.getValue();
      if (info.begin != covered) {
        String what = info.begin < covered ? " overlap the tensor" : " leave a hole after the data";
        throw damaged(
            file, tensor.getKey(), "offsets " + offsets(info) + what + " that ends at " + covered);
      }
      covered = info.end;
    }
    if (covered != dataBytes) {
      throw damaged(
          file,
          null,
          (dataBytes - covered)
              + " bytes follow the last tensor, which ends at "
              + covered
              + " of "
              + dataBytes);
    }
  }

  private static String offsets(TensorInfo info) {
    return "[" + info.begin + ", " + info.end + ")";
  }

  /** The failure of a file whose content contradicts itself; {@code tensor} may be missing. */
  static SafeTensorsException damaged(String file, @Nullable String tensor, String problem) {
    return new SafeTensorsException(
        file
            + ": "
            + (tensor == null ? "" : "tensor " + quote(tensor) + ": ")
            + problem
            + "; the file is damaged or was not written as safetensors: copy or export it again");
  }

  /** A shape as text, shortened if it is absurdly long. */
  static String print(long[] shape) {
    return shape.length <= 16
        ? Arrays.toString(shape)
        : Arrays.toString(Arrays.copyOf(shape, 16)).replace("]", ", ...")
            + shape.length
            + " in all]";
  }

  /** A name as it may stand in a message: on one line, of bounded length. */
  static String quote(String name) {
    StringBuilder quoted = new StringBuilder("\"");
    int shown = Math.min(name.length(), 200);
    for (int i = 0; i < shown; i++) {
      char c = name.charAt(i);
      quoted.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '?' : c);
    }
    return quoted.append(shown < name.length() ? "...\"" : "\"").toString();
  }
}
