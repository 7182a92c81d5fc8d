package dev.thumbnet.data.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Looks into the chunks of a WebP file, which is a RIFF container, without decoding anything. */
final class WebpChunks {
  private static final int HEADER = 12;
  private static final int RIFF = fourCc("RIFF");
  private static final int WEBP = fourCc("WEBP");
  private static final int EXTENDED = fourCc("VP8X");
  private static final int PROFILE = fourCc("ICCP");
  private static final int EXIF = fourCc("EXIF");
  private static final int UNKNOWN = fourCc("XXXX");
  private static final int PROFILE_FLAG = 0x20;

  private WebpChunks() {}

  static boolean isWebp(byte[] file) {
    return file.length > HEADER
        && littleEndian(file).getInt(0) == RIFF
        && littleEndian(file).getInt(8) == WEBP;
  }

  /** The EXIF block, which has the form of a TIFF file. */
  static byte @Nullable [] exif(byte[] webp) {
    int at = find(webp, EXIF);
    if (at < 0) {
      return null;
    }
    // Some writers copy the name which the block has in a JPEG.
    int start = at + 8 < webp.length && webp[at + 8] == 'E' ? at + 14 : at + 8;
    return Arrays.copyOfRange(webp, start, webp.length);
  }

  /**
   * The same file with its colour profile made invisible: chunk and flag are renamed away. Returns
   * the given array itself if there is no profile.
   */
  static byte[] withoutProfile(byte[] webp) {
    int profile = find(webp, PROFILE);
    if (profile < 0) {
      return webp;
    }
    byte[] out = webp.clone();
    littleEndian(out).putInt(profile, UNKNOWN);
    int extended = find(webp, EXTENDED);
    if (extended >= 0 && extended + 8 < out.length) {
      out[extended + 8] &= ~PROFILE_FLAG;
    }
    return out;
  }

  /** Where the first chunk of this kind starts, or -1. */
  private static int find(byte[] webp, int kind) {
    ByteBuffer data = littleEndian(webp);
    long at = HEADER;
    while (at + 8 <= webp.length) {
      if (data.getInt((int) at) == kind) {
        return (int) at;
      }
      long length = data.getInt((int) at + 4) & 0xFFFFFFFFL;
      at += 8 + length + (length & 1);
    }
    return -1;
  }

  private static ByteBuffer littleEndian(byte[] file) {
    return ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int fourCc(String name) {
    return name.charAt(0) | name.charAt(1) << 8 | name.charAt(2) << 16 | name.charAt(3) << 24;
  }
}
