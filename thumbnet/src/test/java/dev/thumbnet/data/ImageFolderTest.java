package dev.thumbnet.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.data.image.ImageDecoder;
import dev.thumbnet.data.image.ImageException;
import dev.thumbnet.testing.TestPictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders become classes and labels in the same order everywhere, and bad folders are named. */
class ImageFolderTest {
  @TempDir Path root;

  private void picture(String path) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    TestPictures.noise(4 + path.length() % 5, 3).writePng(file);
  }

  private List<String> files(ImageFolder folder) {
    return IntStream.range(0, folder.size())
        .mapToObj(i -> root.relativize(folder.file(i)).toString().replace('\\', '/'))
        .toList();
  }

  @Test
  void classes_and_files_are_sorted_by_code_points() throws IOException {
    for (String path :
        List.of(
            "b/2.jpg",
            "b/10.png",
            "a/x.JPEG",
            "Z/p.webp",
            "ä/q.tif",
            "a/sub/b.bmp",
            "a/y.ppm",
            "a/sub/a.tiff",
            "a/Sub/c.pgm")) {
      picture(path);
    }
    ImageFolder folder = new ImageFolder(root);
    assertThat(folder.classes()).containsExactly("Z", "a", "b", "ä");
    assertThat(files(folder))
        .containsExactly(
            "Z/p.webp",
            "a/x.JPEG",
            "a/y.ppm",
            "a/Sub/c.pgm",
            "a/sub/a.tiff",
            "a/sub/b.bmp",
            "b/10.png",
            "b/2.jpg",
            "ä/q.tif");
    assertThat(IntStream.range(0, 9).map(folder::label)).containsExactly(0, 1, 1, 1, 1, 1, 2, 2, 3);
    assertThat(folder.name(6)).isEqualTo(root.resolve("b").resolve("10.png").toString());
  }

  @Property(tries = 200)
  void names_are_sorted_as_python_sorts_them(@ForAll List<String> names, @ForAll long seed) {
    List<String> shuffled = new java.util.ArrayList<>(names);
    Collections.shuffle(shuffled, new Random(seed));
    shuffled.sort(CodePointOrder.INSTANCE);
    List<String> again = new java.util.ArrayList<>(names);
    again.sort(CodePointOrder.INSTANCE);
    assertThat(shuffled).isEqualTo(again);
    for (int i = 1; i < shuffled.size(); i++) {
      int[] a = shuffled.get(i - 1).codePoints().toArray();
      int[] b = shuffled.get(i).codePoints().toArray();
      assertThat(java.util.Arrays.compare(a, b)).isNotPositive();
    }
  }

  @Test
  void characters_beyond_the_basic_plane_come_last() {
    // As UTF-16 the first would start with U+D83D and stand before U+FB01.
    List<String> names = new java.util.ArrayList<>(List.of("\uD83D\uDC36", "\uFB01"));
    names.sort(CodePointOrder.INSTANCE);
    assertThat(names).containsExactly("\uFB01", "\uD83D\uDC36");
  }

  @Test
  void hidden_and_foreign_files_are_ignored() throws IOException {
    picture("a/1.png");
    picture("a/.hidden.png");
    picture("a/.thumbs/1.png");
    picture(".cache/1.png");
    Files.writeString(root.resolve("a/notes.txt"), "no picture");
    Files.writeString(root.resolve("a/png"), "no extension");
    Files.writeString(root.resolve("readme.png"), "not in a class");
    ImageFolder folder = new ImageFolder(root);
    assertThat(folder.classes()).containsExactly("a");
    assertThat(files(folder)).containsExactly("a/1.png");
  }

  @Test
  void pictures_are_decoded() throws IOException {
    picture("a/1.png");
    assertThat(new ImageFolder(root).get(0)).isEqualTo(TestPictures.noise(6, 3));
  }

  @Test
  void missing_and_empty_folders_are_named() throws IOException {
    Path missing = root.resolve("missing");
    assertThatThrownBy(() -> new ImageFolder(missing))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("there is no folder " + missing);
    assertThatThrownBy(() -> new ImageFolder(root))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(root + " has no sub-folders");
    picture("a/1.png");
    Files.createDirectories(root.resolve("empty"));
    assertThatThrownBy(() -> new ImageFolder(root))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(root.resolve("empty").toString())
        .hasMessageContaining("no usable picture")
        .hasMessageContaining("webp");
  }

  @Test
  void broken_files_fail_or_are_left_out() throws IOException {
    picture("a/1.png");
    picture("a/3.png");
    Path broken = Files.writeString(root.resolve("a/2.jpg"), "broken");
    ImageFolder failing = new ImageFolder(root);
    assertThat(failing.size()).isEqualTo(3);
    assertThat(failing.skipped()).isZero();
    assertThatThrownBy(() -> failing.get(1))
        .isInstanceOf(ImageException.class)
        .hasMessageStartingWith(broken.toString());
    ImageFolder skipping = new ImageFolder(root, new ImageDecoder(), ImageFolder.Broken.SKIP);
    assertThat(files(skipping)).containsExactly("a/1.png", "a/3.png");
    assertThat(skipping.skipped()).isEqualTo(1);
  }

  @Test
  void a_class_of_nothing_but_broken_files_is_named() throws IOException {
    picture("a/1.png");
    Files.createDirectories(root.resolve("b"));
    Files.writeString(root.resolve("b/1.jpg"), "broken");
    assertThatThrownBy(() -> new ImageFolder(root, new ImageDecoder(), ImageFolder.Broken.SKIP))
        .hasMessageContaining(root.resolve("b").toString());
  }
}
