package dev.thumbnet.engine.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

  @Test
  void removesWhatKilledProcessesLeft() throws IOException {
    Path file = Files.writeString(folder.resolve("a.txt"), "done");
    Files.writeString(folder.resolve(".a.txt.0c5c6d3a.tmp"), "half");
    Path other = Files.writeString(folder.resolve(".b.txt.0c5c6d3a.tmp"), "of another file");
    AtomicFile.remove(file);
    assertThat(Files.list(folder)).containsExactly(other);
    AtomicFile.remove(file);
    assertThat(Files.list(folder)).containsExactly(other);
  }
}
