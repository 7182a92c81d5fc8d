package dev.thumbnet.data.image;

/** Turns pictures upright by the orientation that a camera wrote (EXIF tag 274, 1 to 8). */
final class ExifOrientation {
  private ExifOrientation() {}

  /** The upright picture of one that was stored with the given orientation. */
  static RgbImage upright(RgbImage image, int orientation, DecodeWatch watch) {
    if (orientation == 1) {
      return image;
    }
    boolean transpose = orientation >= 5;
    boolean mirrorX = orientation == 2 || orientation == 3 || orientation >= 7;
    boolean mirrorY = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    int w = image.width();
    int h = image.height();
    int outWidth = transpose ? h : w;
    int outHeight = transpose ? w : h;
    byte[] in = image.data();
    byte[] out = new byte[in.length];
    for (int y = 0, o = 0; y < outHeight; y++) {
      for (int x = 0; x < outWidth; x++, o += 3) {
        int fromX = transpose ? y : x;
        int fromY = transpose ? x : y;
        int i = 3 * ((mirrorY ? h - 1 - fromY : fromY) * w + (mirrorX ? w - 1 - fromX : fromX));
        out[o] = in[i];
        out[o + 1] = in[i + 1];
        out[o + 2] = in[i + 2];
      }
      watch.check(outWidth);
    }
    return new RgbImage(outWidth, outHeight, out);
  }
}
