package dev.thumbnet.data.image.jpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Photographs have the bits that Pillow gives them. They are no part of the project, nor is the
 * list of what Pillow gives, which pillow_jpeg.py writes of any folders; the environment variable
 * THUMBNET_JPEG_HASHES names it.
 */
class JpegFoldersTest {
  private static @Nullable Path list() {
    String name = System.getenv("THUMBNET_JPEG_HASHES");
    return name == null ? null : Path.of(name);
  }

  @Test
  void photographs_have_the_bits_of_pillow() throws IOException {
    Path list = list();
    assumeTrue(
        list != null && Files.exists(list),
        "skipped: no list of hashes; let pillow_jpeg.py write one and set THUMBNET_JPEG_HASHES");
    List<String> wrong = new ArrayList<>();
    List<String> lines = Files.readAllLines(list);
    for (String line : lines) {
      String[] fields = line.split(" ", 5);
      byte[] file = Files.readAllBytes(Path.of(fields[4]));
      PillowJpeg golden = new PillowJpeg(fields[4], List.of(fields).subList(0, 4), file);
      for (int i = 0; i < 4; i++) {
        if (!PillowJpeg.crc(golden.decode(1 << i)).equals(fields[i])) {
          wrong.add("1/" + (1 << i) + " " + golden);
        }
      }
    }
    assertThat(lines).isNotEmpty();
    assertThat(wrong).isEmpty();
  }
}
