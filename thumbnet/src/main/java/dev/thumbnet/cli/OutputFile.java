package dev.thumbnet.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Checks where a command wants to write before it works for hours. */
final class OutputFile {
  private OutputFile() {}

  /**
   * Makes sure that a new file can be written.
   *
   * @throws IllegalArgumentException if there is one already, or no folder for it
   */
  static void checkNew(Path file) {
    if (Files.exists(file)) {
      throw new IllegalArgumentException(
          "--out " + file + ": exists already; remove it or choose another name");
    }
    // Only a root has no parent, and that exists.
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
    if (!Files.isDirectory(folder)) {
      throw new IllegalArgumentException(
          "--out " + file + ": there is no folder " + folder + "; make it first");
    }
    if (!Files.isWritable(folder)) {
      throw new IllegalArgumentException("--out " + file + ": the folder cannot be written to");
    }
  }
}
