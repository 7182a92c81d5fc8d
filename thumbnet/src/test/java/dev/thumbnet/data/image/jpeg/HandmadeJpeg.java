package dev.thumbnet.data.image.jpeg;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Sequential JPEGs put together by hand: three colours, not subsampled, factors of 1. Each table
 * has one code, the bit 0: for DC it says that there is no difference.
 */
final class HandmadeJpeg {
  private static final int COMPONENTS = 3;
  private static final int CODE_LENGTHS = 16;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /**
   * Begins a file, up to its first scan.
   *
   * @param symbol what the code for coefficients behind DC says
   */
  HandmadeJpeg(int width, int height, int symbol) {
    bytes(0xFF, 0xD8);
    int[] quantisation = new int[1 + Component.BLOCK];
    Arrays.fill(quantisation, 1, quantisation.length, 1);
    segment(0xDB, quantisation);
    int[] frame = new int[6 + 3 * COMPONENTS];
    frame[0] = 8;
    frame[1] = height >> 8;
    frame[2] = height;
    frame[3] = width >> 8;
    frame[4] = width;
    frame[5] = COMPONENTS;
    for (int i = 0; i < COMPONENTS; i++) {
      frame[6 + 3 * i] = i;
      frame[7 + 3 * i] = 0x11;
    }
    segment(0xC0, frame);
    segment(0xC4, code(0, 0));
    segment(0xC4, code(0x10, symbol));
  }

  private static int[] code(int table, int symbol) {
    int[] content = new int[2 + CODE_LENGTHS];
    content[0] = table;
    content[1] = 1;
    content[1 + CODE_LENGTHS] = symbol;
    return content;
  }

  /** A segment; of each number the low 8 bits. */
  HandmadeJpeg segment(int marker, int... content) {
    bytes(0xFF, marker, content.length + 2 >> 8, content.length + 2);
    return bytes(content);
  }

  /** The header of a scan of the first components. */
  HandmadeJpeg scan(int components) {
    int[] content = new int[4 + 2 * components];
    content[0] = components;
    for (int i = 0; i < components; i++) {
      content[1 + 2 * i] = i;
    }
    content[2 + 2 * components] = Component.BLOCK - 1;
    return segment(0xDA, content);
  }

  /** So many times the same byte. */
  HandmadeJpeg fill(int times, int value) {
    for (int i = 0; i < times; i++) {
      out.write(value);
    }
    return this;
  }

  private HandmadeJpeg bytes(int... values) {
    for (int value : values) {
      out.write(value);
    }
    return this;
  }

  /** The file, with its end marked. */
  byte[] end() {
    return bytes(0xFF, 0xD9).out.toByteArray();
  }
}
