package dev.thumbnet.data.image.format;

import java.util.ArrayList;
import java.util.List;

/**
 * Walks through the segments of a JPEG file to its end of image; what stands behind that, as phones
 * append a video or a second picture, is not looked at. The copy has neither metadata nor comments,
 * only the hints of JFIF and Adobe at what the colours are.
 */
final class JpegFile {
  private static final int START_OF_SCAN = 0xDA;
  private static final int END_OF_IMAGE = 0xD9;
  private static final int BLOCK = 8;

  private record Component(int id, int across, int down) {}

  private final Bytes data;
  private final Pieces kept = new Pieces();
  private final List<Component> components = new ArrayList<>();
  private int width;
  private int height;
  private boolean progressive;
  private int orientation = 1;
  private int scans;

  /** Whether a scan lacks a component. */
  private boolean partial;

  /** The largest sampling factors of all components. */
  private int mostAcross;

  private int mostDown;

  /** Samples of all scans, those added that fill up the last blocks. */
  private long scannedSamples;

  private JpegFile(Bytes data) {
    this.data = data;
  }

  static Encoded encoded(Bytes data) throws RefusedException {
    JpegFile jpeg = new JpegFile(data);
    jpeg.walk();
    return jpeg.encoded();
  }

  private void walk() throws RefusedException {
    int at = 2;
    while (at + 1 < data.length()) {
      int marker = data.u8(at + 1);
      if (data.u8(at) != 0xFF || marker == 0 || marker == 0xFF) {
        at++; // fill bytes, and junk, which libjpeg passes over, too
      } else if (marker == END_OF_IMAGE) {
        keep(at, at + 2);
        return;
      } else if (marker == 0x01 || marker >= 0xD0 && marker <= 0xD8) {
        at += 2;
      } else {
        at = segment(at, marker);
      }
    }
    throw RefusedException.truncated();
  }

