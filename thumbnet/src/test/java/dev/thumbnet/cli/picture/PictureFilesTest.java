package dev.thumbnet.cli.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.cli.picture.PictureFiles.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What folders, files and {@code -} on a command line stand for. */
final class PictureFilesTest {
  @TempDir Path root;

  private void make(String... names) throws IOException {
    for (String name : names) {
      Path file = root.resolve(name);
      Files.createDirectories(file.getParent());
      Files.createFile(file);
    }
  }

  private List<String> files(PictureFiles found) {
    return found.sources().stream().map(s -> root.relativize(s.file()).toString()).toList();
  }

  @Test
  void aFolderStandsForAllPicturesBelowIt() throws IOException {
    make("b/2.JPG", "b/10.jpg", "a.png", "c/d/e.webp", "notes.txt", ".git/x.png", ".x.png", "c/n");
    PictureFiles found = new PictureFiles(List.of(root));
    assertThat(files(found)).containsExactly("a.png", "b/10.jpg", "b/2.JPG", "c/d/e.webp");
    assertThat(found.sources()).extracting(s -> s.place().toString()).contains("c/d/e.webp");
    assertThat(found.complete()).isTrue();
    assertThat(found.notes())
        .singleElement()
        .asString()
        .contains("4 pictures", "1 .txt (notes.txt)", "1 file without an ending (c/n)");
  }

  @Test
  void foldersThatLinkToEachOtherEnd() throws IOException {
    make("a/1.png", "b/2.png");
    Files.createSymbolicLink(root.resolve("a/up"), root);
    Files.createSymbolicLink(root.resolve("b/a"), root.resolve("a"));
    Files.createSymbolicLink(root.resolve("b/gone"), root.resolve("nothing"));
    Files.createSymbolicLink(root.resolve("b/3.png"), root.resolve("a/1.png"));
    assertThat(files(new PictureFiles(List.of(root))))
        .containsExactly("a/1.png", "b/2.png", "b/3.png");
    assertThat(new PictureFiles(List.of(root)).notes())
        .singleElement()
        .asString()
        .contains(
            "1 link to a folder above (a/up)",
            "1 link to a folder that is taken already (b/a)",
            "1 link to nothing (b/gone)");
  }

  @Test
  void whatSystemsLeaveIsPassedOver() throws IOException {
    make("a.png", "__MACOSX/a.png", "b/@eaDir/a.png", "Thumbs.db");
    PictureFiles found = new PictureFiles(List.of(root));
    assertThat(files(found)).containsExactly("a.png");
    assertThat(found.notes()).isEmpty();
  }

  @Test
  void picturesAreSortedFolderByFolder() throws IOException {
    make("a/z.png", "a-b/1.png", "a.png", "a/b/1.png", "b.png");
    assertThat(files(new PictureFiles(List.of(root))))
        .containsExactly("a/b/1.png", "a/z.png", "a-b/1.png", "a.png", "b.png");
  }

  @Test
  void whatTheProgramWritesItselfIsPassedOver() throws IOException {
    make("1.png", "small/1.png");
    Path small = root.resolve("small");
    assertThat(files(new PictureFiles(List.of(root), small))).containsExactly("1.png");
    assertThat(files(new PictureFiles(List.of(small), small))).containsExactly("small/1.png");
    assertThat(files(new PictureFiles(List.of(root), root.resolve("new")))).hasSize(2);
  }

  @Test
  void filesAreTakenByAnyNameAndOrder() throws IOException {
    make("x", "a.png");
    Path missing = root.resolve("missing.png");
    PictureFiles found =
        new PictureFiles(List.of(root.resolve("x"), missing, root.resolve("a.png")));
    assertThat(files(found)).containsExactly("x", "missing.png", "a.png");
    assertThat(found.notes()).isEmpty();
  }

  @Test
  void aFolderWithoutPicturesIsAMistake() throws IOException {
    make("notes.txt");
    PictureFiles found = new PictureFiles(List.of(root));
    assertThat(found.complete()).isFalse();
    assertThat(found.notes()).singleElement().asString().contains("0 pictures");
  }

  @Test
  void standardInputIsOnePicture() {
    Path dash = Path.of("-");
    assertThat(new PictureFiles(List.of(dash)).sources())
        .containsExactly(new Source(dash, Path.of("stdin")));
    assertThatThrownBy(() -> new PictureFiles(List.of(dash, dash)))
        .hasMessageContaining("read only once");
  }

  @Test
  void lookingCanBeStopped() throws IOException {
    make("a.png");
    try {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> new PictureFiles(List.of(root)))
          .isInstanceOf(CancellationException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
