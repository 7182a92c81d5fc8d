package dev.thumbnet.bench.endure.picture;

import static dev.thumbnet.bench.endure.picture.Bomb.model;
import static dev.thumbnet.bench.endure.picture.Bomb.picture;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;

/** Small files that cost much, made by code. */
public final class Bombs {
  private static final int MEGABYTE = 1 << 20;
  private static final byte[] NOTHING = {};
  private static final byte[] PIECES = chunk("IDAT", NOTHING);
  private static final byte[] SCATTERED = joined(PIECES, chunk("teXt", NOTHING));

  /** The text in which a PNG says how the camera was held: it alone is unpacked. */
  private static final String EXIF = "Raw profile type exif\0";

  private Bombs() {}

  /** Returns all of them. */
  public static List<Bomb> all() {
    return Stream.of(TiffBombs.all(), JpegBombs.all(), pngs(), others(), webps(), models())
        .flatMap(List::stream)
        .toList();
  }

  // ---------------------------------------------------------------- PNG

  private static List<Bomb> pngs() {
    return List.of(
        picture("png 1x32000000", () -> png(1, 32_000_000, 8, 2, 0, NOTHING)),
        picture("png 8000x4000, 16 bits RGBA", () -> png(8000, 4000, 16, 6, 0, NOTHING)),
        picture("png 1x9000000", () -> png(1, 9_000_000, 8, 2, 0, NOTHING)),
        picture("png 4000x4000, interlaced", () -> png(4000, 4000, 8, 2, 1, NOTHING)),
        picture("png 7000x7000, interlaced", () -> png(7000, 7000, 8, 2, 1, NOTHING)),
        picture(
            "png 2000000000x2000000000", () -> png(2_000_000_000, 2_000_000_000, 8, 2, 0, NOTHING)),
        picture("png, 64 MB in zTXt", () -> png(4, 4, 8, 2, 0, text("zTXt", 64))),
        picture("png, 64 MB in iTXt", () -> png(4, 4, 8, 2, 0, text("iTXt", 64))),
        picture("png, 64 MB in iCCP", () -> png(4, 4, 8, 2, 0, text("iCCP", 64))),
        picture("png, 100 texts of 1 MB", () -> png(4, 4, 8, 2, 0, many(text("zTXt", 1), 100))),
        picture(
            "png, 10000 texts of 1 MB", () -> png(4, 4, 8, 2, 0, many(text("zTXt", 1), 10_000))),
        picture("png, a palette of 2 GB behind its pixels", () -> claim("PLTE")),
        picture("png, a header of 2 GB behind its pixels", () -> claim("IHDR")),
        picture("png, a million empty pieces", () -> png(4, 4, 8, 2, 0, many(PIECES, 1_000_000))),
        picture(
            "png, 300000 scattered pieces", () -> png(4, 4, 8, 2, 0, many(SCATTERED, 300_000))));
  }

