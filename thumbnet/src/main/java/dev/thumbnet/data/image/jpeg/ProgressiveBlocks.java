package dev.thumbnet.data.image.jpeg;

import java.io.IOException;

/**
 * Reads blocks of progressive scans (T.81, G.1.2). A scan brings coefficients from to to of each
 * block, and of these the bits from 2^low upwards, or, if it refines, only the bit 2^low.
 *
 * <p>DC first: as in sequential scans. DC refined: the bit itself. AC first: as in sequential
 * scans, but r &lt; 15 zeros before none say that this and the next 2^r − 1 + b blocks end here, b
 * being the next r bits.
 *
 * <p>AC refined: the same codes, but only coefficients that were zero so far count as zeros, and
 * each one that was not, which is passed over, is followed by its bit; so do those behind the last
 * code of a block. A new coefficient is ±2^low.
 */
final class ProgressiveBlocks {
  private static final int MOST_BITS = 32;
  private static final int SIXTEEN_ZEROS = 15;

  private final EntropyBits bits;
  private final SequentialBlocks sequential;
  private final int from;
  private final int to;
  private final int low;
  private final boolean refined;

  /** How many blocks, this one too, have no more codes. */
  private int ended;

  /**
   * A scan.
   *
   * @param from first coefficient, in the order of their storage
   * @param to last coefficient
   * @param high which bit came last, or 0 if there was none
   * @param low which bit comes now
   * @throws IOException if no scan can be so
   */
  ProgressiveBlocks(EntropyBits bits, int components, int from, int to, int high, int low)
      throws IOException {
    boolean sound = from == 0 ? to == 0 : from <= to && to < Component.BLOCK && components == 1;
    if (!sound || low > 13 || high != 0 && high != low + 1) {
      throw new IOException("a progressive scan of a kind that there is not");
    }
    this.bits = bits;
    this.sequential = new SequentialBlocks(bits);
    this.from = from;
    this.to = to;
    this.low = low;
    this.refined = high != 0;
  }

  /** Whether it needs a table for DC, or one for AC, or, to refine DC, none. */
  boolean needsDc() {
    return from == 0 && !refined;
  }

  boolean needsAc() {
    return from > 0;
  }

  /** Notes in a component what this scan brings. */
  void note(Component component) {
    component.brings(from, to, low);
  }

  /** What the last block left behind counts no more. */
  void restart() {
    ended = 0;
  }

  /**
   * Reads a block.
   *
   * @param out has the coefficients in natural order, those that no scan brought yet zero
   * @param base where they begin
   * @throws IOException at bits that are no code
   */
  void read(Component component, short[] out, int base) throws IOException {
    if (from > 0) {
      if (refined) {
        refine(component.ac(), out, base);
      } else {
        first(component.ac(), out, base);
      }
    } else if (refined) {
      out[base] |= (short) (bits.read(1) << low);
    } else {
      component.lastDc += sequential.difference(component.dc());
      out[base] = (short) (component.lastDc << low);
    }
  }

  private void first(HuffmanTable ac, short[] out, int base) throws IOException {
    if (ended > 0) {
      ended--;
      return;
    }
    EntropyBits source = bits;
    int[] order = Segments.NATURAL_ORDER;
    int k = from;
    while (k <= to) {
      if (source.count < MOST_BITS) {
        source.fill();
      }
      long held = source.held;
      int found = ac.coefficients[(int) (held >>> HuffmanTable.LOOK)];
      if (found == 0) {
        found = ac.search(held);
      }
      held <<= found;
      source.count -= found & 0xFF;
      source.held = held;
      int zeros = found >> 12 & 15;
      int size = found >> 8 & 15;
      int value = found >> 16;
      if (size == 0) {
        if (zeros != SIXTEEN_ZEROS) {
          ended = blocks(zeros) - 1;
          return;
        }
        k += SIXTEEN_ZEROS + 1;
        continue;
      }
      if (value == 0) {
        value = HuffmanTable.value(held, size);
        source.held = held << size;
        source.count -= size;
      }
      k += zeros;
      out[base + order[k++]] = (short) (value << low);
    }
  }

  /** How many blocks end. */
  private int blocks(int size) {
    return size == 0 ? 1 : (1 << size) + bits.read(size);
  }

  private void refine(HuffmanTable ac, short[] out, int base) throws IOException {
    int k = from;
    if (ended == 0) {
      while (k <= to) {
        int symbol = symbol(ac);
        int zeros = symbol >> 4;
        int size = symbol & 15;
        int value = 0;
        if (size > 1) {
          throw new IOException("a new coefficient of more than one bit");
        } else if (size == 1) {
          value = bits.read(1) == 1 ? 1 << low : -1 << low;
        } else if (zeros != SIXTEEN_ZEROS) {
          ended = blocks(zeros);
          break;
        }
        k = refine(k, zeros, out, base);
        if (value != 0) {
          out[base + Segments.NATURAL_ORDER[k]] = (short) value;
        }
        k++;
      }
    }
    if (ended > 0) {
      refine(k, Component.BLOCK, out, base);
      ended--;
    }
  }

  private int symbol(HuffmanTable ac) throws IOException {
    EntropyBits source = bits;
    if (source.count < MOST_BITS) {
      source.fill();
    }
    int found = ac.symbols[(int) (source.held >>> HuffmanTable.LOOK)];
    if (found == 0) {
      found = ac.search(source.held);
    }
    source.held <<= found;
    source.count -= found & 0xFF;
    return found >> 8;
  }

  /**
   * Passes over coefficients, and refines those that are not zero.
   *
   * @param zeros how many zeros to pass over
   * @return where the zero behind these stands, or the place behind the last coefficient
   */
  private int refine(int first, int zeros, short[] out, int base) {
    EntropyBits source = bits;
    int[] order = Segments.NATURAL_ORDER;
    int left = zeros;
    int bit = 1 << low;
    int k = first;
    for (; k <= to; k++) {
      int at = base + order[k];
      int before = out[at];
      if (before == 0) {
        if (--left < 0) {
          break;
        }
      } else {
        if (source.count < 1) {
          source.fill();
        }
        boolean more = source.held < 0;
        source.held <<= 1;
        source.count--;
        if (more && (before & bit) == 0) {
          out[at] = (short) (before < 0 ? before - bit : before + bit);
        }
      }
    }
    return k;
  }
}
