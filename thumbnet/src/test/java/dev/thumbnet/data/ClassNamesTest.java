package dev.thumbnet.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of classes are the same whichever system and editor they come from. */
final class ClassNamesTest {
  private static final String COMPOSED = "caf\u00e9 \u00fcber \uac00";
  private static final String DECOMPOSED = "cafe\u0301 u\u0308ber \u1100\u1161";

  @TempDir Path folder;

  private Path file(String text, Charset charset) throws IOException {
    return Files.write(folder.resolve("names.txt"), text.getBytes(charset));
  }

  @Test
  void accentsHaveOneForm() {
    assertThat(ClassNames.canonical(DECOMPOSED)).isEqualTo(COMPOSED);
    assertThat(ClassNames.canonical(COMPOSED)).isEqualTo(COMPOSED);
    assertThat(ClassNames.canonical("")).isEmpty();
    assertThat(ClassNames.canonical("\uFEFF")).isEmpty();
    assertThat(ClassNames.same(List.of(DECOMPOSED, "a"), List.of(COMPOSED, "a"))).isTrue();
    assertThat(ClassNames.same(List.of("a", "b"), List.of("b", "a"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tench\nshark",
        "\uFEFFtench\r\nshark\r\n",
        "tench\rshark\r",
        "\n tench \n\n\tshark"
      })
  void linesEndInAnyWay(String text) throws IOException {
    assertThat(ClassNames.read(file(text, StandardCharsets.UTF_8)))
        .containsExactly("tench", "shark");
  }

  /** ImageNet itself has two cranes. */
  @Test
  void repeatedNamesGetANumber() throws IOException {
    Path file = file("crane\ncrane (2)\ncrane\ncrane\n", StandardCharsets.UTF_8);
    assertThat(ClassNames.read(file))
        .containsExactly("crane", "crane (2)", "crane (3)", "crane (4)");
  }

  @Test
  void whatIsNoTextIsNamed() throws IOException {
    assertThatThrownBy(() -> ClassNames.read(folder.resolve("none")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("none: cannot be read");
    Path wide = file("\uFEFFtench", StandardCharsets.UTF_16LE);
    assertThatThrownBy(() -> ClassNames.read(wide))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(wide + ": is a text in UTF-16; save it in UTF-8");
    Path latin = file("caf\u00e9", StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> ClassNames.read(latin)).hasMessageContaining("no text in UTF-8");
  }

  @ParameterizedTest
  @ValueSource(chars = {'\0', '\7', '\u001b', '\u0085', '\u009b', '\u2028', '\u202e', '\uFEFF'})
  void controlCharactersAreRefused(char c) throws IOException {
    Path file = file("good\nb" + c + "d\n", StandardCharsets.UTF_8);
    assertThatThrownBy(() -> ClassNames.read(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(file + ": line 2 has the invisible character U+");
  }

  /** Folders of macOS have decomposed names; a model and other sets may have the others. */
  @Test
  void foldersHaveTheOneForm() throws IOException {
    Path root = folder.resolve("set");
    for (String name : List.of("zebra", DECOMPOSED)) {
      Files.createDirectories(root.resolve(name));
      new dev.thumbnet.data.image.RgbImage(1, 1, new byte[3])
          .writePng(root.resolve(name).resolve("a.png"));
    }
    ImageFolder pictures = new ImageFolder(root);
    assertThat(pictures.classes()).containsExactly(COMPOSED, "zebra");
    assertThat(pictures.get(0).width()).isEqualTo(1);
    Files.createDirectory(root.resolve(COMPOSED));
    assertThatThrownBy(() -> new ImageFolder(root))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("two folders for the class " + COMPOSED);
  }
}
