package dev.thumbnet.bench.endure.picture;

import static dev.thumbnet.bench.endure.picture.Bomb.picture;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;

/** JPEGs that cost much: of large sizes, or of scans without end. */
final class JpegBombs {
  private static final int BLOCK = 8;
  private static final int BASELINE = 0xC0;
  private static final int PROGRESSIVE = 0xC2;

  /** In these files a code of one bit stands for so many empty blocks, with 14 bits behind it. */
  private static final int RUN = 1 << 14;

  private static final int RUN_BITS = 15;
  private static final int RUN_SYMBOL = 0xE0;

  /** Segments without content: a remark of some program, and a list of no tables. */
  private static final byte[] EMPTY = {(byte) 0xFF, (byte) 0xE5, 0, 2};

  private static final byte[] NO_TABLE = {(byte) 0xFF, (byte) 0xC4, 0, 2};

  private JpegBombs() {}

  static List<Bomb> all() {
    return List.of(
        picture("jpeg 5600x5600, 2 scans", () -> scans(5600, 1)),
        picture("jpeg 5600x5600, 199 scans", () -> scans(5600, 198)),
        picture("jpeg 1000x1000, 199 scans", () -> scans(1000, 198)),
        picture("jpeg 4000x4000, 38 scans", () -> scans(4000, 37)),
        picture("jpeg 7900x7900, 30 scans", () -> scans(7900, 29)),
        picture("jpeg 64x64, 20000 scans", () -> scans(64, 19_999)),
        picture("jpeg 65500x65500", () -> header(BASELINE, 65_500, 65_500)),
        picture("jpeg 7900x7900, no data", () -> header(BASELINE, 7_900, 7_900)),
        picture("jpeg, a million empty segments", () -> segments(EMPTY)),
        picture("jpeg, a million empty tables", () -> segments(NO_TABLE)),
        picture("jpeg, a million scattered tables", () -> segments(Bombs.joined(NO_TABLE, EMPTY))),
        picture("jpeg 16x16, a million empty scans", JpegBombs::emptyScans));
  }

  /** An even gray: a scan for the means of the blocks, then some in which nothing changes. */
  private static byte[] scans(int side, int more) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(header(PROGRESSIVE, side, side));
    int blocks = Math.ceilDiv(side, BLOCK) * Math.ceilDiv(side, BLOCK);
    out.writeBytes(scan(0, 0));
    out.writeBytes(new byte[blocks / 8 + 1]);
    for (int i = 0; i < more; i++) {
      out.writeBytes(scan(1, BLOCK * BLOCK - 1));
      out.writeBytes(new byte[Math.ceilDiv(blocks, RUN) * RUN_BITS / 8 + 1]);
    }
    out.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xD9});
    return out.toByteArray();
  }

  /** All before the first scan, of one colour. */
  private static byte[] header(int kind, int width, int height) {
    ByteBuffer out = ByteBuffer.allocate(256);
    out.putShort((short) 0xFFD8);
    out.putShort((short) 0xFFDB).putShort((short) 67).put((byte) 0);
    for (int i = 0; i < BLOCK * BLOCK; i++) {
      out.put((byte) 1);
    }
    out.putShort((short) (0xFF00 | kind)).putShort((short) 11).put((byte) 8);
    out.putShort((short) height).putShort((short) width);
    out.put(new byte[] {1, 1, 0x11, 0});
    out.put(table(0x00, 0)).put(table(0x10, kind == PROGRESSIVE ? RUN_SYMBOL : 0));
    return Bombs.prefix(out);
  }

  /** A table of a single code of one bit. */
  private static byte[] table(int id, int symbol) {
    ByteBuffer out = ByteBuffer.allocate(22);
    out.putShort((short) 0xFFC4).putShort((short) 20).put((byte) id).put((byte) 1);
    return out.position(21).put((byte) symbol).array();
  }

  private static byte[] scan(int from, int to) {
    return new byte[] {(byte) 0xFF, (byte) 0xDA, 0, 8, 1, 1, 0, (byte) from, (byte) to, 0};
  }

  private static byte[] segments(byte[] segment) {
    byte[] start = {(byte) 0xFF, (byte) 0xD8};
    return Bombs.joined(start, Bombs.many(segment, 1_000_000), scans(16, 1));
  }

  private static byte[] emptyScans() {
    byte[] end = {(byte) 0xFF, (byte) 0xD9};
    byte[] scans = Bombs.many(scan(1, BLOCK * BLOCK - 1), 1_000_000);
    return Bombs.joined(header(PROGRESSIVE, 16, 16), scans, end);
  }
}
