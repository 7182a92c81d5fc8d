package dev.thumbnet.data.image.jpeg;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A scan: its header (T.81, B.2.3) and the order of its blocks (A.2). Of several components the
 * data are MCUs, each with all blocks of each component in it; of a single one they are its blocks,
 * row by row, without those that only fill up MCUs. Belongs to one thread.
 */
final class Scan {
  /** As many blocks as an MCU may have. */
  private static final int MOST_BLOCKS = 10;

  private final Frame frame;
  private final EntropyBits bits;
  private final Component[] components;
  private final @Nullable ProgressiveBlocks progressive;
  private final SequentialBlocks sequential;
  private final int restartInterval;

  /** A block on its way. */
  private final short[] block = new short[Component.BLOCK];

  /** MCUs until the next restart, and its number. */
  private int untilRestart;

  private int restart;

  /**
   * Reads the header whose content begins at a place, and takes the tables that there are now.
   *
   * @throws IOException if it is no header of a scan, or a table is missing
   */
  Scan(Frame frame, Segments data, EntropyBits bits, int from, int end) throws IOException {
    this.frame = frame;
    this.bits = bits;
    this.restartInterval = data.restartInterval;
    this.untilRestart = restartInterval;
    int count = data.u8(from);
    if (count < 1 || count > frame.components.length || end - from != 4 + 2 * count) {
      throw new IOException("a scan without a sound header");
    }
    components = new Component[count];
    int tail = from + 1 + 2 * count;
    sequential = new SequentialBlocks(bits);
    progressive =
        frame.progressive
            ? new ProgressiveBlocks(
                bits,
                count,
                data.u8(tail),
                data.u8(tail + 1),
                data.u8(tail + 2) >> 4,
                data.u8(tail + 2) & 0xF)
            : null;
    int blocks = 0;
    for (int i = 0; i < count; i++) {
      Component component = component(data.u8(from + 1 + 2 * i), i);
      components[i] = component;
      int tables = data.u8(from + 2 + 2 * i);
      component.quantise(data.quantisation);
      component.lastDc = 0;
      component.dc = table(data.dc, tables >> 4);
      component.ac = table(data.ac, tables & 0xF);
      if (progressive == null || progressive.needsDc()) {
        component.dc().checkDc();
      }
      if (progressive == null || progressive.needsAc()) {
        component.ac();
      }
      if (progressive != null) {
        progressive.note(component);
      }
      blocks += component.across * component.down;
    }
    if (count > 1 && blocks > MOST_BLOCKS) {
      throw new IOException("MCUs of more than " + MOST_BLOCKS + " blocks");
    }
    bits.begin(end);
  }

  private static @Nullable HuffmanTable table(@Nullable HuffmanTable[] tables, int number) {
    return number < tables.length ? tables[number] : null;
  }

  /** The first component of this name that is not yet one of the scan's. */
  private Component component(int id, int taken) throws IOException {
    for (Component component : frame.components) {
      if (component.id == id && !Arrays.asList(components).subList(0, taken).contains(component)) {
        return component;
      }
    }
    throw new IOException("a scan of a component that there is not");
  }

  /** Whether all components are in it. */
  boolean hasAll() {
    return components.length == frame.components.length;
  }

  /** Whether it brings something of which samples are made: of those of a whole block only DC. */
  boolean matters() {
    return progressive == null || !progressive.needsAc() || components[0].size > 1;
  }

  /** Rows of MCUs. */
  int rows() {
    return components.length == 1 ? components[0].blocksDown : frame.mcusDown();
  }

  /**
   * Reads a row of MCUs.
   *
   * @param stripe gets the blocks, transformed; without it they are stored
   * @param wanted whether the stripe needs this row
   * @throws IOException if the data are damaged or end
   */
  void read(int row, @Nullable Stripe stripe, boolean wanted) throws IOException {
    boolean single = components.length == 1;
    int columns = single ? components[0].blocksAcross : frame.mcusAcross();
    for (int column = 0; column < columns; column++) {
      if (restartInterval > 0 && untilRestart-- == 0) {
        restart();
      }
      for (Component component : components) {
        int across = single ? 1 : component.across;
        int down = single ? 1 : component.down;
        for (int y = 0; y < down; y++) {
          for (int x = across * column; x < across * (column + 1); x++) {
            if (stripe == null) {
              store(component, down * row + y, x);
            } else {
              pass(component, y, x, wanted ? stripe : null);
            }
          }
        }
      }
    }
    bits.check();
  }

  private void restart() throws IOException {
    bits.restart(restart);
    restart = restart + 1 & 7;
    untilRestart = restartInterval - 1;
    for (Component component : components) {
      component.lastDc = 0;
    }
    if (progressive != null) {
      progressive.restart();
    }
  }

  private void store(Component component, int row, int column) throws IOException {
    short[] all = component.coefficients();
    if (progressive == null) {
      sequential.read(component, component.dc(), component.ac(), all, component.place(row, column));
    } else {
      progressive.read(component, all, component.place(row, column));
    }
  }

  private void pass(Component component, int row, int column, @Nullable Stripe stripe)
      throws IOException {
    short[] here = block;
    boolean ac = sequential.read(component, component.dc(), component.ac(), here, 0);
    if (stripe != null) {
      stripe.put(component, row, column, here, 0, ac);
    }
    if (ac) {
      Arrays.fill(here, (short) 0);
    }
  }
}
