package dev.thumbnet.data.image.vp8l;

import dev.thumbnet.data.image.format.Encoded;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Decodes lossless WebP (VP8L): prefix codes whose choice may depend on the place, copies of what
 * was there before, a cache of colours, and transforms, which are undone at the end. All memory is
 * bounded by the header, and all loops by pixels.
 */
public final class Vp8lPixels {
  private static final int VERSION_BITS = 3;

  /** Signature, sizes, whether there is transparency, version. */
  private static final int HEADER_BITS = 8 + 14 + 14 + 1 + VERSION_BITS;

  // The transforms.
  private static final int PREDICTED = 0;
  private static final int COLOURS_ADDED = 1;
  private static final int GREEN_ADDED = 2;
  private static final int LOOK_UP = 3;

  private static final int GREEN = 256;
  private static final int LENGTHS = 24;
  private static final int DISTANCES = 40;

  /** Distances up to here name a pixel nearby. */
  private static final int NEAR = 120;

  private static final int CACHE_FACTOR = 0x1E35A7BD;
  private static final int MOST_CACHE_BITS = 11;

  /** Columns and rows from a pixel to those nearby, the nearest first. */
  private static final int[][] NEIGHBOURS = neighbours();

  private static int[][] neighbours() {
    return IntStream.range(0, 8)
        .boxed()
        .flatMap(y -> IntStream.rangeClosed(-7, 8).mapToObj(x -> new int[] {x, y}))
        .filter(place -> place[1] > 0 || place[0] > 0)
        .sorted(
            Comparator.<int[]>comparingInt(place -> place[0] * place[0] + place[1] * place[1])
                .thenComparingInt(place -> -place[1])
                .thenComparingInt(place -> -place[0]))
        .toArray(int[][]::new);
  }

  /** The five codes of a part of the picture. */
  private record Codes(
      Vp8lCode green, Vp8lCode red, Vp8lCode blue, Vp8lCode alpha, Vp8lCode distance) {
    int bytes() {
      return green.bytes() + red.bytes() + blue.bytes() + alpha.bytes() + distance.bytes();
    }
  }

  /** What is to be undone. */
  private interface Transform {
    int[] undo(int[] pixels);
  }

  private final Vp8lBits bits;
  private final IntConsumer watch;
  private long codeBytesLeft;

  private Vp8lPixels(Vp8lBits bits, long codeBytes, IntConsumer watch) {
    this.bits = bits;
    this.codeBytesLeft = codeBytes;
    this.watch = watch;
  }

  /**
   * Decodes the content of the chunk at the end of a file.
   *
   * @param watch is told now and then of how many pixels have been passed over, and may throw
   * @return the pixels, 0xAARRGGBB, row by row
   * @throws IOException if the file is damaged
   */
  public static int[] decode(byte[] file, Encoded.Lossless header, IntConsumer watch)
      throws IOException {
    Vp8lBits bits = new Vp8lBits(file, header.from(), file.length);
    return new Vp8lPixels(bits, header.codeBytes(), watch).picture(header.width(), header.height());
  }

  private int[] picture(int width, int height) throws IOException {
    bits.read(32);
    bits.read(HEADER_BITS - 32 - VERSION_BITS);
    if (bits.read(VERSION_BITS) != 0) {
      throw new IOException("a version that there is not");
    }
    List<Transform> transforms = new ArrayList<>();
    int stored = width;
    int seen = 0;
    while (bits.flag()) {
      int kind = bits.read(2);
      if ((seen & 1 << kind) != 0) {
        throw new IOException("the same transform twice");
      }
      seen |= 1 << kind;
      if (kind == LOOK_UP) {
        int[] colours = image(bits.read(8) + 1, 1);
        Vp8lTransforms.addUp(colours);
        int packBits = packBits(colours.length);
        int across = stored;
        transforms.add(
            pixels -> Vp8lTransforms.lookUp(pixels, across, height, colours, packBits, watch));
        stored = blocks(stored, packBits);
      } else {
        transforms.add(inPlace(kind, stored, height));
      }
    }
    int[] pixels = placedCodes(stored, height);
    for (Transform transform : transforms.reversed()) {
      pixels = transform.undo(pixels);
    }
    return pixels;
  }

  /** Reads what a transform needs that leaves the picture's size as it is. */
  private Transform inPlace(int kind, int width, int height) throws IOException {
    int blockBits = kind == GREEN_ADDED ? 0 : 2 + bits.read(3);
    int[] blocks =
        kind == GREEN_ADDED
            ? new int[0]
            : image(blocks(width, blockBits), blocks(height, blockBits));
    return pixels -> {
      switch (kind) {
        case PREDICTED ->
            Vp8lTransforms.addPrediction(pixels, width, height, blocks, blockBits, watch);
        case COLOURS_ADDED ->
            Vp8lTransforms.addColours(pixels, width, height, blocks, blockBits, watch);
        default -> Vp8lTransforms.addGreen(pixels);
      }
      return pixels;
    };
  }

