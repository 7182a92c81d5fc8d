package dev.thumbnet.data.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Looks into the segments of a JPEG file before its first scan, without decoding anything. */
final class JpegSegments {
  private static final int APP1 = 0xE1;
  private static final int APP2 = 0xE2;
  private static final int START_OF_SCAN = 0xDA;
  private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.ISO_8859_1);
  private static final byte[] PROFILE = "ICC_PROFILE\0".getBytes(StandardCharsets.ISO_8859_1);

  private JpegSegments() {}

  static boolean isJpeg(byte[] file) {
    return file.length > 3 && file[0] == (byte) 0xFF && file[1] == (byte) 0xD8;
  }

  /** The EXIF block, which has the form of a TIFF file. */
  static byte @Nullable [] exif(byte[] jpeg) {
    int at = find(jpeg, 2, APP1, EXIF);
    return at < 0 ? null : Arrays.copyOfRange(jpeg, at + 4 + EXIF.length, end(jpeg, at));
  }

  /**
   * The same file with its colour profile made invisible: the name in the segment is overwritten.
   * Returns the given array itself if there is no profile.
   */
  static byte[] withoutProfile(byte[] jpeg) {
    byte[] out = jpeg;
    int at = 2;
    while ((at = find(jpeg, at, APP2, PROFILE)) >= 0) {
      if (out == jpeg) {
        out = jpeg.clone();
      }
      out[at + 4] = 'X';
      at = end(jpeg, at);
    }
    return out;
  }

  /** How many scans the file has; also counts those of an embedded preview. */
  static int scans(byte[] jpeg) {
    int scans = 0;
    for (int i = 2; i + 1 < jpeg.length; i++) {
      if (jpeg[i] == (byte) 0xFF && (jpeg[i + 1] & 0xFF) == START_OF_SCAN) {
        scans++;
      }
    }
    return scans;
  }

  /** Where the next segment with this marker and this beginning starts, or -1. */
  private static int find(byte[] jpeg, int from, int wanted, byte[] beginning) {
    int at = from;
    while (at + 4 + beginning.length <= jpeg.length) {
      int marker = jpeg[at + 1] & 0xFF;
      if (jpeg[at] != (byte) 0xFF || marker == 0 || marker == 0xFF) {
        at++; // fill bytes and junk between segments
      } else if (marker == START_OF_SCAN) {
        return -1;
      } else if (marker == wanted && startsWith(jpeg, at + 4, beginning)) {
        return at;
      } else {
        at = end(jpeg, at);
      }
    }
    return -1;
  }

  private static int end(byte[] jpeg, int at) {
    int length = (jpeg[at + 2] & 0xFF) << 8 | jpeg[at + 3] & 0xFF;
    return Math.min(jpeg.length, at + 2 + length);
  }

  private static boolean startsWith(byte[] bytes, int at, byte[] beginning) {
    return Arrays.equals(bytes, at, at + beginning.length, beginning, 0, beginning.length);
  }
}
