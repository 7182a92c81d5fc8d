package dev.thumbnet.bench.endure.picture;

import java.awt.Point;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Small sound pictures in all formats and variants that are read, made by code, by their names. */
final class PictureSamples {
  /** Width and height are different, and no multiples of a JPEG's blocks. */
  static final int WIDTH = 24;

  static final int HEIGHT = 18;

  /** Nothing in the JDK writes WebP; libwebp made these of a picture like {@link #rgb}. */
  private static final Map<String, String> WEBP =
      Map.of(
          "webp lossy",
          "UklGRoQAAABXRUJQVlA4IHgAAABwBQCdASoYABIAPw10sVAwJySisBgMAgAhiWwAnTKEcDDdg79zp7kfAsl9ONfA"
              + "o7zlkOa4AP7y292kNL3SYpPGnxJKXxUsl7pPHfzCkh349khyWYKlHYc0hxjr3nOfsG44Ps1O56ekYIIqnPPy"
              + "w/npveX2FdHWAAA=",
          "webp lossless",
          "UklGRlgAAABXRUJQVlA4TEwAAAAvF0AEALkyRPQ/BgratmHKH/TZH4T6R/8ngKh/QNO2kUzg+BO+/8/44ywobhtJ"
              + "zS0f330ZYgIAsR4I1r+AEKEgtyHRQTChccCID1Y7",
          "webp alpha",
          "UklGRrIAAABXRUJQVlA4WAoAAAAQAAAAFwAAEQAAQUxQSBMAAAAFDzALERFCIJD4Sx/AAhH9j1gAAFZQOCB4AAAA"
              + "sAUAnQEqGAASAD8pgLlTrii4orAMAxAlCWwAnTLVQr7wA60+xP8UD5U2NMFlfsVXgWojeKQAAP7i+vn97qJm"
              + "0PD+oOSL8Qh3vM+mpUzVdoNtlds5fExh01Klh5TzWr9GB9KssS2SV1yvz7IX+42syf8NLoNoUUgA");

  private final Map<String, byte[]> files = new LinkedHashMap<>();

  private PictureSamples() {}

  /** Makes them. */
  static Map<String, byte[]> all() throws IOException {
    PictureSamples samples = new PictureSamples();
    samples.jpegs();
    samples.pngs();
    samples.plain();
    samples.tiffs();
    samples.pnms();
    WEBP.forEach((name, text) -> samples.files.put(name, Base64.getDecoder().decode(text)));
    return samples.files;
  }

  // ---------------------------------------------------------------- formats

