package dev.thumbnet.data.image.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Finds the orientation that a camera wrote (EXIF tag 274, values 1 to 8; 1 is upright) in a block
 * of EXIF data, which has the form of a TIFF file. Any type of number will do, as in Pillow.
 * Damaged data count as upright: they say nothing about the pixels.
 */
final class ExifTag {
  private static final int ORIENTATION = 274;
  private static final int ENTRY = 12;

  private ExifTag() {}

  /** The orientation in the block {@code [from, end)} of a file; 1 if it says none. */
  static int orientation(byte[] file, int from, int end) {
    try {
      ByteBuffer exif = ByteBuffer.wrap(file, from, end - from).slice();
      boolean big = exif.get(0) == 'M' && exif.get(1) == 'M';
      exif.order(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
      int directory = exif.getInt(4);
      int entries = exif.getShort(directory) & 0xFFFF;
      for (int i = 0; i < entries; i++) {
        int entry = directory + 2 + ENTRY * i;
        if ((exif.getShort(entry) & 0xFFFF) == ORIENTATION && exif.getInt(entry + 4) != 0) {
          double value = number(exif, exif.getShort(entry + 2) & 0xFFFF, entry + 8);
          return value >= 1 && value <= 8 && value == Math.rint(value) ? (int) value : 1;
        }
      }
      return 1;
    } catch (IndexOutOfBoundsException e) {
      return 1;
    }
  }

  /** The number in an entry; those of more than four bytes stand elsewhere. */
  private static double number(ByteBuffer exif, int type, int at) {
    return switch (type) {
      case 1, 6 -> exif.get(at);
      case 3, 8 -> exif.getShort(at);
      case 4, 9, 13 -> exif.getInt(at);
      case 5, 10 -> (double) exif.getInt(exif.getInt(at)) / exif.getInt(exif.getInt(at) + 4);
      case 11 -> exif.getFloat(at);
      case 12 -> exif.getDouble(exif.getInt(at));
      case 16, 17 -> exif.getLong(exif.getInt(at));
      default -> 1; // letters
    };
  }
}
