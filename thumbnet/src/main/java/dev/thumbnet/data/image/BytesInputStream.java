package dev.thumbnet.data.image;

import javax.imageio.stream.ImageInputStreamImpl;

/** An encoded picture in memory as ImageIO wants it, without the copy that ImageIO's own makes. */
final class BytesInputStream extends ImageInputStreamImpl {
  private final byte[] bytes;

  BytesInputStream(byte[] bytes) {
    this.bytes = bytes;
  }

  @Override
  public int read() {
    bitOffset = 0;
    return streamPos < bytes.length ? bytes[(int) streamPos++] & 0xFF : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    bitOffset = 0;
    if (length == 0) {
      return 0;
    }
    if (streamPos >= bytes.length) {
      return -1;
    }
    int n = (int) Math.min(length, bytes.length - streamPos);
    System.arraycopy(bytes, (int) streamPos, target, offset, n);
    streamPos += n;
    return n;
  }

  @Override
  public long length() {
    return bytes.length;
  }
}
