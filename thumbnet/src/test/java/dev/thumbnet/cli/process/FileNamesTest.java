package dev.thumbnet.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.TypeConversionException;

/** Every file that there is can be named. */
final class FileNamesTest {
  private final FileNames names = new FileNames();

  @TempDir Path folder;

  @Test
  void textIsAPath() {
    for (String name : List.of("a.png", "@a", "-", "-a", "two\nlines", "/x/../y", "\"q'")) {
      assertThat(names.convert(name)).isEqualTo(Path.of(name));
    }
    assertThatThrownBy(() -> names.convert("")).isInstanceOf(TypeConversionException.class);
  }

  /** The bytes 0xE9 and 0xE8 are é and è in Latin-1, and neither is text in UTF-8 or ASCII. */
  private void make(String printf) throws Exception {
    Process shell =
        new ProcessBuilder("sh", "-c", "f=$(printf '" + printf + "') && mkdir -p \"$f\"")
            .directory(folder.toFile())
            .inheritIO()
            .start();
    assertThat(shell.waitFor()).isZero();
  }

  @Test
  void namesThatAreNoTextAreFoundInTheirFolder() throws Exception {
    make("caf\\351/t\\351");
    Path found = names.convert(folder + "/caf\uFFFD/t\uFFFD");
    assertThat(found).isDirectory().isNotEqualTo(folder);
    assertThat(Files.isSameFile(found.getParent().getParent(), folder)).isTrue();
  }

  @Test
  void whatCannotBeToldApartIsRefused() throws Exception {
    assertThatThrownBy(() -> names.convert(folder + "/caf\uFFFD"))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("no file is called so")
        .hasMessageContaining("LC_ALL");
    make("caf\\351");
    make("caf\\350");
    assertThatThrownBy(() -> names.convert(folder + "/caf\uFFFD"))
        .hasMessageContaining("several files");
  }
}