  private void jpegs() throws IOException {
    add("jpeg", "jpeg", rgb());
    add("jpeg progressive", "jpeg", rgb(), PictureSamples::progressive);
    add("jpeg gray", "jpeg", painted(BufferedImage.TYPE_BYTE_GRAY));
    byte[] exif =
        "Exif\0\0MM\0*\0\0\0\b\0\1\1\22\0\3\0\0\0\1\0\6\0\0\0\0\0\0"
            .getBytes(StandardCharsets.ISO_8859_1);
    files.put("jpeg exif", withSegment(files.get("jpeg"), 0xE1, exif));
    WritableRaster inks =
        Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, WIDTH, HEIGHT, 4, new Point());
    fill(inks, 255);
    byte[] cmyk = write("jpeg", new IIOImage(inks, null, null), _ -> {}, ByteOrder.BIG_ENDIAN);
    files.put("jpeg cmyk", cmyk);
    byte[] adobe = "Adobe\0\144\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);
    files.put("jpeg adobe cmyk", withSegment(cmyk, 0xEE, adobe));
  }

  private void pngs() throws IOException {
    add("png", "png", rgb());
    add("png interlaced", "png", rgb(), PictureSamples::progressive);
    add("png alpha", "png", painted(BufferedImage.TYPE_INT_ARGB));
    add("png gray", "png", painted(BufferedImage.TYPE_BYTE_GRAY));
    add("png gray 16", "png", painted(BufferedImage.TYPE_USHORT_GRAY));
    add("png palette", "png", painted(BufferedImage.TYPE_BYTE_INDEXED));
    add("png bits", "png", painted(BufferedImage.TYPE_BYTE_BINARY));
    add("png 16", "png", deep());
  }

  private void plain() throws IOException {
    add("gif", "gif", painted(BufferedImage.TYPE_BYTE_INDEXED));
    files.put("gif animated", animated());
    add("bmp", "bmp", rgb());
    add("bmp palette", "bmp", painted(BufferedImage.TYPE_BYTE_INDEXED));
    add("bmp 16", "bmp", painted(BufferedImage.TYPE_USHORT_565_RGB), compressed("BI_BITFIELDS"));
    BufferedImage indexed = painted(BufferedImage.TYPE_BYTE_INDEXED);
    add("bmp rle", "bmp", indexed, compressed("BI_RLE8"));
  }

  private void tiffs() throws IOException {
    for (String compression : new String[] {"LZW", "PackBits", "Deflate", "ZLib", "JPEG"}) {
      add("tiff " + compression, "tiff", rgb(), compressed(compression));
    }
    for (String compression : new String[] {"CCITT RLE", "CCITT T.4", "CCITT T.6"}) {
      BufferedImage bits = painted(BufferedImage.TYPE_BYTE_BINARY);
      add("tiff " + compression, "tiff", bits, compressed(compression));
    }
    add("tiff", "tiff", rgb());
    IIOImage image = new IIOImage(rgb(), null, null);
    files.put("tiff II", write("tiff", image, _ -> {}, ByteOrder.LITTLE_ENDIAN));
    add("tiff alpha", "tiff", painted(BufferedImage.TYPE_INT_ARGB));
    add("tiff gray", "tiff", painted(BufferedImage.TYPE_BYTE_GRAY));
    add("tiff gray 16", "tiff", painted(BufferedImage.TYPE_USHORT_GRAY));
    add("tiff palette", "tiff", painted(BufferedImage.TYPE_BYTE_INDEXED));
    add("tiff 16", "tiff", deep());
    add(
        "tiff tiles",
        "tiff",
        rgb(),
        param -> {
          param.setTilingMode(ImageWriteParam.MODE_EXPLICIT);
          param.setTiling(16, 16, 0, 0);
        });
  }

  private void pnms() {
    byte[] colours = samples(3);
    byte[] gray = samples(1);
    String size = " " + WIDTH + " " + HEIGHT + "\n";
    files.put("pnm P6", joined("P6" + size + "255\n", colours));
    files.put("pnm P6 16", joined("P6" + size + "65535\n", samples(6)));
    files.put("pnm P5", joined("P5" + size + "255\n", gray));
    files.put("pnm P4", joined("P4" + size, samples(1, WIDTH / 8)));
    StringBuilder text = new StringBuilder();
    StringBuilder bits = new StringBuilder();
    for (int i = 0; i < colours.length; i++) {
      text.append(colours[i] & 0xFF).append(i % 12 == 11 ? '\n' : ' ');
      bits.append(i < gray.length ? (gray[i] & 1) + " " : "");
    }
    files.put("pnm P3", joined("P3\n# a remark\n" + size + "255\n" + text, new byte[0]));
    files.put("pnm P1", joined("P1" + size + bits, new byte[0]));
  }

  // ---------------------------------------------------------------- pictures

  private static int value(int x, int y, int channel) {
    return switch (channel) {
      case 0 -> 11 * x & 0xFF;
      case 1 -> 13 * y & 0xFF;
      default -> x * y & 0xFF;
    };
  }

  private static BufferedImage rgb() {
    return painted(BufferedImage.TYPE_3BYTE_BGR);
  }

  private static BufferedImage painted(int type) {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, type);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        int rgb = value(x, y, 0) << 16 | value(x, y, 1) << 8 | value(x, y, 2);
        image.setRGB(x, y, value(y, x, 0) << 24 | rgb);
      }
    }
    return image;
  }

  /** Three colours of 16 bits. */
  private static BufferedImage deep() {
    ColorModel colours =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB),
            false,
            false,
            Transparency.OPAQUE,
            DataBuffer.TYPE_USHORT);
    WritableRaster raster = colours.createCompatibleWritableRaster(WIDTH, HEIGHT);
    fill(raster, 65535);
    return new BufferedImage(colours, raster, false, null);
  }

  private static void fill(WritableRaster raster, int most) {
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        for (int c = 0; c < raster.getNumBands(); c++) {
          raster.setSample(x, y, c, value(x, y, c) * (most / 255));
        }
      }
    }
  }

  private static byte[] samples(int perPixel) {
    return samples(perPixel, WIDTH);
  }

  private static byte[] samples(int perPixel, int columns) {
    ByteBuffer out = ByteBuffer.allocate(perPixel * columns * HEIGHT);
    for (int y = 0; y < HEIGHT; y++) {
      for (int i = 0; i < perPixel * columns; i++) {
        out.put((byte) value(i / perPixel, y, i % perPixel));
      }
    }
    return out.array();
  }

  // ---------------------------------------------------------------- writing

  private void add(String name, String format, BufferedImage image) throws IOException {
    add(name, format, image, _ -> {});
  }

  private void add(
      String name, String format, BufferedImage image, Consumer<ImageWriteParam> settings)
      throws IOException {
    IIOImage whole = new IIOImage(image, null, null);
    files.put(name, write(format, whole, settings, ByteOrder.BIG_ENDIAN));
  }

  private static void progressive(ImageWriteParam param) {
    param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
  }

  private static Consumer<ImageWriteParam> compressed(String type) {
    return param -> {
      param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      param.setCompressionType(type);
    };
  }

  /** Returns the JDK's writer: those of plug-ins write other files. */
  private static ImageWriter writer(String format) {
    Iterator<ImageWriter> writers = ImageIO.getImageWritersByFormatName(format);
    while (writers.hasNext()) {
      ImageWriter writer = writers.next();
      if (writer.getClass().getModule() == ImageIO.class.getModule()) {
        return writer;
      }
      writer.dispose();
    }
    throw new IllegalStateException("this JDK does not write " + format);
  }

  private static byte[] write(
      String format, IIOImage image, Consumer<ImageWriteParam> settings, ByteOrder order)
      throws IOException {
    ImageWriter writer = writer(format);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
      stream.setByteOrder(order);
      ImageWriteParam param = writer.getDefaultWriteParam();
      settings.accept(param);
      writer.setOutput(stream);
      writer.write(null, image, param);
    } finally {
      writer.dispose();
    }
    return out.toByteArray();
  }

  private static byte[] animated() throws IOException {
    ImageWriter writer = writer("gif");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.prepareWriteSequence(null);
      for (int i = 0; i < 2; i++) {
        BufferedImage frame = painted(BufferedImage.TYPE_BYTE_INDEXED);
        writer.writeToSequence(new IIOImage(frame, null, null), null);
      }
      writer.endWriteSequence();
    } finally {
      writer.dispose();
    }
    return out.toByteArray();
  }

  private static byte[] withSegment(byte[] jpeg, int marker, byte[] content) {
    ByteBuffer out = ByteBuffer.allocate(jpeg.length + 4 + content.length);
    out.put(jpeg, 0, 2).put((byte) 0xFF).put((byte) marker);
    out.putShort((short) (2 + content.length)).put(content);
    return out.put(jpeg, 2, jpeg.length - 2).array();
  }

  private static byte[] joined(String header, byte[] content) {
    byte[] text = header.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(text.length + content.length).put(text).put(content).array();
  }
}
