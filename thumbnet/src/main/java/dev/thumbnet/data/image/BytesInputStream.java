package dev.thumbnet.data.image;

import java.io.EOFException;
import java.io.IOException;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * An encoded picture in memory as ImageIO wants it, without the copy that ImageIO's own makes.
 * Reading ends when the picture's time is over. The bytes come in pieces so small that readers ask
 * often, and a reader that goes on asking behind the end is stopped.
 */
final class BytesInputStream extends ImageInputStreamImpl {
  private static final int LEAST_PIECE = 16;
  private static final long STEPS_PER_PIECE = 2_000_000;

  /** Some readers look a little beyond the end. */
  private static final int MOST_READS_BEHIND_END = 4096;

  private final byte[] bytes;
  private final DecodeWatch watch;
  private final int piece;
  private int readsBehindEnd;

  /**
   * @param work steps that decoding all of it takes
   */
  BytesInputStream(byte[] bytes, long work, DecodeWatch watch) {
    this.bytes = bytes;
    this.watch = watch;
    long pieces = 1 + work / STEPS_PER_PIECE;
    this.piece = Math.max(LEAST_PIECE, (int) (bytes.length / pieces));
  }

  @Override
  public int read() throws IOException {
    bitOffset = 0;
    if (streamPos >= bytes.length) {
      return end();
    }
    watch.check(1);
    return bytes[(int) streamPos++] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    bitOffset = 0;
    if (length == 0) {
      return 0;
    }
    if (streamPos >= bytes.length) {
      return end();
    }
    watch.check();
    int n = (int) Math.min(Math.min(length, piece), bytes.length - streamPos);
    System.arraycopy(bytes, (int) streamPos, target, offset, n);
    streamPos += n;
    return n;
  }

  private int end() throws IOException {
    watch.check();
    if (++readsBehindEnd > MOST_READS_BEHIND_END) {
      throw new EOFException();
    }
    return -1;
  }

  @Override
  public long length() {
    return bytes.length;
  }
}
