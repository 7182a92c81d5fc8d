package dev.thumbnet.engine.onnx.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Files beside a model that hold the numbers of its tensors. A model may come from anywhere, so
 * only regular files within its own folder are read: no absolute path, no way up, no link that
 * leads out.
 */
final class ExternalData {
  private final @Nullable Path folder;

  /** Bytes of each file that tensors have been given so far. */
  private final Map<Path, Long> taken = new HashMap<>();

  /**
   * Files of a folder.
   *
   * @param folder that of the model; none if it was read from a stream
   */
  ExternalData(@Nullable Path folder) {
    this.folder = folder;
  }

  /**
   * Bytes of a file.
   *
   * @param file within the folder
   * @param offset of the first byte
   * @param length number of bytes, all of which are there
   */
  record Range(Path file, long offset, int length) {
    /** Reads the bytes, which are little-endian numbers. */
    ByteBuffer read() throws IOException {
      ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
      try (SeekableByteChannel channel = Files.newByteChannel(file, StandardOpenOption.READ)) {
        channel.position(offset);
        while (bytes.hasRemaining()) {
          if (channel.read(bytes) < 0) {
            throw new IOException(file + " has shrunk since the model was opened");
          }
        }
      }
      return bytes.flip();
    }
  }

  /**
   * Finds what a tensor's entries point to.
   *
   * @param entries location, offset and length
   * @param bytes number of bytes that the tensor needs
   */
  Range range(Map<String, String> entries, long bytes) throws IOException {
    String location = entries.getOrDefault("location", "");
    if (folder == null) {
      throw new IOException(
          "its numbers are in another file, '"
              + location
              + "'; read the model by its path, not from a stream or bytes");
    }
    Path file = find(folder, location);
    long offset = number(entries, "offset", 0);
    long size = Files.size(file);
    long length = number(entries, "length", bytes);
    if (length != bytes || bytes > Integer.MAX_VALUE - 64) {
      throw new IOException(
          "its shape wants " + bytes + " bytes but it says that '" + location + "' has " + length);
    }
    if (offset > size || bytes > size - offset) {
      throw new IOException(
          "it needs "
              + bytes
              + " bytes at "
              + offset
              + " of '"
              + location
              + "', which has "
              + size);
    }
    if (taken.merge(file, bytes, Long::sum) > size) {
      throw new IOException(
          "it shares its bytes of '"
              + location
              + "' with another tensor, for all need more than the "
              + size
              + " that it has; export the model with a place for each");
    }
    return new Range(file, offset, (int) bytes);
  }

  private static Path find(Path folder, String location) throws IOException {
    Path relative;
    try {
      relative = folder.getFileSystem().getPath(location);
    } catch (InvalidPathException e) {
      throw new IOException("'" + location + "' is no name of a file", e);
    }
    boolean leaves = location.isEmpty() || relative.isAbsolute() || relative.getRoot() != null;
    for (Path part : relative) {
      leaves |= part.toString().equals("..");
    }
    if (leaves) {
      throw new IOException(
          "its numbers are in '"
              + location
              + "', but only files in the model's own folder are read; move the file there");
    }
    Path file = folder.resolve(relative);
    if (!Files.isRegularFile(file)) {
      throw new IOException(
          "its numbers are in '"
              + location
              + "', which is no file beside the model; copy it there");
    }
    Path real = file.toRealPath();
    if (!real.startsWith(folder.toRealPath())) {
      throw new IOException(
          "its numbers are in '"
              + location
              + "', a link that leads out of the model's folder; put the file itself there");
    }
    return real;
  }

  private static long number(Map<String, String> entries, String key, long otherwise)
      throws IOException {
    String text = entries.get(key);
    if (text == null) {
      return otherwise;
    }
    try {
      long value = Long.parseLong(text);
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new IOException("the " + key + " '" + text + "' of its file is no number", e);
    }
    throw new IOException("the " + key + " of its file is negative: " + text);
  }
}
