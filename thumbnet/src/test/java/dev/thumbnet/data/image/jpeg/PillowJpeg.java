package dev.thumbnet.data.image.jpeg;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;

/**
 * A line of pillow_jpeg.txt, which pillow_jpeg.py beside it has written.
 *
 * @param name what is special about it
 * @param crcs of Pillow's pixels, whole and by draft to a half, a quarter and an eighth
 * @param file the JPEG
 */
record PillowJpeg(String name, List<String> crcs, byte[] file) {
  static final List<PillowJpeg> ALL = all();

  private static List<PillowJpeg> all() {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(PillowJpeg.class.getResourceAsStream("pillow_jpeg.txt")),
                StandardCharsets.US_ASCII))) {
      return in.lines().map(PillowJpeg::of).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PillowJpeg of(String line) {
    List<String> fields = List.of(line.split(" "));
    return new PillowJpeg(
        fields.get(0), fields.subList(1, 5), Base64.getDecoder().decode(fields.get(5)));
  }

  static PillowJpeg named(String name) {
    return ALL.stream().filter(golden -> golden.name.equals(name)).findFirst().orElseThrow();
  }

  static String crc(byte[] pixels) {
    CRC32 crc = new CRC32();
    crc.update(pixels);
    return String.format("%08x", crc.getValue());
  }

  /** Where a marker stands. */
  int indexOf(int marker) {
    int at = 2;
    while ((file[at + 1] & 0xFF) != marker) {
      at += 2 + u16(at + 2);
    }
    return at;
  }

  private int u16(int at) {
    return (file[at] & 0xFF) << 8 | file[at + 1] & 0xFF;
  }

  private int frame() {
    int at = 2;
    while (file[at] != -1 || (file[at + 1] & 0xFC) != 0xC0 || (file[at + 1] & 3) == 3) {
      boolean segment = file[at] == -1 && file[at + 1] != 0 && file[at + 1] != -1;
      at += segment ? 2 + u16(at + 2) : 1; // junk, too
    }
    return at;
  }

  int width() {
    return u16(frame() + 7);
  }

  int height() {
    return u16(frame() + 5);
  }

  JpegWindow whole(int scale) {
    return JpegWindow.whole(width(), height(), scale);
  }

  byte[] decode(int scale) throws IOException {
    return JpegDecoder.decode(file, whole(scale), _ -> {});
  }

  @Override
  public String toString() {
    return name;
  }
}
