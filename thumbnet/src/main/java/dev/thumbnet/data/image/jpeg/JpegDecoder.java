package dev.thumbnet.data.image.jpeg;

import java.io.EOFException;
import java.io.IOException;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Decodes JPEGs (ITU-T T.81): Huffman-coded, sequential or progressive, 8 bits, 1, 3 or 4
 * components, to the bits that libjpeg-turbo gives with its usual settings, and so Pillow: {@link
 * Idct} and {@link ReducedIdct}, {@link Upsampling}, {@link Colours}, {@link Smoothing}. Reduced to
 * a half, a quarter or an eighth, it has the bits of Pillow's {@code draft}; see {@link Frame}.
 *
 * <p>If a sequential picture's first scan has all components, which is nearly always so, its blocks
 * become pixels at once: memory beside the result is that of a {@link Stripe}. Otherwise all
 * coefficients are kept, two bytes each, until the file ends.
 *
 * <p>A rectangle has the bits that it has in the whole picture. Rows and columns of blocks that it
 * does not need are read, since what follows depends on them, but not transformed; nothing is read
 * below it. Nor is a progressive scan that brings nothing of which pixels are made, as most do at
 * an eighth of the size. What is not read may be damaged.
 */
public final class JpegDecoder {
  private static final int START_OF_IMAGE = 0xD8;
  private static final int END_OF_IMAGE = 0xD9;
  private static final int START_OF_SCAN = 0xDA;

  private final int length;
  private final Segments data;
  private final EntropyBits bits;
  private final JpegWindow window;
  private final IntConsumer watch;
  private @Nullable Frame frame;
  private boolean jfif;

  /** What Adobe's segment says of the colours; −1 if there is none. */
  private int adobe = -1;

  /** What the colours are; the first scan decides, not what is said later. */
  private Colours.@Nullable Kind kind;

  private JpegDecoder(byte[] file, JpegWindow window, IntConsumer watch) {
    this.length = file.length;
    this.data = new Segments(file);
    this.bits = new EntropyBits(file);
    this.window = window;
    this.watch = watch;
  }

  /**
   * Decodes a file, or a rectangle of it. Any number of threads may do so.
   *
   * @param file is not changed
   * @param window what is wanted; it must lie in the picture
   * @param watch is told of how many pixels have been passed over, or bytes of a segment, and may
   *     throw
   * @return red, green and blue of each pixel of the window, row by row
   * @throws EOFException if the file ends before the picture does
   * @throws IOException if it is damaged, or of a kind that is not decoded
   * @throws IllegalArgumentException if the window leaves the picture
   */
  public static byte[] decode(byte[] file, JpegWindow window, IntConsumer watch)
      throws IOException {
    return new JpegDecoder(file, window, watch).decode();
  }

  private byte[] decode() throws IOException {
    int at = 0;
    while (true) {
      int marker = data.u8(at + 1);
      if (data.u8(at) != 0xFF || marker == 0 || marker == 0xFF) {
        at++; // fill bytes and junk
      } else if (marker == END_OF_IMAGE) {
        return stored();
      } else if (marker == 0x01 || marker >= 0xD0 && marker <= START_OF_IMAGE) {
        at += 2;
      } else {
        int end = at + 2 + data.u16(at + 2);
        if (end < at + 4) {
          throw new IOException("a segment without length");
        } else if (end > length) {
          throw new EOFException();
        } else if (marker == START_OF_SCAN) {
          Frame of = present(frame);
          Scan scan = new Scan(of, data, bits, at + 4, end);
          kind = kind == null ? kind(of.components) : kind;
          if (!of.progressive && scan.hasAll() && of.components[0].coefficients == null) {
            return passed(of, scan);
          }
          at = stored(of, scan);
        } else {
          segment(marker, at + 4, end);
          watch.accept(end - at);
          at = end;
        }
      }
    }
  }

  private static Frame present(@Nullable Frame frame) throws IOException {
    if (frame == null) {
      throw new IOException("no frame header before the first scan");
    }
    return frame;
  }

