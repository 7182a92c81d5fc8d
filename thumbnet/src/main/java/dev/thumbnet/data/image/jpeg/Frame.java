package dev.thumbnet.data.image.jpeg;

import java.io.IOException;

/**
 * What the frame header says (T.81, B.2.2), and what follows of it for a picture reduced to
 * 1/scale.
 *
 * <p>Sides are W and H; component i has h_i × v_i blocks in an MCU, and H_max, V_max are the
 * largest of these. Let m = 8 / scale. A block of component i becomes s_i × s_i samples: s_i is m,
 * doubled while it is less than 8 and both H_max·m and V_max·m are multiples of h_i·2s_i and
 * v_i·2s_i. So colours that are stored at half the size are not reduced and enlarged again. The
 * component has ⌈W·h_i·s_i / 8·H_max⌉ columns of samples, and the picture ⌈W·m/8⌉ of pixels.
 */
final class Frame {
  private static final int MOST_SAMPLING = 4;

  final int width;
  final int height;
  final boolean progressive;
  final Component[] components;
  private int mostAcross = 1;
  private int mostDown = 1;

  /** Side of what a block of full resolution becomes: 8, 4, 2 or 1. */
  private int size = Component.SIDE;

  /** Reads the segment whose content begins at a place. */
  Frame(Segments data, int from, int end, boolean progressive) throws IOException {
    if (data.u8(from) != 8) {
      throw new IOException("samples of " + data.u8(from) + " bits");
    }
    this.progressive = progressive;
    height = data.u16(from + 1);
    width = data.u16(from + 3);
    int count = data.u8(from + 5);
    if (width == 0 || height == 0 || count != 1 && count != 3 && count != 4) {
      throw new IOException(width + "x" + height + " pixels of " + count + " components");
    }
    if (end - from != 6 + 3 * count) {
      throw new IOException("a frame header of another length");
    }
    components = new Component[count];
    for (int i = 0; i < count; i++) {
      int at = from + 6 + 3 * i;
      // A single component is its own measure, whatever its factors are.
      int across = count == 1 ? 1 : data.u8(at + 1) >> 4;
      int down = count == 1 ? 1 : data.u8(at + 1) & 0xF;
      if (Math.min(across, down) < 1 || Math.max(across, down) > MOST_SAMPLING) {
        throw new IOException("sampling factors that are not 1 to 4");
      }
      components[i] = new Component(i, data.u8(at), across, down, data.u8(at + 2));
      mostAcross = Math.max(mostAcross, across);
      mostDown = Math.max(mostDown, down);
    }
    for (Component component : components) {
      int h = component.across;
      int v = component.down;
      component.blocksAcross = Math.ceilDiv(width * h, Component.SIDE * mostAcross);
      component.blocksDown = Math.ceilDiv(height * v, Component.SIDE * mostDown);
      component.paddedAcross = mcusAcross() * h;
      component.paddedDown = mcusDown() * v;
    }
  }

  /**
   * Decides what blocks become.
   *
   * @throws IOException if samples of a component would have to be enlarged by a fraction
   */
  void scale(int scale) throws IOException {
    size = Component.SIDE / scale;
    for (Component component : components) {
      int h = component.across;
      int v = component.down;
      int s = size;
      while (s < Component.SIDE
          && mostAcross * size % (2 * h * s) == 0
          && mostDown * size % (2 * v * s) == 0) {
        s *= 2;
      }
      component.size = s;
      component.sampleWidth = Math.ceilDiv(width * h * s, Component.SIDE * mostAcross);
      component.sampleHeight = Math.ceilDiv(height * v * s, Component.SIDE * mostDown);
      if (mostAcross * size % (h * s) != 0 || mostDown * size % (v * s) != 0) {
        throw new IOException("sampling factors that are no multiples of each other");
      }
    }
  }

  int mcusAcross() {
    return Math.ceilDiv(width, Component.SIDE * mostAcross);
  }

  int mcusDown() {
    return Math.ceilDiv(height, Component.SIDE * mostDown);
  }

  /** Rows of pixels that a row of MCUs becomes. */
  int rows() {
    return mostDown * size;
  }

  /** How many pixels beside each other a sample is for. */
  int ratioAcross(Component component) {
    return mostAcross * size / (component.across * component.size);
  }

  /** How many pixels above each other a sample is for. */
  int ratioDown(Component component) {
    return mostDown * size / (component.down * component.size);
  }

  /** Side of what a block of full resolution becomes. */
  int size() {
    return size;
  }
}
