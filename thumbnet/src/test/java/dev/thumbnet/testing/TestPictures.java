package dev.thumbnet.testing;

import dev.thumbnet.data.DataSet;
import dev.thumbnet.data.image.RgbImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntFunction;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Pictures for tests, all made by formula. */
public final class TestPictures {
  private TestPictures() {}

  /** The pictures of pillow_golden.py. */
  public static RgbImage of(String kind, int w, int h) {
    byte[] data = new byte[3 * w * h];
    int state = 12345;
    for (int y = 0, i = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        for (int c = 0; c < 3; c++, i++) {
          state = (state * 1103515245 + 12345) & 0x7FFFFFFF;
          data[i] =
              switch (kind) {
                case "noise" -> (byte) (state >> 16);
                case "gradient" -> (byte) (7 * x + 3 * y + 85 * c);
                case "edges" -> (byte) ((x / 3 + y / 5 + c) % 2 == 1 ? 255 : 0);
                default -> throw new IllegalArgumentException(kind);
              };
        }
      }
    }
    return new RgbImage(w, h, data);
  }

  public static RgbImage noise(int w, int h) {
    return of("noise", w, h);
  }

  /** A soft picture, which JPEG changes little. */
  public static RgbImage soft(int w, int h) {
    byte[] data = new byte[3 * w * h];
    for (int y = 0, i = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        data[i++] = (byte) (40 + 150 * x / w);
        data[i++] = (byte) (60 + 120 * y / h);
        data[i++] = (byte) (200 - 100 * x / w);
      }
    }
    return new RgbImage(w, h, data);
  }

  public static byte[] encode(RgbImage image, String format) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      if (!ImageIO.write(image.toBufferedImage(), format, out)) {
        throw new IllegalArgumentException("no writer for " + format);
      }
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A chunk of a PNG file. */
  public static byte[] pngChunk(String name, byte[] content) {
    ByteBuffer chunk = ByteBuffer.allocate(12 + content.length);
    chunk.putInt(content.length).put(name.getBytes(StandardCharsets.US_ASCII)).put(content);
    CRC32 crc = new CRC32();
    crc.update(chunk.array(), 4, 4 + content.length);
    return chunk.putInt((int) crc.getValue()).array();
  }

  /** A TIFF block with the single entry of tag 274. */
  public static byte[] exif(int orientation, String byteOrder) {
    ByteBuffer tiff = ByteBuffer.allocate(26);
    tiff.order(byteOrder.equals("MM") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    tiff.put(byteOrder.getBytes(StandardCharsets.US_ASCII)).putShort((short) 42).putInt(8);
    tiff.putShort((short) 1);
    tiff.putShort((short) 274).putShort((short) 3).putInt(1).putShort((short) orientation);
    return tiff.array();
  }

  /** A JPEG with such a block. */
  public static byte[] withExif(byte[] jpeg, byte[] exif) {
    ByteBuffer segment = ByteBuffer.allocate(10 + exif.length);
    segment.putShort((short) 0xFFE1).putShort((short) (8 + exif.length));
    segment.put("Exif\0\0".getBytes(StandardCharsets.US_ASCII)).put(exif);
    return insert(jpeg, 2, segment.array());
  }

  /** A file with more bytes in it. */
  public static byte[] insert(byte[] file, int at, byte[] what) {
    ByteBuffer out = ByteBuffer.allocate(file.length + what.length);
    return out.put(file, 0, at).put(what).put(file, at, file.length - at).array();
  }

  /** Random pictures of up to 40 x 40 pixels. */
  public static Arbitrary<RgbImage> arbitrary() {
    Arbitrary<Integer> side = Arbitraries.integers().between(1, 40);
    return Combinators.combine(side, side, Arbitraries.longs())
        .as(
            (w, h, seed) -> {
              byte[] data = new byte[3 * w * h];
              new java.util.Random(seed).nextBytes(data);
              return new RgbImage(w, h, data);
            });
  }

  /** A set made of a function. */
  public record FunctionSet(int size, List<String> classes, IntFunction<RgbImage> pictures)
      implements DataSet {
    @Override
    public int label(int index) {
      return index % classes.size();
    }

    @Override
    public String name(int index) {
      return "picture-" + index;
    }

    @Override
    public RgbImage get(int index) {
      return pictures.apply(index);
    }
  }
}
