package dev.thumbnet.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.data.image.DecodeLimits;
import dev.thumbnet.data.image.ImageDecoder;
import dev.thumbnet.data.image.ImageException;
import dev.thumbnet.testing.TestPictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
  void a_file_that_had_no_time_is_not_taken_for_a_broken_one() throws IOException {
    picture("a/1.png");
    DecodeLimits hasty = DecodeLimits.DEFAULT.withTimeout(Duration.ofNanos(1));
    ImageDecoder decoder = new ImageDecoder(hasty, true);
    assertThatThrownBy(() -> new ImageFolder(root, decoder, ImageFolder.Broken.SKIP))
        .isInstanceOf(ImageException.class)
        .hasMessageStartingWith(root.resolve("a/1.png").toString());
  }

  @Test
  void a_class_of_nothing_but_broken_files_is_named() throws IOException {
    picture("a/1.png");
    Files.createDirectories(root.resolve("b"));
    Files.writeString(root.resolve("b/1.jpg"), "broken");
    assertThatThrownBy(() -> new ImageFolder(root, new ImageDecoder(), ImageFolder.Broken.SKIP))
        .hasMessageContaining(root.resolve("b").toString());
  }

  @Test
  void other_names_of_jpegs_are_read() throws IOException {
    for (String name : List.of("1.jfif", "2.JPE", "3.pjpeg")) {
      picture("a/" + name);
    }
    ImageFolder folder = new ImageFolder(root);
    assertThat(files(folder)).containsExactly("a/1.jfif", "a/2.JPE", "a/3.pjpeg");
    assertThat(folder.get(0)).isNotNull();
    assertThat(folder.leftOut()).isEmpty();
  }

  @Test
  void what_is_left_out_is_told() throws IOException {
    picture("a/1.png");
    picture("a/deep/er/2.png");
    picture("loose.png");
    for (String name : List.of("a/1.heic", "a/2.HEIC", "a/3.heic", "a/4.heic", "a/notes.txt")) {
      Files.writeString(root.resolve(name), "");
    }
    Files.writeString(root.resolve("a/none"), "");
    Files.createSymbolicLink(root.resolve("a/gone.png"), root.resolve("nowhere"));
    ImageFolder folder = new ImageFolder(root);
    assertThat(files(folder)).containsExactly("a/1.png", "a/deep/er/2.png");
    assertThat(folder.leftOut().getFirst().toString())
        .isEqualTo("4 .heic (a/1.heic, a/2.HEIC, a/3.heic, ...)");
    assertThat(folder.leftOut().stream().map(LeftOut::toString))
        .containsExactlyInAnyOrder(
            "4 .heic (a/1.heic, a/2.HEIC, a/3.heic, ...)",
            "1 .txt (a/notes.txt)",
            "1 file without an ending (a/none)",
            "1 link to nothing (a/gone.png)",
            "1 picture outside class folders (loose.png)");
  }

  @Test
  void what_systems_leave_everywhere_is_passed_over() throws IOException {
    picture("a/1.png");
    picture("__MACOSX/a/1.png");
    picture("a/@eaDir/1.png");
    for (String name : List.of("a/.DS_Store", "a/Thumbs.db", "a/._1.png", "a/desktop.ini")) {
      Files.writeString(root.resolve(name), "");
    }
    ImageFolder folder = new ImageFolder(root);
    assertThat(folder.classes()).containsExactly("a");
    assertThat(files(folder)).containsExactly("a/1.png");
    assertThat(folder.leftOut()).isEmpty();
  }

  @Test
  void links_are_followed_but_not_in_circles() throws IOException {
    Path data = Files.createDirectories(root.resolve("data"));
    Path elsewhere = Files.createDirectories(root.resolve("elsewhere"));
    TestPictures.noise(4, 3).writePng(elsewhere.resolve("1.png"));
    Files.createDirectories(data.resolve("a/sub"));
    Files.createSymbolicLink(data.resolve("a/linked"), elsewhere);
    Files.createSymbolicLink(data.resolve("a/sub/up"), data.resolve("a"));
    Files.createSymbolicLink(data.resolve("a/root"), root);
    Files.createSymbolicLink(data.resolve("self"), data);
    ImageFolder folder = new ImageFolder(data);
    assertThat(folder.classes()).containsExactly("a");
    assertThat(files(folder)).containsExactly("data/a/linked/1.png");
    assertThat(folder.leftOut()).hasSize(1);
    assertThat(folder.leftOut().getFirst().kind()).isEqualTo("links to a folder above");
    assertThat(folder.leftOut().getFirst().count()).isEqualTo(3);
  }

  /** Two links in each folder to the next would be two to the power of thirty visits. */
  @Test
  void each_folder_is_visited_once() throws IOException {
    int depth = 30; // the system follows forty links in a path
    for (int i = depth; i >= 0; i--) {
      Path folder = Files.createDirectories(root.resolve("store/d" + i));
      for (String link : i == depth ? List.<String>of() : List.of("a", "b")) {
        Files.createSymbolicLink(folder.resolve(link), root.resolve("store/d" + (i + 1)));
      }
    }
    TestPictures.noise(4, 3).writePng(root.resolve("store/d30/1.png"));
    Path data = Files.createDirectories(root.resolve("data"));
    Files.createSymbolicLink(data.resolve("class"), root.resolve("store/d0"));
    ImageFolder folder = new ImageFolder(data);
    assertThat(folder.size()).isEqualTo(1);
    assertThat(folder.leftOut().getFirst().count()).isEqualTo(depth);
  }

  @Test
  void pictures_belong_to_the_class_that_holds_them() throws IOException {
    picture("data/a/1.png");
    picture("data/b/2.png");
    picture("data/b/sub/3.png");
    picture("store/c/4.png");
    picture("store/c/sub/5.png");
    Path data = root.resolve("data");
    Files.createSymbolicLink(data.resolve("a/other"), data.resolve("b"));
    Files.createSymbolicLink(data.resolve("a/part"), data.resolve("b/sub"));
    Files.createSymbolicLink(data.resolve("a/stored"), root.resolve("store/c/sub"));
    Files.createSymbolicLink(data.resolve("0"), data.resolve("b"));
    Files.createSymbolicLink(data.resolve("c"), root.resolve("store/c"));
    ImageFolder folder = new ImageFolder(data);
    assertThat(folder.classes()).containsExactly("a", "b", "c");
    assertThat(files(folder))
        .containsExactly(
            "data/a/1.png", "data/b/2.png", "data/b/sub/3.png", "data/c/4.png", "data/c/sub/5.png");
    assertThat(folder.leftOut())
        .singleElement()
        .hasToString("4 links to a folder that is taken already (0, a/other, a/part, ...)");
  }

  @Test
  void a_class_of_nothing_but_other_files_says_which() throws IOException {
    picture("a/1.png");
    Files.createDirectories(root.resolve("b"));
    Files.writeString(root.resolve("b/1.heic"), "");
    assertThatThrownBy(() -> new ImageFolder(root)).hasMessageContaining("1 .heic (b/1.heic)");
  }
}