  /** A PNG whose pixels are all zero, of which there are 64 MB at most. */
  private static byte[] png(
      int width, int height, int depth, int colourType, int interlaced, byte[] more)
      throws IOException {
    ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
    header.put((byte) depth).put((byte) colourType).put((byte) 0).put((byte) 0);
    header.put((byte) interlaced);
    long row = 1 + (long) width * (colourType == 6 ? 4 : 3) * depth / 8;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 26, '\n'});
    out.writeBytes(chunk("IHDR", header.array()));
    out.writeBytes(more);
    out.writeBytes(chunk("IDAT", zeros(Math.min(row * height + 7L * height, 64L * MEGABYTE))));
    out.writeBytes(chunk("IEND", NOTHING));
    return PictureMutator.withSums(out.toByteArray());
  }

  /** A chunk of packed text. */
  private static byte[] text(String name, int megabytes) throws IOException {
    String begin = EXIF + (name.equals("iTXt") ? "\1\0\0\0" : "\0");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(ascii(begin));
    try (OutputStream packed = new DeflaterOutputStream(out)) {
      packed.write(ascii("\nexif\n" + megabytes * MEGABYTE / 2 + "\n"));
      byte[] digits = ascii("0".repeat(MEGABYTE));
      for (int i = 0; i < megabytes; i++) {
        packed.write(digits);
      }
    }
    return chunk(name, out.toByteArray());
  }

  /** A sound picture, behind whose pixels a chunk claims a length. */
  private static byte[] claim(String name) throws IOException {
    byte[] file = png(4, 4, 8, 2, 0, NOTHING);
    byte[] claim = joined(ByteBuffer.allocate(4).putInt(Integer.MAX_VALUE).array(), ascii(name));
    return joined(Arrays.copyOf(file, file.length - 12), claim);
  }

  private static byte[] chunk(String name, byte[] content) {
    return ByteBuffer.allocate(12 + content.length)
        .putInt(content.length)
        .put(name.getBytes(StandardCharsets.US_ASCII))
        .put(content)
        .putInt(0)
        .array();
  }

  /** So many zeros, packed. */
  static byte[] zeros(long length) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] block = new byte[1 << 16];
    try (OutputStream packed = new DeflaterOutputStream(out)) {
      for (long left = length; left > 0; left -= block.length) {
        packed.write(block, 0, (int) Math.min(left, block.length));
      }
    }
    return out.toByteArray();
  }

  // ---------------------------------------------------------------- GIF, BMP, PNM

  private static List<Bomb> others() {
    return List.of(
        picture("gif, screen of 65535x65535", () -> gif(65_535, 65_535, 1, 1)),
        picture("gif, screen of 7900x7900", () -> gif(7_900, 7_900, 1, 1)),
        picture("gif, frame of 65535x65535", () -> gif(65_535, 65_535, 65_535, 65_535)),
        picture("gif, frame of 7000x7000", () -> gif(7_000, 7_000, 7_000, 7_000)),
        picture("bmp rle 30000x2000", () -> bmp(30_000, 2_000, 8, 1)),
        picture("bmp rle4 30000x2000", () -> bmp(30_000, 2_000, 4, 2)),
        picture("bmp 1x60000000", () -> bmp(1, 60_000_000, 24, 0)),
        picture("bmp 46000x46000", () -> bmp(46_000, 46_000, 24, 0)),
        picture("bmp upside down", () -> bmp(8_000, Integer.MIN_VALUE, 32, 0)),
        picture("pnm 60000x1000", () -> ascii("P6 60000 1000 255\n")),
        picture("pnm 20000x3000, 16 bits", () -> ascii("P6 20000 3000 65535\n")),
        picture("pnm text 8000x7000", () -> ascii("P3 8000 7000 255\n0 0")),
        picture("pnm endless number", () -> ascii("P3 8 8 255\n" + "1".repeat(MEGABYTE))),
        picture("pnm endless remark", () -> ascii("P6 #" + "x".repeat(4 * MEGABYTE))));
  }

  private static byte[] gif(int width, int height, int frameWidth, int frameHeight) {
    ByteBuffer out = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    out.put(ascii("GIF89a")).putShort((short) width).putShort((short) height);
    out.put((byte) 0x80).putShort((short) 0).put(new byte[] {1, 2, 3, 4, 5, 6});
    out.put((byte) 0x2C).putInt(0).putShort((short) frameWidth).putShort((short) frameHeight);
    out.put((byte) 0).put(new byte[] {2, 2, 0x44, 1, 0, 0x3B});
    return prefix(out);
  }

  private static byte[] bmp(int width, int height, int bits, int compression) {
    ByteBuffer out = ByteBuffer.allocate(1200).order(ByteOrder.LITTLE_ENDIAN);
    int colours = bits <= 8 ? 1 << bits : 0;
    out.put(ascii("BM")).putInt(1200).putInt(0).putInt(54 + 4 * colours);
    out.putInt(40).putInt(width).putInt(height).putShort((short) 1).putShort((short) bits);
    out.putInt(compression).putInt(0).putInt(0).putInt(0).putInt(0).putInt(0);
    out.position(54 + 4 * colours).put(new byte[] {0, 1});
    return prefix(out);
  }

  // ---------------------------------------------------------------- WebP

  private static List<Bomb> webps() {
    return List.of(
        picture("webp lossless 16384x16384", () -> webp("VP8L", lossless(16_384, 16_384, 4000))),
        picture("webp lossless 7900x7900", () -> webp("VP8L", lossless(7_900, 7_900, 4000))),
        picture("webp lossless 100x30, noise", () -> webp("VP8L", lossless(100, 30, 40))),
        picture("webp lossy 16383x16383", () -> webp("VP8 ", lossy(16_383, 16_383))),
        picture("webp lossy 7000x7000", () -> webp("VP8 ", lossy(7_000, 7_000))),
        picture("webp canvas 16777216x16777216", () -> webp("VP8X", canvas())),
        picture("webp, frames that overlap", () -> webp("ANMF", overlapping())),
        picture("webp, 10000 frames within each other", () -> webp("ANMF", nested(10_000))));
  }

  /** Each frame has in it the next, or the next two, if they are looked for there. */
  private static byte[] overlapping() {
    return joined(new byte[16], many(joined(frame(72), frame(40)), 100));
  }

  private static byte[] nested(int depth) {
    ByteBuffer out = ByteBuffer.allocate(16 + 24 * depth);
    out.position(16);
    while (out.hasRemaining()) {
      out.put(frame(out.remaining() - 8));
    }
    return out.array();
  }

  private static byte[] frame(int length) {
    ByteBuffer out = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    return out.put(ascii("ANMF")).putInt(length).array();
  }

  private static byte[] webp(String name, byte[] content) {
    ByteBuffer out = ByteBuffer.allocate(20 + content.length).order(ByteOrder.LITTLE_ENDIAN);
    out.put(ascii("RIFF")).putInt(12 + content.length).put(ascii("WEBP"));
    return out.put(ascii(name)).putInt(content.length).put(content).array();
  }

  private static byte[] lossless(int width, int height, int length) {
    ByteBuffer out = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    out.put((byte) 0x2F).putInt(width - 1 | height - 1 << 14);
    while (out.hasRemaining()) {
      out.put((byte) 0x5A);
    }
    return out.array();
  }

  private static byte[] lossy(int width, int height) {
    ByteBuffer out = ByteBuffer.allocate(4000).order(ByteOrder.LITTLE_ENDIAN);
    int frame = 0x10 | 100 << 5; // a key frame that is shown, and its first partition's length
    out.put((byte) frame).put((byte) (frame >> 8)).put((byte) (frame >> 16));
    out.put(new byte[] {(byte) 0x9D, 1, 0x2A}).putShort((short) width).putShort((short) height);
    return out.array();
  }

  private static byte[] canvas() {
    byte[] content = new byte[10];
    Arrays.fill(content, 4, 10, (byte) 0xFF);
    return content;
  }

  // ---------------------------------------------------------------- models

  private static List<Bomb> models() {
    return List.of(
        model("safetensors, header of 2^62 bytes", () -> tensors(1L << 62, "{}")),
        model("safetensors, header of 90 MB that is missing", () -> tensors(90_000_000, "{}")),
        model("safetensors, a million brackets", () -> tensors("[".repeat(1_000_000))),
        model("safetensors, a million objects", () -> tensors("{\"a\":".repeat(1_000_000))),
        model("safetensors, a metadata of 20 MB", () -> metadata(List.of("x".repeat(20_000_000)))),
        model(
            "safetensors, 300000 keys of metadata",
            () -> metadata(IntStream.range(0, 300_000).mapToObj(i -> "v").toList())),
        model("safetensors, 100000 tensors", () -> tensors(manyTensors(100_000))),
        model("safetensors, a giant shape", () -> tensor("[1000000,1000000,1000000,1000000]")),
        model("safetensors, a shape of 2^31", () -> tensor("[2147483648]")),
        model("safetensors, a million sides", () -> tensor("[1" + ",1".repeat(1_000_000) + "]")),
        model(
            "safetensors, a number of a million digits",
            () -> tensor("[" + "9".repeat(1_000_000) + "]")));
  }

  private static byte[] tensor(String shape) {
    return tensors("{\"a\":{\"dtype\":\"F32\",\"shape\":" + shape + ",\"data_offsets\":[0,4]}}");
  }

  private static String manyTensors(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"t" + i + "\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}")
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static byte[] metadata(List<String> values) {
    return tensors(
        IntStream.range(0, values.size())
            .mapToObj(i -> "\"k" + i + "\":\"" + values.get(i) + "\"")
            .collect(Collectors.joining(",", "{\"__metadata__\":{", "}}")));
  }

  private static byte[] tensors(String header) {
    return tensors(header.length(), header);
  }

  private static byte[] tensors(long length, String header) {
    ByteBuffer out = ByteBuffer.allocate(12 + header.length()).order(ByteOrder.LITTLE_ENDIAN);
    return out.putLong(length).put(ascii(header)).array();
  }

  // ---------------------------------------------------------------- bytes

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  static byte[] many(byte[] part, int times) {
    return joined(Collections.nCopies(times, part).toArray(byte[][]::new));
  }

  static byte[] prefix(ByteBuffer written) {
    return Arrays.copyOf(written.array(), written.position());
  }
}
