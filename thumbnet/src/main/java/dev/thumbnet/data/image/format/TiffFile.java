package dev.thumbnet.data.image.format;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads the first directory of a TIFF file. The copy has another directory at its end, with what
 * the pixels need and nothing else. A TIFF can be nearly anything: only the kinds of which it is
 * known that the JDK and libtiff read them in the same way are accepted.
 */
final class TiffFile {
  private static final int WIDTH = 256;
  private static final int HEIGHT = 257;
  private static final int BITS = 258;
  private static final int COMPRESSION = 259;
  private static final int PHOTOMETRIC = 262;
  private static final int FILL_ORDER = 266;
  private static final int STRIP_OFFSETS = 273;
  private static final int ORIENTATION = 274;
  private static final int SAMPLES = 277;
  private static final int ROWS_PER_STRIP = 278;
  private static final int STRIP_BYTES = 279;
  private static final int PLANAR = 284;
  private static final int FAX3_OPTIONS = 292;
  private static final int FAX4_OPTIONS = 293;
  private static final int PREDICTOR = 317;
  private static final int COLOR_MAP = 320;
  private static final int TILE_WIDTH = 322;
  private static final int TILE_HEIGHT = 323;
  private static final int TILE_OFFSETS = 324;
  private static final int TILE_BYTES = 325;
  private static final int EXTRA_SAMPLES = 338;
  private static final int SAMPLE_FORMAT = 339;

  /** What is read, and what stands in the copy. */
  private static final int[] NEEDED = {
    WIDTH,
    HEIGHT,
    BITS,
    COMPRESSION,
    PHOTOMETRIC,
    FILL_ORDER,
    STRIP_OFFSETS,
    ORIENTATION,
    SAMPLES,
    ROWS_PER_STRIP,
    STRIP_BYTES,
    PLANAR,
    FAX3_OPTIONS,
    FAX4_OPTIONS,
    PREDICTOR,
    COLOR_MAP,
    TILE_WIDTH,
    TILE_HEIGHT,
    TILE_OFFSETS,
    TILE_BYTES,
    EXTRA_SAMPLES,
    SAMPLE_FORMAT
  };

  private static final int HEADER = 8;
  private static final int ENTRY = 12;

  /** What the reader's lists of places and lengths take for each. */
  private static final int BYTES_PER_PLACE = 32;

  /** Steps that a strip or tile costs beside its pixels. */
  private static final int TILE_STEPS = 4000;

  /** Strips or tiles; more would take more memory here than the file does. */
  private static final long MOST_PARTS = 1 << 20;

  private final Bytes data;

  /** Where the entry of each tag stands. */
  private final Map<Integer, Long> entries = new LinkedHashMap<>();

  private TiffFile(Bytes data) {
    this.data = data;
  }

  static boolean isTiff(Bytes data) {
    return data.has(0, "II*\0") || data.has(0, "MM\0*");
  }

  static Encoded encoded(Bytes data) throws RefusedException {
    TiffFile tiff = new TiffFile(data.has(0, "II") ? data.littleEndian() : data);
    tiff.readDirectory();
    return tiff.encoded();
  }

  private void readDirectory() throws RefusedException {
    long directory = data.u32(4);
    int count = data.u16(directory);
    for (int i = 0; i < count; i++) {
      long entry = directory + 2 + (long) ENTRY * i;
      int tag = data.u16(entry);
      data.i32(entry + 8); // is there
      if (Arrays.binarySearch(NEEDED, tag) >= 0) {
        entries.putIfAbsent(tag, entry);
      }
    }
  }

  // ---------------------------------------------------------------- values

  private boolean has(int tag) {
    return entries.containsKey(tag);
  }

  private long count(int tag) throws RefusedException {
    Long entry = entries.get(tag);
    return entry == null ? 0 : data.u32(entry + 4);
  }

  /** A value of a tag, which must be a whole number without sign. */
  private long value(int tag, long index) throws RefusedException {
    Long entry = entries.get(tag);
    if (entry == null || index >= data.u32(entry + 4)) {
      throw RefusedException.damaged("a TIFF whose tag " + tag + " is missing or short");
    }
    int type = data.u16(entry + 2);
    int size = type == 3 ? 2 : type == 4 ? 4 : type == 1 ? 1 : 0;
    if (size == 0) {
      throw RefusedException.damaged("a TIFF whose tag " + tag + " has type " + type);
    }
    long at = data.u32(entry + 4) * size <= 4 ? entry + 8 : data.u32(entry + 8);
    at += index * size;
    return size == 2 ? data.u16(at) : size == 4 ? data.u32(at) : data.u8(at);
  }

