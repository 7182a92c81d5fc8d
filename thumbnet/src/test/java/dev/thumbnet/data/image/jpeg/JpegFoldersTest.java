package dev.thumbnet.data.image.jpeg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.data.image.format.Encoded;
import dev.thumbnet.data.image.format.Format;
import dev.thumbnet.testing.TestData;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Photographs have the bits that Pillow gives them, whole and reduced. They are no part of the
 * project; a folder that is not there is skipped. pillow_folders.txt, which pillow_jpeg.py beside
 * it has written, says what Pillow gives.
 */
class JpegFoldersTest {
  /** Pillow decodes them, and we do not: arithmetic coding, and damaged data. */
  private static final Set<String> REFUSED =
      Set.of("derived_arithmetic.jpg", "pillow_hopper_bad_exif.jpg");

  private static List<String> lines() {
    try (InputStream in = JpegFoldersTest.class.getResourceAsStream("pillow_folders.txt")) {
      byte[] all = Objects.requireNonNull(in).readAllBytes();
      return new String(all, StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The folders that hold all others. */
  static Stream<String> roots() {
    return lines().stream().map(JpegFoldersTest::root).distinct();
  }

  private static String root(String line) {
    return line.split("[/ ]", 2)[0];
  }

  @ParameterizedTest
  @MethodSource("roots")
  void photographs_have_the_bits_of_pillow(String root) throws IOException {
    TestData.folder(root);
    List<String> wrong = new ArrayList<>();
    for (String line : lines()) {
      if (root(line).equals(root)) {
        List<String> fields = List.of(line.split(" "));
        compare(TestData.folder(fields.get(0)), fields.subList(1, fields.size()), wrong);
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static void compare(Path folder, List<String> expected, List<String> wrong)
      throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.list(folder)) {
      for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
        if (isJpeg(file)) {
          files.add(file);
        }
      }
    }
    assertThat(files).as("those that pillow_folders.txt has").hasSameSizeAs(expected);
    for (int i = 0; i < files.size(); i++) {
      Path file = files.get(i);
      String hash = expected.get(i);
      boolean decoded = !hash.equals("-") && !REFUSED.contains(file.getFileName().toString());
      if (decoded && !hash.equals(hash(Files.readAllBytes(file)))) {
        wrong.add(file + " " + hash(Files.readAllBytes(file)));
      }
    }
  }

  private static boolean isJpeg(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.read() == 0xFF && in.read() == 0xD8 && in.read() == 0xFF;
    }
  }

  /** The low 16 bits of the CRC-32 of those of all four sizes as text. */
  private static String hash(byte[] file) {
    try {
      Encoded header = Format.read(file, () -> {});
      byte[] copy = header.file().toBytes();
      List<String> all = new ArrayList<>();
      for (int scale = 1; scale <= 8; scale *= 2) {
        JpegWindow whole = JpegWindow.whole(header.width(), header.height(), scale);
        all.add(PillowJpeg.crc(JpegDecoder.decode(copy, whole, _ -> {})));
      }
      byte[] text = String.join(" ", all).getBytes(StandardCharsets.US_ASCII);
      return PillowJpeg.crc(text).substring(4);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
