package dev.thumbnet.engine.io;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** Writes files that appear under their name only when they are complete and on the disk. */
final class AtomicFile {
  private AtomicFile() {}

  /** Writes the content of a file to a stream. */
  interface Content {
    void writeTo(OutputStream stream) throws IOException;
  }

  /**
   * Writes a file of the default file system. An older file of that name stays whole if anything
   * fails before; an interrupt does not disturb it.
   */
  static void write(Path path, Content content) throws IOException {
    Path target = path.toAbsolutePath();
    Path temporary =
        target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      // A stream, because an interrupt of this thread would close a channel half-way.
      try (FileOutputStream stream = new FileOutputStream(temporary.toFile())) {
        content.writeTo(stream);
        stream.getFD().sync();
      }
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      deleteQuietly(temporary);
      throw new IOException(
          path
              + ": cannot be written: "
              + e
              + "; check that the folder exists, is writable and has space",
          e);
    }
  }

  private static void deleteQuietly(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException ignored) {
      // The failure to write is the one to report.
    }
  }
}