  private void segment(int marker, int from, int end) throws IOException {
    switch (marker) {
      case 0xC0, 0xC1, 0xC2 -> {
        if (frame != null) {
          throw new IOException("two frames");
        }
        frame = new Frame(data, from, end, marker == 0xC2);
        frame.scale(window.scale());
        if (!window.isWithin(frame.width, frame.height)) {
          throw new IllegalArgumentException(
              window + " leaves the picture of " + frame.width + "x" + frame.height + " pixels");
        }
      }
      case 0xC4 -> data.defineHuffman(from, end);
      case 0xDB -> data.defineQuantisation(from, end);
      case 0xDD -> data.defineRestarts(from, end);
      case 0xE0 -> jfif |= data.has("JFIF\0", from, end) && end - from >= 14;
      case 0xEE ->
          adobe = data.has("Adobe", from, end) && end - from >= 12 ? data.u8(from + 11) : adobe;
      case 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF ->
          throw new IOException("a JPEG that is not coded by Huffman's codes, or not in one frame");
      default -> {
        // Comments, metadata and what may come.
      }
    }
  }

  /** As libjpeg decides: JFIF, then Adobe's hint, then the names of the components. */
  private Colours.Kind kind(Component[] components) {
    if (components.length == 1) {
      return Colours.Kind.GRAY;
    } else if (components.length == 4) {
      return adobe > 0 ? Colours.Kind.INKS_AS_DIFFERENCES : Colours.Kind.INKS;
    }
    boolean named = components[0].id == 'R' && components[1].id == 'G' && components[2].id == 'B';
    boolean rgb = !jfif && (adobe == 0 || adobe < 0 && named);
    return rgb ? Colours.Kind.RGB : Colours.Kind.DIFFERENCES;
  }

  /** Memory for pixels, once there was a scan. */
  private Stripe stripe(Frame of) throws EOFException {
    Colours.Kind known = kind;
    if (known == null) {
      throw new EOFException();
    }
    return new Stripe(of, window, known);
  }

  private void watch(Frame of) {
    watch.accept(of.width * Component.SIDE);
  }

  /** Blocks become pixels as they come. */
  private byte[] passed(Frame of, Scan scan) throws IOException {
    Stripe stripe = stripe(of);
    for (int row = 0; row <= stripe.last(); row++) {
      boolean wanted = row >= stripe.first();
      scan.read(row, stripe, wanted);
      if (wanted) {
        stripe.finish(row);
      }
      watch(of);
    }
    if (stripe.last() == of.mcusDown() - 1) {
      bits.end();
    }
    return stripe.pixels();
  }

  /** Keeps what a scan brings, and returns where it ends. */
  private int stored(Frame of, Scan scan) throws IOException {
    for (Component component : of.components) {
      component.keep();
    }
    if (!scan.matters()) {
      watch(of);
      return bits.skip();
    }
    for (int row = 0; row < scan.rows(); row++) {
      scan.read(row, null, true);
      watch(of);
    }
    return bits.end();
  }

  /** Blocks that were stored become pixels. */
  private byte[] stored() throws IOException {
    Frame of = present(frame);
    Stripe stripe = stripe(of);
    Smoothing smoothing = Smoothing.of(of);
    for (int row = stripe.first(); row <= stripe.last(); row++) {
      for (Component component : of.components) {
        int end = Math.min(component.blocksDown, (row + 1) * component.down);
        for (int y = row * component.down; y < end; y++) {
          put(stripe, smoothing, component, row, y);
        }
      }
      stripe.finish(row);
      watch(of);
    }
    return stripe.pixels();
  }

  private static void put(
      Stripe stripe, @Nullable Smoothing smoothing, Component component, int mcuRow, int row) {
    short[] all = component.coefficients();
    int y = row - mcuRow * component.down;
    for (int x = stripe.firstColumn(component); x < stripe.endColumn(component); x++) {
      if (smoothing == null) {
        stripe.put(component, y, x, all, component.place(row, x), true);
      } else {
        stripe.put(component, y, x, smoothing.estimated(component, row, x), 0, true);
      }
    }
  }
}