  private long value(int tag, int index, long otherwise) throws RefusedException {
    return has(tag) ? value(tag, index) : otherwise;
  }

  // ---------------------------------------------------------------- judgement

  private Encoded encoded() throws RefusedException {
    long width = value(WIDTH, 0);
    long height = value(HEIGHT, 0);
    Format.checkSize(width, height);
    long samples = value(SAMPLES, 0, 1);
    int bits = checkKind(samples);
    boolean tiled = has(TILE_WIDTH);
    boolean planes = value(PLANAR, 0, 1) == 2;
    long tileWidth = tiled ? value(TILE_WIDTH, 0) : width;
    long tileHeight =
        tiled ? value(TILE_HEIGHT, 0) : Math.clamp(value(ROWS_PER_STRIP, 0, height), 1, height);
    Format.checkSize(tileWidth, tileHeight);
    long tiles = Math.ceilDiv(width, tileWidth) * Math.ceilDiv(height, tileHeight);
    long parts = planes ? tiles * samples : tiles;
    if (parts > MOST_PARTS) {
      throw new RefusedException(
          "is a TIFF of " + parts + " strips or tiles; save it with larger ones");
    }
    long longest =
        tiled
            ? checkPlaces(TILE_OFFSETS, TILE_BYTES, parts)
            : checkPlaces(STRIP_OFFSETS, STRIP_BYTES, parts);
    // The picture; a tile as it comes, unpacked, and as samples.
    long raster = bytes(width, samples * bits) * height;
    long tile = bytes(tileWidth, samples * bits) * tileHeight;
    long memory = raster + 3 * tile + longest + BYTES_PER_PLACE * parts + 64 * width;
    // As a floating-point number: there may be few pixels in very large tiles.
    double work = 2.0 * tiles * Format.rows(tileHeight, tileWidth) + (double) TILE_STEPS * parts;
    return new Encoded(
        Format.TIFF,
        copy(parts, samples, bits),
        (int) width,
        (int) height,
        memory,
        raster,
        (long) work,
        Encoded.PLAIN,
        ExifTag.orientation(data.file(), 0, data.length()));
  }

  private static long bytes(long pixels, long bits) {
    return Math.ceilDiv(pixels * bits, 8);
  }

  /** Refuses kinds that are not known to be read right, and returns the bits of a sample. */
  private int checkKind(long samples) throws RefusedException {
    long photometric = value(PHOTOMETRIC, 0);
    long compression = value(COMPRESSION, 0, 1);
    if (samples < 1 || samples > 4) {
      throw refused(samples + " samples a pixel");
    }
    long bits = value(BITS, 0, 1);
    for (int i = 0; i < samples; i++) {
      if (i < count(BITS) && value(BITS, i) != bits) {
        throw refused("samples of different sizes");
      }
      if (i < count(SAMPLE_FORMAT) && value(SAMPLE_FORMAT, i) != 1) {
        throw refused("signed or floating-point samples");
      }
    }
    if (!knownSamples((int) photometric, samples, bits)) {
      throw refused(
          samples + " samples of " + bits + " bits with photometric interpretation " + photometric);
    }
    if (count(EXTRA_SAMPLES) > 0 && value(EXTRA_SAMPLES, 0) == 1) {
      throw refused("colours multiplied by their transparency");
    }
    boolean plainBits = bits == 1 && samples == 1;
    boolean fax = compression >= 2 && compression <= 4;
    if (!knownCompression(compression) || fax && !plainBits) {
      throw refused("compression " + compression);
    }
    if (value(PREDICTOR, 0, 1) != 1 && !(value(PREDICTOR, 0) == 2 && bits == 8)) {
      throw refused("predictor " + value(PREDICTOR, 0) + " with samples of " + bits + " bits");
    }
    if (value(FILL_ORDER, 0, 1) != 1 && !(plainBits && (compression == 1 || fax))) {
      throw refused("bits in reverse order");
    }
    return (int) bits;
  }

