package dev.thumbnet.bench.endure.picture;

import static dev.thumbnet.bench.endure.picture.Bomb.picture;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** TIFFs that cost much: in them tiles, strips, samples and depth may be anything. */
final class TiffBombs {
  private static final int HEADER = 8;

  private static final int WIDTH = 256;
  private static final int HEIGHT = 257;
  private static final int BITS = 258;
  private static final int COMPRESSION = 259;
  private static final int PHOTOMETRIC = 262;
  private static final int OFFSETS = 273;
  private static final int SAMPLES = 277;
  private static final int ROWS = 278;
  private static final int LENGTHS = 279;
  private static final int TILE_WIDTH = 322;
  private static final int TILE_HEIGHT = 323;
  private static final int TILE_OFFSETS = 324;
  private static final int TILE_LENGTHS = 325;

  /** More of them would take long to make. */
  private static final long MOST_PIXELS = 64 << 20;

  private static final int LZW = 5;
  private static final int DEFLATE = 8;
  private static final int PACK_BITS = 32_773;

  private final Map<Integer, int[]> tags = new TreeMap<>();
  private final byte[] pixels;

  private TiffBombs(int width, int height, int samples, int bits, int compression)
      throws IOException {
    int[] depths = new int[samples];
    Arrays.fill(depths, bits);
    long length = Math.min(MOST_PIXELS, (long) width * height * samples * bits / 8);
    pixels = compression == DEFLATE ? Bombs.zeros(length) : new byte[100];
    tag(WIDTH, width).tag(HEIGHT, height).tag(BITS, depths).tag(COMPRESSION, compression);
    tag(PHOTOMETRIC, samples >= 3 ? 2 : 1).tag(SAMPLES, samples).tag(ROWS, height);
    tag(OFFSETS, HEADER).tag(LENGTHS, pixels.length);
  }

  static List<Bomb> all() {
    return List.of(
        picture("tiff 1x1 in a tile of 16000x16000", () -> tile(16_000, 16_000, 8)),
        picture("tiff 1x1 in a tile of 46000x46000", () -> tile(46_000, 46_000, 8)),
        picture("tiff 1x1 in a tile of 8000x8000, 64 bits", () -> tile(8_000, 8_000, 64)),
        picture("tiff 5000x5000, 4 samples of 32 bits", () -> of(5000, 5000, 4, 32, DEFLATE)),
        picture("tiff 7000x7000, 4 samples of 16 bits", () -> of(7000, 7000, 4, 16, LZW)),
        picture("tiff 1000x1000, 255 samples", () -> of(1000, 1000, 255, 8, DEFLATE)),
        picture("tiff 1x1, 65535 samples of 64 bits", () -> of(1, 1, 65_535, 64, DEFLATE)),
        picture("tiff 4000x4000, a strip", () -> of(4000, 4000, 3, 8, DEFLATE)),
        picture("tiff 60000x1000", () -> of(60_000, 1_000, 3, 8, PACK_BITS)),
        picture("tiff 1x60000000", () -> of(1, 60_000_000, 3, 8, PACK_BITS)),
        picture("tiff, fax of 60000x1000", () -> of(60_000, 1_000, 1, 1, 4)),
        picture("tiff, a strip of 2^31 rows", TiffBombs::strip),
        picture("tiff, 2^29 offsets", TiffBombs::offsets),
        picture("tiff, directories in a circle", TiffBombs::circle));
  }

  private static byte[] of(int width, int height, int samples, int bits, int compression)
      throws IOException {
    return new TiffBombs(width, height, samples, bits, compression).bytes(0);
  }

  private static byte[] tile(int width, int height, int bits) throws IOException {
    TiffBombs tiff = new TiffBombs(1, 1, 3, bits, DEFLATE);
    tiff.tags.keySet().removeAll(List.of(OFFSETS, LENGTHS, ROWS));
    tiff.tag(TILE_WIDTH, width).tag(TILE_HEIGHT, height);
    return tiff.tag(TILE_OFFSETS, HEADER).tag(TILE_LENGTHS, tiff.pixels.length).bytes(0);
  }

  private static byte[] strip() throws IOException {
    return new TiffBombs(7000, 7000, 3, 8, DEFLATE).tag(ROWS, Integer.MAX_VALUE).bytes(0);
  }

  /** A list of offsets that says to be long, and is not there. */
  private static byte[] offsets() throws IOException {
    byte[] file = of(7000, 7000, 3, 8, DEFLATE);
    ByteBuffer data = ByteBuffer.wrap(file);
    for (int at = data.getInt(4) + 2; at + 12 <= file.length; at += 12) {
      if (data.getShort(at) == OFFSETS) {
        data.putInt(at + 4, 1 << 29);
      }
    }
    return file;
  }

  private static byte[] circle() throws IOException {
    TiffBombs tiff = new TiffBombs(8, 8, 1, 8, 1);
    return tiff.bytes(ByteBuffer.wrap(tiff.bytes(0)).getInt(4));
  }

  private TiffBombs tag(int tag, int... values) {
    tags.put(tag, values);
    return this;
  }

  /** Puts the file together: pixels, lists of numbers, one directory. */
  private byte[] bytes(int nextDirectory) {
    int lists = tags.values().stream().mapToInt(v -> v.length == 1 ? 0 : 4 * v.length).sum();
    int directory = HEADER + pixels.length + (pixels.length & 1) + lists;
    ByteBuffer out = ByteBuffer.allocate(directory + 2 + 12 * tags.size() + 4);
    out.order(ByteOrder.BIG_ENDIAN).put(Bombs.ascii("MM")).putShort((short) 42).putInt(directory);
    out.put(pixels);
    int list = directory - lists;
    out.position(directory).putShort((short) tags.size());
    for (Map.Entry<Integer, int[]> tag : tags.entrySet()) {
      int[] values = tag.getValue();
      out.putShort(tag.getKey().shortValue()).putShort((short) 4).putInt(values.length);
      out.putInt(values.length == 1 ? values[0] : list);
      for (int i = 0; values.length != 1 && i < values.length; i++, list += 4) {
        out.putInt(list, values[i]);
      }
    }
    return out.putInt(nextDirectory).array();
  }
}
