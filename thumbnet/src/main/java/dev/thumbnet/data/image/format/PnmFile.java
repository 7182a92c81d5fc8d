package dev.thumbnet.data.image.format;

/** Reads the header of a PNM file: bitmaps, gray and colour pictures (P1 to P6). */
final class PnmFile {
  private static final int MOST = 65535;

  private final Bytes data;
  private int at = 2;

  private PnmFile(Bytes data) {
    this.data = data;
  }

  static Encoded encoded(Bytes data) throws RefusedException {
    return new PnmFile(data).encoded();
  }

  private Encoded encoded() throws RefusedException {
    int kind = data.u8(1) - '0';
    boolean text = kind <= 3;
    boolean bits = kind == 1 || kind == 4;
    int channels = kind == 3 || kind == 6 ? 3 : 1;
    long width = number();
    long height = number();
    long most = bits ? 1 : number();
    if (most < 1 || most > MOST) {
      throw RefusedException.damaged("a PNM whose largest sample is " + most);
    }
    Format.checkSize(width, height);
    int from = at + 1; // one blank ends the header
    long row = kind == 4 ? Math.ceilDiv(width, 8) : width * channels * (most > 255 ? 2 : 1);
    // A sample of text takes a byte at least.
    long least = text ? width * height * channels : row * height;
    if (data.length() - from < least) {
      throw RefusedException.truncated();
    }
    long work = Format.rows(height, width) + (text ? Format.PNM_TEXT * data.length() : 0);
    Encoded.Layout layout = new Encoded.Samples(channels, (int) most, bits, text, from);
    return new Encoded(
        Format.PNM,
        new Pieces().add(data.file()),
        (int) width,
        (int) height,
        3 * width * height,
        0,
        work,
        layout,
        1);
  }

  /** The next number of the header; comments reach to the end of their line. */
  private long number() throws RefusedException {
    while (data.u8(at) == '#' || Character.isWhitespace(data.u8(at))) {
      if (data.u8(at) == '#') {
        while (data.u8(at) != '\n' && data.u8(at) != '\r') {
          at++;
        }
      }
      at++;
    }
    long value = 0;
    int first = at;
    while (data.u8(at) >= '0' && data.u8(at) <= '9' && value <= Integer.MAX_VALUE) {
      value = 10 * value + data.u8(at++) - '0';
    }
    if (at == first) {
      throw RefusedException.damaged("a PNM whose header lacks a number");
    }
    return value;
  }
}