  /** Gray with black or white as 0, RGB, palettes and inks. */
  private static boolean knownSamples(int photometric, long samples, long bits) {
    boolean few = bits == 1 || bits == 2 || bits == 4;
    boolean bytes = bits == 8 || bits == 16;
    return switch (photometric) {
      case 0 -> samples == 1 && (few || bytes);
      case 1 -> samples == 1 && (few || bytes) || samples == 2 && bytes;
      case 2 -> samples >= 3 && bytes;
      case 3 -> samples == 1 && (few || bits == 8);
      case 5 -> samples == 4 && bits == 8;
      default -> false;
    };
  }

  /** None, three of fax, LZW, Deflate by either number, PackBits. */
  private static boolean knownCompression(long compression) {
    return compression >= 1 && compression <= 5
        || compression == 8
        || compression == 32946
        || compression == 32773;
  }

  private static RefusedException refused(String kind) {
    return new RefusedException(
        "is a TIFF of a kind that programs read in different ways ("
            + kind
            + "); save it as 8-bit RGB TIFF or PNG first");
  }

  /** Checks that all strips or tiles lie within the file, and returns the bytes of the longest. */
  private long checkPlaces(int offsets, int lengths, long tiles) throws RefusedException {
    if (count(offsets) < tiles || count(lengths) < tiles) {
      throw RefusedException.damaged("a TIFF with fewer strips or tiles than its size needs");
    }
    long longest = 0;
    for (long i = 0; i < tiles; i++) {
      long length = value(lengths, i);
      if (value(offsets, i) + length > data.length()) {
        throw RefusedException.truncated();
      }
      longest = Math.max(longest, length);
    }
    return longest;
  }

  /**
   * The file with a header that points to a directory of the needed tags at its end. All values are
   * written anew: the JDK passes over tags whose numbers have a type that it does not expect.
   */
  private Pieces copy(long tiles, long samples, int bits) throws RefusedException {
    int even = data.length() + (data.length() & 1);
    ByteBuffer header = ByteBuffer.allocate(HEADER).order(data.order());
    header.put(data.file(), 0, 4).putInt(even);
    int size = 2 + ENTRY * entries.size() + 4;
    ByteBuffer directory = ByteBuffer.allocate(size).order(data.order());
    directory.putShort((short) entries.size());
    Pieces lists = new Pieces();
    for (int tag : NEEDED) {
      if (has(tag)) {
        long count =
            switch (tag) {
              case BITS, SAMPLE_FORMAT -> samples;
              case STRIP_OFFSETS, STRIP_BYTES, TILE_OFFSETS, TILE_BYTES -> tiles;
              case COLOR_MAP -> 3L << bits;
              default -> 1;
            };
        byte[] list = list(tag, (int) Math.min(count, count(tag)));
        directory.putShort((short) tag).putShort((short) type(tag)).putInt(list.length / size(tag));
        if (list.length <= 4) {
          directory.put(Arrays.copyOf(list, 4));
        } else {
          directory.putInt(Math.toIntExact(even + size + lists.length()));
          lists.add(list);
        }
      }
    }
    return new Pieces()
        .add(header.array())
        .add(data.file(), HEADER, data.length())
        .add(new byte[even - data.length()])
        .add(directory.array())
        .add(lists);
  }

  private byte[] list(int tag, int count) throws RefusedException {
    ByteBuffer list = ByteBuffer.allocate(count * size(tag)).order(data.order());
    for (int i = 0; i < count; i++) {
      if (size(tag) == 2) {
        list.putShort((short) value(tag, i));
      } else {
        list.putInt((int) value(tag, i));
      }
    }
    return list.array();
  }

  /** Sizes and places are long numbers (type 4), all others short ones (type 3). */
  private static int type(int tag) {
    return switch (tag) {
      case WIDTH,
          HEIGHT,
          STRIP_OFFSETS,
          ROWS_PER_STRIP,
          STRIP_BYTES,
          FAX3_OPTIONS,
          FAX4_OPTIONS,
          TILE_WIDTH,
          TILE_HEIGHT,
          TILE_OFFSETS,
          TILE_BYTES ->
          4;
      default -> 3;
    };
  }

  private static int size(int tag) {
    return type(tag) == 4 ? 4 : 2;
  }
}
