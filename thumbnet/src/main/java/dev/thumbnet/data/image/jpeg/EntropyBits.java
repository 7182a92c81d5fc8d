package dev.thumbnet.data.image.jpeg;

import java.io.EOFException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The bits of a scan, those of high value first. A byte of 0xFF within the data is followed by 0;
 * followed by anything else it is a marker, at which the data ends. Behind that come zeros without
 * end, so that loops need not ask, and who has read some of them finds out at the next {@link
 * #check}, {@link #restart} or {@link #end}.
 *
 * <p>The next bit is the highest of {@link #held}, and {@link #count} of them are valid. Those
 * below are either zero or what the file has at {@link #at}, so that eight bytes, none of which is
 * 0xFF, are taken at once: held |= bytes &gt;&gt;&gt; count sets these bits again to what they are.
 */
final class EntropyBits {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH = 0x8080808080808080L;
  private static final int FIRST_RESTART = 0xD0;

  private final byte[] file;

  /** The next byte that is not held. */
  private int at;

  long held;
  int count;

  /** How many of the bits are no longer the file's. */
  private int padded;

  EntropyBits(byte[] file) {
    this.file = file;
  }

  /** Begins with the byte at a place. */
  void begin(int place) {
    at = place;
    held = 0;
    count = 0;
    padded = 0;
  }

  /** Makes at least 56 bits valid. */
  void fill() {
    if (at + Long.BYTES <= file.length) {
      long bytes = (long) LONGS.get(file, at);
      // A byte of ~bytes is zero exactly if this has a bit in or above it.
      if (((~bytes - ONES) & bytes & HIGH) == 0) {
        held |= bytes >>> count;
        at += 63 - count >> 3;
        count |= 56;
        return;
      }
    }
    fillByByte();
  }

  private void fillByByte() {
    while (count <= 56) {
      int next = at < file.length ? file[at] & 0xFF : -1;
      int after = at + 1;
      if (next == 0xFF) {
        while (after < file.length && file[after] == -1) {
          after++;
        }
        next = after < file.length && file[after] == 0 ? 0xFF : -1;
        after++;
      }
      if (next < 0) {
        padded += 8;
        // The last 0xFF before the marker: fill bytes are passed over once, not for each padded
        // byte.
        at = Math.max(at, Math.min(after, file.length) - 2);
      } else {
        held |= (long) next << 56 - count;
        at = after;
      }
      count += 8;
    }
  }

  /** Reads a number of 1 to 16 bits. */
  int read(int bits) {
    if (count < bits) {
      fill();
    }
    int value = (int) (held >>> -bits);
    held <<= bits;
    count -= bits;
    return value;
  }

  /**
   * Makes sure that what was read was there.
   *
   * @throws EOFException if not
   */
  void check() throws EOFException {
    if (count < padded) {
      throw new EOFException();
    }
  }

  /**
   * Goes on behind a restart marker.
   *
   * @param number which one must stand here, 0 to 7
   * @throws IOException if the data ended before, or does not end here
   */
  void restart(int number) throws IOException {
    check();
    while (at + 1 < file.length && file[at] == -1 && file[at + 1] == -1) {
      at++;
    }
    if (at + 1 >= file.length) {
      throw new EOFException();
    }
    boolean here = file[at] == -1 && (file[at + 1] & 0xFF) == FIRST_RESTART + number;
    if (count - padded >= 8 || !here) {
      throw new IOException("restart marker " + number + " is not where it must be");
    }
    begin(at + 2);
  }

  /**
   * Ends the scan. What stands behind its last block up to the next marker is passed over, but for
   * data before a restart marker, which belong to blocks that there should have been.
   *
   * @return where the next marker stands that is no restart
   */
  int end() throws IOException {
    check();
    return next(count - padded >= 8, false);
  }

  /**
   * Passes over a scan none of which was read.
   *
   * @return where the next marker stands that is no restart
   * @throws EOFException if there is none
   */
  int skip() throws IOException {
    return next(false, true);
  }

  private int next(boolean unread, boolean allowed) throws IOException {
    boolean more = unread;
    while (at + 1 < file.length) {
      int next = file[at + 1] & 0xFF;
      if (file[at] == -1 && next >= FIRST_RESTART && next < FIRST_RESTART + 8) {
        if (more && !allowed) {
          throw new IOException("more data than blocks before restart marker " + (next & 7));
        }
        at += 2;
      } else if (file[at] == -1 && next != 0 && next != 0xFF) {
        return at;
      } else {
        more |= file[at] != -1 || next == 0;
        at++;
      }
    }
    throw new EOFException();
  }
}
