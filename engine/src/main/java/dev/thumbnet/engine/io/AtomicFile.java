package dev.thumbnet.engine.io;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Writes files that appear under their name only when they are complete and on the disk. They are
 * written under a temporary name in the same folder and moved into place.
 */
public final class AtomicFile {
  private static final int BUFFER = 1 << 16;

  private AtomicFile() {}

  /** Writes the content of a file to a stream. */
  @FunctionalInterface
  public interface Content {
    /**
     * Writes all of it.
     *
     * @param stream buffered; need not be flushed or closed
     * @throws IOException if the stream fails
     */
    void writeTo(OutputStream stream) throws IOException;
  }

  /**
   * Writes a file. An older file of that name stays whole if anything fails before; an interrupt
   * does not disturb it.
   *
   * @param path a file, of any file system; of others than the default one it is as safe as that
   *     system makes it
   * @param content what to write
   * @throws IOException if the file cannot be written; the message names it and can be shown
   */
  public static void write(Path path, Content content) throws IOException {
    Path target = path.toAbsolutePath();
    Path temporary = target.resolveSibling(prefix(target) + UUID.randomUUID() + ".tmp");
    try {
      writeTemporary(temporary, content);
      move(temporary, target);
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

  private static void writeTemporary(Path file, Content content) throws IOException {
    if (file.getFileSystem() != FileSystems.getDefault()) {
      try (OutputStream stream = new BufferedOutputStream(Files.newOutputStream(file), BUFFER)) {
        content.writeTo(stream);
      }
      return;
    }
    // A stream, because an interrupt of this thread would close a channel half-way.
    try (FileOutputStream opened = new FileOutputStream(file.toFile())) {
      OutputStream stream = new BufferedOutputStream(opened, BUFFER);
      content.writeTo(stream);
      stream.flush();
      opened.getFD().sync();
    }
  }

  /** Moves a file in one step, where the file system can do that. */
  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException | UnsupportedOperationException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /**
   * Removes a file, if there is one, and what killed processes left beside it of files of that name
   * that they did not finish.
   *
   * @throws IOException if one cannot be removed
   */
  public static void remove(Path path) throws IOException {
    Path target = path.toAbsolutePath();
    try (Stream<Path> files = Files.list(target.getParent())) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (file.equals(target) || name.startsWith(prefix(target)) && name.endsWith(".tmp")) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  /** Returns how names of temporary files begin. */
  private static String prefix(Path target) {
    return "." + target.getFileName() + ".";
  }

  private static void deleteQuietly(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException ignored) {
      // The failure to write is the one to report.
    }
  }
}
