package dev.thumbnet.data.image.jpeg;

import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One colour of a picture: how it is sampled, its blocks, and what decoding knows of it. Belongs to
 * one thread.
 */
final class Component {
  /** Coefficients of a block, and its side. */
  static final int BLOCK = 64;

  static final int SIDE = 8;

  private static final int MOST_COEFFICIENTS = Integer.MAX_VALUE - 8;

  /** Its place among the others. */
  final int index;

  final int id;

  /** Blocks of an MCU beside and above each other. */
  final int across;

  final int down;
  private final int quantisationTable;

  /** Blocks that have a pixel of the picture. */
  int blocksAcross;

  int blocksDown;

  /** Blocks of full MCUs. */
  int paddedAcross;

  int paddedDown;

  /** Side of a block once it is transformed: 8, 4, 2 or 1. */
  int size;

  /** Samples that have a pixel of the reduced picture. */
  int sampleWidth;

  int sampleHeight;

  /** Where a scan finds them. */
  @Nullable HuffmanTable dc;

  @Nullable HuffmanTable ac;

  /** Factors by natural order; those that there were when its first scan began. */
  private int @Nullable [] quantisation;

  /** All blocks in their rows, if they come in several scans. */
  short @Nullable [] coefficients;

  /** By the order of storage: how many low bits no scan brought yet; −1 if all. */
  final int[] missing = new int[Smoothing.KNOWN];

  /** The last block's DC, from which that of the next differs. */
  int lastDc;

  Component(int index, int id, int across, int down, int quantisationTable) {
    this.index = index;
    this.id = id;
    this.across = across;
    this.down = down;
    this.quantisationTable = quantisationTable;
    Arrays.fill(missing, -1);
  }

  /** Keeps the table of factors with which its first scan begins. */
  void quantise(int[] @Nullable [] tables) throws IOException {
    if (quantisation == null) {
      int[] table = quantisationTable < tables.length ? tables[quantisationTable] : null;
      if (table == null) {
        throw new IOException("a scan before its quantisation table");
      }
      quantisation = table;
    }
  }

  /** The factors; a component that no scan had has none but zeros. */
  int[] quantisation() {
    return quantisation == null ? new int[BLOCK] : quantisation;
  }

  /** Notes that a scan brings bits from 2^low upwards of coefficients from to to. */
  void brings(int from, int to, int low) {
    Arrays.fill(missing, Math.min(from, missing.length), Math.min(to + 1, missing.length), low);
  }

  /**
   * Takes memory for all blocks, unless there is some.
   *
   * @throws IOException if an array cannot hold them
   */
  void keep() throws IOException {
    long all = (long) BLOCK * paddedAcross * paddedDown;
    if (all > MOST_COEFFICIENTS) {
      throw new IOException(all + " coefficients to keep, more than an array holds");
    }
    if (coefficients == null) {
      coefficients = new short[(int) all];
    }
  }

  /** All blocks, which must be kept. */
  short[] coefficients() {
    return Objects.requireNonNull(coefficients);
  }

  /** Where a block's coefficients begin. */
  int place(int row, int column) {
    return BLOCK * (row * paddedAcross + column);
  }

  /** The code of its DC in a scan that needs one. */
  HuffmanTable dc() throws IOException {
    return present(dc);
  }

  /** The code of its other coefficients. */
  HuffmanTable ac() throws IOException {
    return present(ac);
  }

  private static HuffmanTable present(@Nullable HuffmanTable table) throws IOException {
    if (table == null) {
      throw new IOException("a scan before its Huffman table");
    }
    return table.built();
  }
}
