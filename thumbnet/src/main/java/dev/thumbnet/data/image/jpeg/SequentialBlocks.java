package dev.thumbnet.data.image.jpeg;

import java.io.IOException;

/**
 * Reads blocks of sequential scans (T.81, F.2.2): how much the DC differs from that of the block
 * before, then for each coefficient how many zeros come first, and its value. Fifteen zeros before
 * none are sixteen zeros; any other number before none ends the block.
 */
final class SequentialBlocks {
  /** A code and its coefficient have no more bits. */
  private static final int MOST_BITS = 32;

  private static final int SIXTEEN_ZEROS = 15;

  private final EntropyBits bits;

  SequentialBlocks(EntropyBits bits) {
    this.bits = bits;
  }

  /**
   * Reads a block into zeros.
   *
   * @param out gets the coefficients in natural order, not yet multiplied
   * @param base where they begin
   * @return whether there were others than DC
   * @throws IOException at bits that are no code
   */
  boolean read(Component component, HuffmanTable dc, HuffmanTable ac, short[] out, int base)
      throws IOException {
    component.lastDc += difference(dc);
    out[base] = (short) component.lastDc;
    EntropyBits source = bits;
    int[] table = ac.coefficients;
    int[] order = Segments.NATURAL_ORDER;
    long held = source.held;
    int count = source.count;
    int k = 1;
    while (k < Component.BLOCK) {
      if (count < MOST_BITS) {
        source.held = held;
        source.count = count;
        source.fill();
        held = source.held;
        count = source.count;
      }
      int found = table[(int) (held >>> HuffmanTable.LOOK)];
      if (found == 0) {
        found = ac.search(held);
      }
      held <<= found;
      count -= found & 0xFF;
      int zeros = found >> 12 & 15;
      int value = found >> 16;
      if (value == 0) {
        int size = found >> 8 & 15;
        if (size == 0) {
          if (zeros != SIXTEEN_ZEROS) {
            break;
          }
          k += SIXTEEN_ZEROS + 1;
          continue;
        }
        value = HuffmanTable.value(held, size);
        held <<= size;
        count -= size;
      }
      k += zeros;
      out[base + order[k++]] = (short) value;
    }
    source.held = held;
    source.count = count;
    return k > 1;
  }

  /** Reads how much a DC differs from the one before. */
  int difference(HuffmanTable dc) throws IOException {
    EntropyBits source = bits;
    if (source.count < MOST_BITS) {
      source.fill();
    }
    long held = source.held;
    int found = dc.coefficients[(int) (held >>> HuffmanTable.LOOK)];
    if (found == 0) {
      found = dc.search(held);
    }
    held <<= found;
    int count = source.count - (found & 0xFF);
    int value = found >> 16;
    int size = found >> 8 & 15;
    if (value == 0 && size > 0) {
      value = HuffmanTable.value(held, size);
      held <<= size;
      count -= size;
    }
    source.held = held;
    source.count = count;
    return value;
  }
}
