package dev.thumbnet.engine.io;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Recognises by their first bytes what people take for a safetensors file, and says how to make one
 * of it. Only files that are no safetensors files are looked at.
 */
final class ForeignFile {
  /** As many bytes of a file are enough: up to the mark of a tar archive. */
  static final int BYTES = 512;

  private static final String CONVERT =
      "; convert it in Python: weights = torch.load(FILE, map_location='cpu', weights_only=True);"
          + " safetensors.torch.save_file(weights.get('state_dict', weights), 'x.safetensors')";
  private static final String EXPORT =
      "; save the weights of the PyTorch network that it was made of as safetensors";
  private static final String AGAIN = "; get the file itself";

  /** A file begins with these bytes, each a char, at an offset. */
  private record Mark(int offset, String bytes, String kind) {
    Mark(String bytes, String kind) {
      this(0, bytes, kind);
    }
  }

  private static final List<Mark> MARKS =
      List.of(
          new Mark(
              "version https://git-lfs",
              "is a Git LFS pointer, not the file itself; fetch that with: git lfs pull"),
          new Mark("\u0089HDF\r\n\u001a\n", "is an HDF5 file, as Keras writes them" + EXPORT),
          new Mark("GGUF", "is a GGUF file of llama.cpp" + EXPORT),
          new Mark(4, "TFL3", "is a model of TensorFlow Lite" + EXPORT),
          new Mark(
              "\u0093NUMPY",
              "is a NumPy array; put all arrays into one file with safetensors.numpy.save_file"),
          new Mark("MATLAB 5.0", "is a MATLAB file" + EXPORT),
          new Mark(257, "ustar", "is a tar archive; unpack it and give the file inside"),
          new Mark("\u001f\u008b", "is compressed by gzip; unpack it with gunzip"),
          new Mark("\u0028\u00b5\u002f\u00fd", "is compressed by Zstandard; unpack it with unzstd"),
          new Mark("\u00fd7zXZ", "is compressed by xz; unpack it with unxz"),
          new Mark("BZh", "is compressed by bzip2; unpack it with bunzip2"),
          new Mark("7z\u00bc\u00af", "is a 7z archive; unpack it and give the file inside"),
          new Mark("%PDF", "is a PDF document" + AGAIN),
          new Mark("\u0089PNG", "is a picture" + AGAIN),
          new Mark("\u00ff\u00d8\u00ff", "is a picture" + AGAIN));

  private ForeignFile() {}

  /**
   * Returns what a file is and what to do, to follow its name in a message.
   *
   * @param first its first bytes, {@link #BYTES} or all there are
   */
  static Optional<String> describe(byte[] first) {
    String start = new String(first, StandardCharsets.ISO_8859_1);
    for (Mark mark : MARKS) {
      if (start.startsWith(mark.bytes, mark.offset)) {
        return Optional.of(mark.kind);
      }
    }
    if (start.startsWith("PK\u0003\u0004")) {
      return Optional.of(zip(start));
    }
    if (start.length() > 1 && start.charAt(0) == 0x80 && start.charAt(1) <= 5) {
      return Optional.of("is a pickle, as old versions of PyTorch write checkpoints" + CONVERT);
    }
    if (start.matches("(?s)\u0008\u0001\u0012.*")) {
      return Optional.of("is a saved model of TensorFlow" + EXPORT);
    }
    // Field 1 is the version, a small number; then one of the fields 2 to 8 of an ONNX model.
    if (start.matches("(?s)\u0008[\u0002-\u0020][\u0012\u001a\"(2:B].*")) {
      return Optional.of("is an ONNX model" + EXPORT);
    }
    return text(start);
  }

  /** What a zip archive is shows in the name of its first entry. */
  private static String zip(String start) {
    int length = start.length() < 30 ? 0 : start.charAt(26) | start.charAt(27) << 8;
    String entry = start.substring(Math.min(30, start.length()));
    entry = entry.substring(0, Math.min(length, entry.length()));
    if (entry.endsWith(".npy")) {
      return "is an archive of NumPy arrays (.npz); write them with safetensors.numpy.save_file";
    }
    if (entry.matches("metadata\\.json|config\\.json|.*\\.weights\\.h5|_?model_config.*")) {
      return "is a model of Keras" + EXPORT;
    }
    if (entry.contains("/")
        && entry.matches(
            ".*/(data\\.pkl|\\.?data/.*|version|byteorder|\\..*|constants.*|code/.*)")) {
      return "is a checkpoint of PyTorch (.pt, .pth, .bin)" + CONVERT;
    }
    return "is a zip archive; if it is a checkpoint of PyTorch (.pt, .pth)"
        + CONVERT.substring(1)
        + "; otherwise unpack it";
  }

  private static Optional<String> text(String start) {
    String text = start.replaceFirst("^\u00ef\u00bb\u00bf", "").stripLeading();
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.startsWith("<!doctype html") || lower.startsWith("<html")) {
      return Optional.of("is a web page (HTML), perhaps of a download that failed" + AGAIN);
    }
    if (lower.startsWith("<")) {
      return Optional.of("is an XML text, perhaps of a download that failed" + AGAIN);
    }
    if (text.startsWith("{") || text.startsWith("[")) {
      return Optional.of(
          "is a JSON text, such as the index of weights in several files or an answer of a server"
              + AGAIN);
    }
    return start.isEmpty() ? Optional.of("is empty" + AGAIN) : Optional.empty();
  }
}
