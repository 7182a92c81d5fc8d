package dev.thumbnet.engine.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Writes files that appear under their name only when they are complete and on the disk. They are
 * written under a temporary name in the same folder and moved into place. That name is short,
 * whatever the file is called, so that every name that the file system allows can be written.
 */
public final class AtomicFile {
  private static final int BUFFER = 1 << 16;

  private static final String PREFIX = ".thumbnet-";
  private static final String SUFFIX = ".tmp";

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
    if (path.getFileName() == null) {
      throw new IOException(path + ": cannot be written: it is a folder");
    }
    Path temporary =
        path.resolveSibling(prefix(path) + UUID.randomUUID().toString().substring(0, 8) + SUFFIX);
    try {
      // The streams of Files are not closed by an interrupt, unlike their channels.
      try (OutputStream file = Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW)) {
        OutputStream stream = new BufferedOutputStream(file, BUFFER);
        content.writeTo(stream);
        stream.flush();
      }
      if (temporary.getFileSystem() == FileSystems.getDefault()) {
        sync(temporary);
      }
      move(temporary, path);
    } catch (IOException e) {
      deleteQuietly(temporary);
      throw new IOException(path + ": cannot be written: " + reason(e, path), e);
    } catch (RuntimeException | Error e) {
      deleteQuietly(temporary);
      throw e;
    }
  }

  /** Waits until a file is on the disk, however often this thread is interrupted meanwhile. */
  private static void sync(Path file) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          channel.force(true);
          return;
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
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

  /** The system's reason alone, for the exception itself names the temporary file. */
  private static String reason(IOException e, Path path) {
    Path folder = path.toAbsolutePath().getParent();
    if (e instanceof NoSuchFileException) {
      return "there is no folder " + folder;
    }
    if (e instanceof AccessDeniedException) {
      return "the folder " + folder + " may not be written to";
    }
    String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    return Objects.requireNonNullElse(reason, e.toString());
  }

  /**
   * Removes a file, if there is one, and what killed processes left beside it of files of that name
   * that they did not finish.
   *
   * @throws IOException if one cannot be removed
   */
  public static void remove(Path path) throws IOException {
    Files.deleteIfExists(path);
    String prefix = prefix(path);
    Path folder = path.getParent();
    removeUnfinished(
        folder == null ? path.resolveSibling("") : folder, name -> name.startsWith(prefix));
  }

  /**
   * Removes what killed processes left in a folder of files that they did not finish. Nobody else
   * may write there meanwhile.
   *
   * @throws IOException if one cannot be removed
   */
  public static void removeUnfinished(Path folder) throws IOException {
    removeUnfinished(folder, name -> name.startsWith(PREFIX));
  }

  private static void removeUnfinished(Path folder, Predicate<String> which) throws IOException {
    List<Path> unfinished;
    try (Stream<Path> files = Files.list(folder)) {
      unfinished =
          files
              .filter(file -> file.getFileName().toString().endsWith(SUFFIX))
              .filter(file -> which.test(file.getFileName().toString()))
              .toList();
    }
    for (Path file : unfinished) {
      Files.deleteIfExists(file);
    }
  }

  /** Returns how names of temporary files of a file begin. */
  private static String prefix(Path path) {
    return PREFIX + Integer.toHexString(path.getFileName().toString().hashCode()) + "-";
  }

  private static void deleteQuietly(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException ignored) {
      // The failure to write is the one to report.
    }
  }
}
