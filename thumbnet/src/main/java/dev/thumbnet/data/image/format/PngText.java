package dev.thumbnet.data.image.format;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.InflaterInputStream;

/**
 * EXIF data as ImageMagick writes it into the texts of a PNG file: a name, a length, hex digits.
 */
final class PngText {
  private static final String KEY = "Raw profile type exif\0";

  /** EXIF data fit into 64 kB, two digits a byte; longer texts are cut off. */
  private static final int MOST = 1 << 18;

  private PngText() {}

  /** Whether a text chunk has such data. */
  static boolean isExif(Bytes data, int from, int end) {
    return data.has(from, KEY) && from + KEY.length() < end;
  }

  /**
   * The EXIF block in such a chunk; empty if it is damaged.
   *
   * @param packed whether the text behind its key is compressed
   */
  static byte[] exif(Bytes data, int from, int end, boolean packed) {
    int start = from + KEY.length();
    try {
      byte[] text =
          packed
              ? unpacked(data.file(), start + 1, end) // behind the method, of which there is one
              : Arrays.copyOfRange(data.file(), start, Math.min(end, start + MOST));
      return block(new String(text, StandardCharsets.ISO_8859_1));
    } catch (IOException | IllegalArgumentException e) {
      return new byte[0];
    }
  }

  private static byte[] unpacked(byte[] file, int from, int end) throws IOException {
    try (InflaterInputStream in =
        new InflaterInputStream(new ByteArrayInputStream(file, from, end - from))) {
      return in.readNBytes(MOST);
    }
  }

  /** A blank line, the name, the length, the digits. */
  private static byte[] block(String text) {
    String[] parts = text.split("\n", 4);
    if (parts.length < 4) {
      return new byte[0];
    }
    byte[] block = HexFormat.of().parseHex(parts[3].replaceAll("\\s", ""));
    boolean named = block.length > 6 && block[0] == 'E';
    return named ? Arrays.copyOfRange(block, 6, block.length) : block;
  }
}