  /** Looks at a segment and returns where the next begins. */
  private int segment(int at, int marker) throws RefusedException {
    int length = data.u16(at + 2);
    int end = at + 2 + length;
    if (length < 2) {
      throw RefusedException.damaged("a JPEG segment of " + length + " bytes");
    }
    if (end > data.length()) {
      throw RefusedException.truncated();
    }
    if (marker == START_OF_SCAN) {
      scan(at + 4, end);
      end = endOfScan(end);
    } else if (marker >= 0xE0 && marker <= 0xEF) {
      application(at, end, marker);
      return end;
    } else if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xCC) {
      frame(at + 4, end, marker);
    } else if (marker == 0xFE) {
      return end;
    }
    keep(at, end);
    return end;
  }

  private void keep(int from, int end) throws RefusedException {
    kept.add(data.file(), from, end);
  }

  private void application(int at, int end, int marker) throws RefusedException {
    if (marker == 0xE0 && data.has(at + 4, "JFIF\0")
        || marker == 0xEE && data.has(at + 4, "Adobe")) {
      keep(at, end);
    } else if (marker == 0xE1 && data.has(at + 4, "Exif\0\0") && orientation == 1) {
      orientation = ExifTag.orientation(data.file(), at + 10, end);
    }
  }

  private void frame(int at, int end, int marker) throws RefusedException {
    String kind =
        switch (marker) {
          case 0xC0, 0xC1, 0xC2 -> "";
          case 0xC3 -> "lossless";
          case 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF -> "arithmetic-coded";
          default -> "hierarchical";
        };
    if (!kind.isEmpty()) {
      throw new RefusedException("is a JPEG of the " + kind + " kind; save it as a usual JPEG");
    }
    if (!components.isEmpty()) {
      throw RefusedException.damaged("a JPEG with two frames");
    }
    int bits = data.u8(at);
    if (bits != 8) {
      throw new RefusedException("is a JPEG of " + bits + " bits a sample; only 8 are read");
    }
    progressive = marker == 0xC2;
    height = data.u16(at + 1);
    width = data.u16(at + 3);
    int count = data.u8(at + 5);
    if (count != 1 && count != 3 && count != 4) {
      throw new RefusedException("is a JPEG of " + count + " components; 1, 3 or 4 are read");
    }
    for (int i = 0; i < count && at + 8 + 3 * i < end; i++) {
      int factors = data.u8(at + 7 + 3 * i);
      Component component = new Component(data.u8(at + 6 + 3 * i), factors >> 4, factors & 0xF);
      if (component.across < 1
          || component.across > 4
          || component.down < 1
          || component.down > 4) {
        throw RefusedException.damaged("a JPEG whose sampling factors are not 1 to 4");
      }
      components.add(component);
      mostAcross = Math.max(mostAcross, component.across);
      mostDown = Math.max(mostDown, component.down);
    }
    if (components.size() != count) {
      throw RefusedException.damaged("a JPEG with a short frame header");
    }
    checkRatios();
  }

  private void checkRatios() throws RefusedException {
    for (Component component : components) {
      if (mostAcross % component.across != 0 || mostDown % component.down != 0) {
        throw new RefusedException(
            "is a JPEG whose colours are stored at a size that is no whole part of the picture's;"
                + " save it as a usual JPEG");
      }
    }
  }

  private void scan(int at, int end) throws RefusedException {
    int count = data.u8(at);
    if (components.isEmpty() || count < 1 || count > 4 || end - at < 4 + 2 * count) {
      throw RefusedException.damaged("a JPEG whose scan has no sound header");
    }
    scans++;
    partial |= count < components.size();
    for (int i = 0; i < count; i++) {
      int id = data.u8(at + 1 + 2 * i);
      for (Component component : components) {
        if (component.id == id) {
          scannedSamples += samples(component);
        }
      }
    }
  }

  /** Where the first marker stands that does not belong to a scan's data. */
  private int endOfScan(int from) throws RefusedException {
    int at = from;
    while (at + 1 < data.length()) {
      if (data.u8(at) == 0xFF) {
        int next = data.u8(at + 1);
        if (next != 0 && next != 0xFF && (next < 0xD0 || next > 0xD7)) {
          return at;
        }
      }
      at++;
    }
    return data.length();
  }

  /** Samples of a component, those added that fill up the last blocks. */
  private long samples(Component component) {
    long unitsAcross = Math.ceilDiv(width, BLOCK * mostAcross);
    long unitsDown = Math.ceilDiv(height, BLOCK * mostDown);
    return unitsAcross * component.across * BLOCK * unitsDown * component.down * BLOCK;
  }

  private Encoded encoded() throws RefusedException {
    if (scans == 0) {
      throw RefusedException.truncated();
    }
    Format.checkSize(width, height);
    long samples = components.stream().mapToLong(this::samples).sum();
    boolean several = progressive || partial || scans > 1;
    // The picture, all coefficients if they are kept to the end, 2 bytes each, and a stripe.
    long memory = 3L * width * height + (several ? 2 * samples : 0) + stripe();
    // A scan of all components is one pass over the pixels; turning coefficients to pixels another.
    long unit = (long) width * height;
    double passes = (several ? 1 : 0) + (double) scannedSamples / samples;
    double padding = Math.max(1, (double) samples / components.size() / unit);
    long work = (long) (unit * passes * padding) + Format.SCAN_STEPS * (scans - 1);
    Pieces copy = new Pieces().add((byte) 0xFF, (byte) 0xD8).add(kept);
    return new Encoded(
        Format.JPEG, copy, width, height, memory, 0, work, new Encoded.Jpeg(), orientation);
  }

  /** Bytes of a row of MCUs, the row above it, and the rows of pixels made of them, 4 a sample. */
  private long stripe() {
    long numbers = width;
    for (Component component : components) {
      long across = (long) component.across * Math.ceilDiv(width, BLOCK * mostAcross);
      numbers += across * BLOCK * (BLOCK * component.down + 1) + 3L * (width + BLOCK);
    }
    return Integer.BYTES * numbers;
  }
}
