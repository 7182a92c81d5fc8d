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

  /** What reading a header takes at most, as a multiple of its size; measured by a test. */
  static final int MEMORY_FACTOR = 32;

  /** The most dimensions of a tensor, as in PyTorch. */
  static final int MAX_RANK = 64;

  /** The one key of the header that is not a tensor. */
  static final String METADATA_KEY = "__metadata__";

  /**
   * Where one tensor lies.
   *
   * @param type the name of the type of its elements
   * @param dtype the same; null if it is not one that can be read here
   * @param shape its dimensions, empty for a scalar
   * @param begin offset of its first byte from the end of the header
   * @param end offset after its last byte
   */
  record TensorInfo(String type, @Nullable DType dtype, long[] shape, long begin, long end) {}

  /** The number of elements of a tensor, or a failure if it cannot be counted in a long. */
  static long elementCount(long[] shape) throws ArithmeticException {
    long count = 1;
    for (long dimension : shape) {
      count = Math.multiplyExact(count, dimension);
    }
    return count;
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
    if (info.begin > info.end || info.end > dataBytes) {
      throw damaged(
          file,
          name,
          "offsets " + offsets(info) + " do not lie within the " + dataBytes + " bytes of data");
    }
    long expected;
    try {
      long count = elementCount(info.shape);
      if (info.dtype == null) {
        return; // nobody here knows how many bytes an element has
      }
      expected = Math.multiplyExact(count, info.dtype.bytes());
    } catch (ArithmeticException e) {
      throw damaged(
          file, name, "shape " + print(info.shape) + " of " + info.type + " is too large");
    }
    if (info.end - info.begin != expected) {
      throw damaged(
          file,
          name,
          "shape "
              + print(info.shape)
              + " of "
              + info.type
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

  /** The failure to read a tensor whose elements are of a type that is not known here. */
  static SafeTensorsException unsupported(String file, String tensor, String type) {
    return new SafeTensorsException(
        file
            + ": tensor "
            + quote(tensor)
            + " has the element type "
            + quote(type)
            + ", which is not supported; convert it to one of "
            + Arrays.toString(DType.values()));
  }

  /** The failure of a tensor with a number that cannot be what it should be. */
  static SafeTensorsException impossible(
      String file, String tensor, long[] index, float value, String what) {
    return new SafeTensorsException(
        file
            + ": tensor "
            + quote(tensor)
            + " has "
            + value
            + " at "
            + Arrays.toString(index)
            + ", which is impossible for "
            + what
            + "; the file is damaged, or its training diverged");
  }

  /** A shape as text, shortened if it is absurdly long. */
  static String print(long[] shape) {
    return shape.length <= 16
        ? Arrays.toString(shape)
        : Arrays.toString(Arrays.copyOf(shape, 16)).replace("]", ", ...")
            + shape.length
            + " in all]";
  }

  /** A name as it may stand in a message: in quotes, on one line, of bounded length. */
  static String quote(String name) {
    return '"' + plain(name) + '"';
  }

  /** As {@link #quote}, without quotes. */
  static String plain(String name) {
    return Printable.line(name, 200);
  }
}
