package dev.thumbnet.engine.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file is replaced as a whole or not at all. */
class AtomicFileTest {
  @TempDir Path folder;

  @Test
  void replacesAnOlderFile() throws IOException {
    Path file = Files.writeString(folder.resolve("a.txt"), "old, and longer");
    AtomicFile.write(file, stream -> stream.write("new".getBytes(StandardCharsets.UTF_8)));
    assertThat(file).hasContent("new");
    assertThat(Files.list(folder)).hasSize(1);
  }

  @Test
  void keepsTheOlderFileWhenWritingFails() throws IOException {
    Path file = Files.writeString(folder.resolve("a.txt"), "old");
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    file,
                    stream -> {
                      stream.write(new byte[1 << 20]);
                      throw new IOException("the disk is full");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("a.txt: cannot be written")
        .hasMessageContaining("the disk is full");
    assertThat(file).hasContent("old");
    assertThat(Files.list(folder)).hasSize(1);
  }

  /**
   * As a process that is killed leaves it: a file with the temporary name, and half of its content.
   */
  private static void writeHalf(Path file) throws IOException {
    List<Path> before = files(file.getParent());
    AtomicFile.write(
        file,
        stream -> {
          stream.write(new byte[1 << 20]);
          Path temporary =
              files(file.getParent()).stream().filter(f -> !before.contains(f)).findAny().get();
          Files.copy(temporary, temporary.resolveSibling("copy"));
          Files.writeString(file.resolveSibling("name"), temporary.getFileName().toString());
        });
    Path name = file.resolveSibling("name");
    Files.move(file.resolveSibling("copy"), file.resolveSibling(Files.readString(name)));
    Files.delete(name);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  @Test
  void removesWhatKilledProcessesLeft() throws IOException {
    Path file = folder.resolve("a.txt");
    Path other = folder.resolve("b.txt");
    writeHalf(file);
    writeHalf(other);
    assertThat(files(folder)).hasSize(4);
    AtomicFile.remove(file);
    assertThat(files(folder)).hasSize(2).contains(other).doesNotContain(file);
    AtomicFile.remove(file);
    assertThat(files(folder)).hasSize(2);
    AtomicFile.removeUnfinished(folder);
    assertThat(files(folder)).containsExactly(other);
  }

  @Test
  void everyNameThatTheFileSystemAllowsCanBeWritten() throws IOException {
    for (String name :
        List.of("n".repeat(255), "-rf", "@a", "two\nlines", "\"quoted' name", "a b*")) {
      Path file = folder.resolve(name);
      AtomicFile.write(file, stream -> stream.write(1));
      assertThat(file).hasSize(1);
      AtomicFile.remove(file);
      assertThat(files(folder)).isEmpty();
    }
  }

  @Test
  void anInterruptDoesNotDisturbIt() throws IOException {
    Path file = folder.resolve("a.txt");
    try {
      AtomicFile.write(
          file,
          stream -> {
            stream.write(new byte[1 << 20]);
            Thread.currentThread().interrupt();
            stream.write(new byte[1 << 20]);
          });
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
      assertThat(file).hasSize(2 << 20);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void saysWhyAFileCannotBeWritten() {
    Path nowhere = folder.resolve("nowhere/a.txt");
    assertThatThrownBy(() -> AtomicFile.write(nowhere, stream -> stream.write(1)))
        .hasMessage(nowhere + ": cannot be written: there is no folder " + nowhere.getParent());
    Path tooLong = folder.resolve("n".repeat(300));
    assertThatThrownBy(() -> AtomicFile.write(tooLong, stream -> stream.write(1)))
        .hasMessageContaining("cannot be written: ")
        .hasMessageNotContaining(".tmp");
  }

  @Test
  void nothingIsLeftOfContentThatFails() {
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    folder.resolve("a.txt"),
                    _ -> {
                      throw new IllegalStateException("no content");
                    }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(folder).isEmptyDirectory();
  }
}
