package dev.thumbnet.data.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;

/**
 * Turns the many pixel formats of {@link BufferedImage} into {@link RgbImage}. It reads the samples
 * as they are and not {@code getRGB}, because that one applies colour profiles and brightens
 * grayscale pictures (the JDK takes gray as linear light), which no other decoder does.
 */
final class PixelFormats {
  private PixelFormats() {}

  static RgbImage toRgb(BufferedImage image, DecodeWatch watch) {
    ColorModel model = image.getColorModel();
    if (model instanceof IndexColorModel palette) {
      return fromPalette(image.getRaster(), palette, watch);
    }
    if (!hasSmallIntegers(image) || model.isAlphaPremultiplied()) {
      return converted(image, watch);
    }
    return switch (model.getColorSpace().getType()) {
      case ColorSpace.TYPE_RGB, ColorSpace.TYPE_GRAY ->
          isPlainBytes(image) ? fromBytes(image, watch) : fromSamples(image, watch);
      case ColorSpace.TYPE_CMYK -> fromCmyk(image, watch);
      default -> converted(image, watch);
    };
  }

  private static boolean hasSmallIntegers(BufferedImage image) {
    int type = image.getRaster().getTransferType();
    return (type == DataBuffer.TYPE_BYTE
            || type == DataBuffer.TYPE_USHORT
            || type == DataBuffer.TYPE_INT)
        && image.getColorModel().getComponentSize(0) <= 16;
  }

  private static RgbImage fromPalette(Raster raster, IndexColorModel palette, DecodeWatch watch) {
    int w = raster.getWidth();
    int h = raster.getHeight();
    int[] row = new int[w];
    byte[] out = new byte[3 * w * h];
    for (int y = 0, o = 0; y < h; y++) {
      raster.getSamples(raster.getMinX(), raster.getMinY() + y, w, 1, 0, row);
      for (int x = 0; x < w; x++) {
        // A broken file may name colours which its palette does not have: black.
        int rgb = row[x] < palette.getMapSize() ? palette.getRGB(row[x]) : 0;
        o = put(out, o, rgb >> 16, rgb >> 8, rgb);
      }
      watch.check(w);
    }
    return new RgbImage(w, h, out);
  }

  private static boolean isPlainBytes(BufferedImage image) {
    Raster raster = image.getRaster();
    return raster.getParent() == null
        && raster.getSampleModel() instanceof PixelInterleavedSampleModel
        && raster.getDataBuffer() instanceof DataBufferByte buffer
        && buffer.getNumBanks() == 1;
  }

  /** Bytes beside each other, in any order: what nearly every decoded picture is. */
  private static RgbImage fromBytes(BufferedImage image, DecodeWatch watch) {
    Raster raster = image.getRaster();
    PixelInterleavedSampleModel samples = (PixelInterleavedSampleModel) raster.getSampleModel();
    DataBufferByte buffer = (DataBufferByte) raster.getDataBuffer();
    byte[] in = buffer.getData();
    int[] bands = samples.getBandOffsets();
    int step = samples.getPixelStride();
    int red = bands[0];
    int green = bands.length < 3 ? red : bands[1];
    int blue = bands.length < 3 ? red : bands[2];
    int w = raster.getWidth();
    int h = raster.getHeight();
    byte[] out = new byte[3 * w * h];
    for (int y = 0, o = 0; y < h; y++) {
      int i = buffer.getOffset() + y * samples.getScanlineStride();
      for (int x = 0; x < w; x++, i += step) {
        o = put(out, o, in[i + red], in[i + green], in[i + blue]);
      }
      watch.check(w);
    }
    return new RgbImage(w, h, out);
  }

  /** Any whole-numbered samples of up to 16 bits; each is scaled to 0..255 and rounded. */
  private static RgbImage fromSamples(BufferedImage image, DecodeWatch watch) {
    int w = image.getWidth();
    int h = image.getHeight();
    int colours = image.getColorModel().getNumColorComponents();
    int[][] rows = new int[3][w];
    byte[] out = new byte[3 * w * h];
    for (int y = 0, o = 0; y < h; y++) {
      for (int c = 0; c < 3; c++) {
        scaledRow(image, y, colours < 3 ? 0 : c, rows[c]);
      }
      for (int x = 0; x < w; x++) {
        o = put(out, o, rows[0][x], rows[1][x], rows[2][x]);
      }
      watch.check(w);
    }
    return new RgbImage(w, h, out);
  }

  /** Ink on white paper: each colour is what its ink and the black ink let through. */
  private static RgbImage fromCmyk(BufferedImage image, DecodeWatch watch) {
    int w = image.getWidth();
    int h = image.getHeight();
    int[][] rows = new int[4][w];
    byte[] out = new byte[3 * w * h];
    for (int y = 0, o = 0; y < h; y++) {
      for (int c = 0; c < 4; c++) {
        scaledRow(image, y, c, rows[c]);
      }
      for (int x = 0; x < w; x++) {
        int white = 255 - rows[3][x];
        int red = (white * (255 - rows[0][x]) + 127) / 255;
        int green = (white * (255 - rows[1][x]) + 127) / 255;
        int blue = (white * (255 - rows[2][x]) + 127) / 255;
        o = put(out, o, red, green, blue);
      }
      watch.check(w);
    }
    return new RgbImage(w, h, out);
  }

  private static void scaledRow(BufferedImage image, int y, int band, int[] row) {
    Raster raster = image.getRaster();
    int max = (1 << image.getColorModel().getComponentSize(band)) - 1;
    raster.getSamples(raster.getMinX(), raster.getMinY() + y, row.length, 1, band, row);
    for (int x = 0; x < row.length; x++) {
      row[x] = (row[x] * 255 + max / 2) / max;
    }
  }

  /** Everything rare (Lab, floats, premultiplied alpha) by the JDK's own conversion. */
  private static RgbImage converted(BufferedImage image, DecodeWatch watch) {
    int w = image.getWidth();
    int h = image.getHeight();
    int[] row = new int[w];
    byte[] out = new byte[3 * w * h];
    for (int y = 0, o = 0; y < h; y++) {
      image.getRGB(0, y, w, 1, row, 0, w);
      for (int x = 0; x < w; x++) {
        o = put(out, o, row[x] >> 16, row[x] >> 8, row[x]);
      }
      watch.check(w);
    }
    return new RgbImage(w, h, out);
  }

  private static int put(byte[] out, int o, int red, int green, int blue) {
    out[o] = (byte) red;
    out[o + 1] = (byte) green;
    out[o + 2] = (byte) blue;
    return o + 3;
  }

  /** Pixels of 0xAARRGGBB, row by row; the transparency is left out. */
  static RgbImage ofArgb(int[] pixels, int width, int height) {
    byte[] out = new byte[3 * pixels.length];
    for (int i = 0, o = 0; i < pixels.length; i++, o += 3) {
      out[o] = (byte) (pixels[i] >> 16);
      out[o + 1] = (byte) (pixels[i] >> 8);
      out[o + 2] = (byte) pixels[i];
    }
    return new RgbImage(width, height, out);
  }
}