  /** By how much the numbers of few colours are packed: twice, four or eight times. */
  private static int packBits(int colours) {
    return colours <= 2 ? 3 : colours <= 4 ? 2 : colours <= 16 ? 1 : 0;
  }

  private static int blocks(int length, int blockBits) {
    return length + (1 << blockBits) - 1 >> blockBits;
  }

  /** An image with one set of codes. */
  private int[] image(int width, int height) throws IOException {
    int cacheBits = cacheBits();
    return pixels(width, height, cacheBits, new Codes[] {codes(cacheBits)}, new int[0], 0);
  }

  /** An image which may have several sets of codes, and another one that says which is where. */
  private int[] placedCodes(int width, int height) throws IOException {
    int cacheBits = cacheBits();
    int blockBits = 0;
    int[] places = {};
    int sets = 1;
    if (bits.flag()) {
      blockBits = 2 + bits.read(3);
      places = image(blocks(width, blockBits), blocks(height, blockBits));
      for (int i = 0; i < places.length; i++) {
        places[i] = places[i] >> 8 & 0xFFFF;
        sets = Math.max(sets, places[i] + 1);
      }
    }
    Codes[] codes = new Codes[sets];
    for (int i = 0; i < sets; i++) {
      codes[i] = codes(cacheBits);
      watch.accept(1 << 12);
    }
    return pixels(width, height, cacheBits, codes, places, blockBits);
  }

  private int cacheBits() throws IOException {
    if (!bits.flag()) {
      return 0;
    }
    int cacheBits = bits.read(4);
    if (cacheBits < 1 || cacheBits > MOST_CACHE_BITS) {
      throw new IOException("a cache of " + cacheBits + " bits");
    }
    return cacheBits;
  }

  private Codes codes(int cacheBits) throws IOException {
    int cached = cacheBits == 0 ? 0 : 1 << cacheBits;
    Codes codes =
        new Codes(
            Vp8lCode.read(bits, GREEN + LENGTHS + cached),
            Vp8lCode.read(bits, 256),
            Vp8lCode.read(bits, 256),
            Vp8lCode.read(bits, 256),
            Vp8lCode.read(bits, DISTANCES));
    codeBytesLeft -= codes.bytes();
    if (codeBytesLeft < 0) {
      throw new IOException("more prefix codes than a picture of this size has");
    }
    return codes;
  }

  private int[] pixels(
      int width, int height, int cacheBits, Codes[] codes, int[] places, int blockBits)
      throws IOException {
    int[] out = new int[width * height];
    int[] cache = new int[cacheBits == 0 ? 0 : 1 << cacheBits];
    int blocksAcross = blocks(width, blockBits);
    int cachedUpTo = 0;
    for (int i = 0; i < out.length; ) {
      int x = i % width;
      Codes set =
          places.length == 0
              ? codes[0]
              : codes[places[(i / width >> blockBits) * blocksAcross + (x >> blockBits)]];
      int symbol = set.green.next(bits);
      if (symbol < GREEN) {
        int red = set.red.next(bits);
        int blue = set.blue.next(bits);
        out[i++] = set.alpha.next(bits) << 24 | red << 16 | symbol << 8 | blue;
      } else if (symbol < GREEN + LENGTHS) {
        int length = Math.min(number(symbol - GREEN), out.length - i);
        int distance = distance(number(set.distance.next(bits)), width);
        if (distance > i) {
          throw new IOException("a copy of pixels before the first");
        }
        for (int end = i + length; i < end; i++) {
          out[i] = out[i - distance];
        }
        watch.accept(length);
      } else {
        for (; cachedUpTo < i; cachedUpTo++) {
          cache(cache, cacheBits, out[cachedUpTo]);
        }
        out[i++] = cache[symbol - GREEN - LENGTHS];
      }
      if (x == 0) {
        watch.accept(width);
      }
    }
    return out;
  }

  private static void cache(int[] cache, int cacheBits, int pixel) {
    cache[CACHE_FACTOR * pixel >>> 32 - cacheBits] = pixel;
  }

  /** A length or distance: its size is a symbol, the rest stands as it is. */
  private int number(int symbol) throws IOException {
    if (symbol < 4) {
      return symbol + 1;
    }
    int extra = symbol - 2 >> 1;
    return (2 + (symbol & 1) << extra) + bits.read(extra) + 1;
  }

  private static int distance(int number, int width) {
    if (number > NEAR) {
      return number - NEAR;
    }
    int[] place = NEIGHBOURS[number - 1];
    return Math.max(1, place[0] + place[1] * width);
  }
}
