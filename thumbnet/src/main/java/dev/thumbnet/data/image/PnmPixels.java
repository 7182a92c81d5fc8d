package dev.thumbnet.data.image;

import dev.thumbnet.data.image.format.Encoded;
import java.io.EOFException;
import java.io.IOException;

/** Decodes the samples of a PNM file. Those above the largest count as the largest. */
final class PnmPixels {
  private final byte[] file;
  private final Encoded.Samples samples;
  private int at;

  /** Unread bits of the byte before {@code at}. */
  private int bitsLeft;

  private PnmPixels(byte[] file, Encoded.Samples samples) {
    this.file = file;
    this.samples = samples;
    this.at = samples.from();
  }

  static RgbImage decode(byte[] file, Encoded header, Encoded.Samples samples, DecodeWatch watch)
      throws IOException {
    PnmPixels pixels = new PnmPixels(file, samples);
    int width = header.width();
    byte[] out = new byte[Math.toIntExact(3 * header.pixels())];
    for (int o = 0; o < out.length; ) {
      for (int x = 0; x < width; x++, o += 3) {
        for (int c = 0; c < samples.channels(); c++) {
          out[o + c] = pixels.next();
        }
        if (samples.channels() == 1) {
          out[o + 1] = out[o];
          out[o + 2] = out[o];
        }
      }
      pixels.bitsLeft = 0; // rows of bits begin with a byte
      watch.check(width);
    }
    return new RgbImage(width, header.height(), out);
  }

  private byte next() throws IOException {
    int value =
        samples.bits()
            ? 1 - (samples.text() ? digit() : bit())
            : samples.text() ? number() : samples.most() > 255 ? u8() << 8 | u8() : u8();
    int most = samples.most();
    return (byte) ((Math.min(value, most) * 255 + most / 2) / most);
  }

  private int u8() throws IOException {
    if (at >= file.length) {
      throw new EOFException();
    }
    return file[at++] & 0xFF;
  }

  private int bit() throws IOException {
    if (bitsLeft == 0) {
      u8();
      bitsLeft = 8;
    }
    return file[at - 1] >> --bitsLeft & 1;
  }

  /** Bits as text need no blanks between them. */
  private int digit() throws IOException {
    int c = solid();
    if (c != '0' && c != '1') {
      throw new IOException("'0' or '1' expected in the text of the picture");
    }
    return c - '0';
  }

  private int number() throws IOException {
    int c = solid();
    int value = 0;
    do {
      if (c < '0' || c > '9') {
        throw new IOException("a number expected in the text of the picture");
      }
      value = Math.min(10 * value + c - '0', 1 << 20);
      if (at == file.length) {
        return value;
      }
      c = u8();
    } while (!Character.isWhitespace(c) && c != '#');
    at--;
    return value;
  }

  /** The next character that is neither blank nor part of a comment. */
  private int solid() throws IOException {
    int c = u8();
    while (Character.isWhitespace(c) || c == '#') {
      while (c == '#') {
        int next = u8();
        c = next == '\n' || next == '\r' ? next : '#';
      }
      c = u8();
    }
    return c;
  }
}
