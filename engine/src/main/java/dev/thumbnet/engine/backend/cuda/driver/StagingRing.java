package dev.thumbnet.engine.backend.cuda.driver;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Copies between Java's arrays and the device.
 *
 * <p>An upload does not wait for the device: the numbers are copied into a buffer that the device
 * reads by itself when the stream comes to it. Such a buffer must not be touched before, so there
 * are some in turn, each with an event that tells when it is free again; only the fifth upload
 * waits for the first. A download waits, because its result is wanted.
 *
 * <p>The buffers are made when they are needed and grow to a limit; longer arrays go in pieces.
 */
public final class StagingRing implements AutoCloseable {
  private static final int SLOTS = 4;

  /** Enough for a batch of 128 pictures of 224 x 224 in three slots. */
  private static final int SLOT_ELEMENTS = 8 << 20;

  private static final int SMALLEST_SLOT_BYTES = 64 << 10;

  private final Driver driver;
  private final long stream;
  private final int slotElements;
  private final Slot[] slots = new Slot[SLOTS];
  private int next;

  StagingRing(Driver driver, long stream) {
    this(driver, stream, SLOT_ELEMENTS);
  }

  /**
   * @param slotElements how many numbers go in one piece at most
   */
  StagingRing(Driver driver, long stream, int slotElements) {
    this.driver = driver;
    this.stream = stream;
    this.slotElements = slotElements;
    for (int i = 0; i < SLOTS; i++) {
      slots[i] = new Slot();
    }
  }

  /** Copies {@code count} elements of an array, from {@code start} on, into or out of a buffer. */
  private interface Piece {
    void copy(MemorySegment buffer, int start, int count);
  }

  /** A buffer, and an event after which it may be written again. */
  private final class Slot {
    private MemorySegment buffer = MemorySegment.NULL;
    private long event;

    /** Returns the buffer with room for so many bytes, once it is free. */
    MemorySegment await(long bytes) {
      if (event != 0) {
        driver.eventSynchronize(event);
      }
      if (buffer.byteSize() < bytes) {
        free();
        buffer = driver.memHostAlloc(roomFor(bytes), 0);
      }
      return buffer;
    }

    void markBusy() {
      if (event == 0) {
        event = driver.eventCreate(Driver.EVENT_DISABLE_TIMING);
      }
      driver.eventRecord(event, stream);
    }

    void free() {
      if (buffer.byteSize() > 0) {
        MemorySegment old = buffer;
        buffer = MemorySegment.NULL;
        driver.memFreeHost(old);
      }
    }

    void close() {
      if (event != 0) {
        driver.eventDestroy(event);
        event = 0;
      }
      free();
    }
  }

  /** Rounds up to a power of two, because making a buffer takes milliseconds. */
  private static long roomFor(long bytes) {
    return Math.max(SMALLEST_SLOT_BYTES, Long.highestOneBit(bytes - 1) << 1);
  }

  /** Copies floats to the device. The array may be changed as soon as this returns. */
  public void upload(float[] source, int offset, long devicePointer, int length) {
    Objects.checkFromIndexSize(offset, length, source.length);
    upload(
        devicePointer,
        length,
        (buffer, start, count) ->
            MemorySegment.copy(source, offset + start, buffer, JAVA_FLOAT, 0, count));
  }

  /** Copies doubles to the device, as floats. */
  public void upload(double[] source, int offset, long devicePointer, int length) {
    Objects.checkFromIndexSize(offset, length, source.length);
    upload(
        devicePointer,
        length,
        (buffer, start, count) -> {
          for (int i = 0; i < count; i++) {
            buffer.setAtIndex(JAVA_FLOAT, i, (float) source[offset + start + i]);
          }
        });
  }

  /** Copies ints to the device. */
  public void upload(int[] source, int offset, long devicePointer, int length) {
    Objects.checkFromIndexSize(offset, length, source.length);
    upload(
        devicePointer,
        length,
        (buffer, start, count) ->
            MemorySegment.copy(source, offset + start, buffer, JAVA_INT, 0, count));
  }

  private synchronized void upload(long devicePointer, int length, Piece piece) {
    for (int start = 0; start < length; start += Math.min(slotElements, length - start)) {
      int count = Math.min(slotElements, length - start);
      Slot slot = nextSlot();
      MemorySegment buffer = slot.await(4L * count);
      piece.copy(buffer, start, count);
      driver.memcpyHtoDAsync(devicePointer + 4L * start, buffer, 4L * count, stream);
      slot.markBusy();
    }
  }

  /** Copies floats from the device, after everything that was queued before. */
  public void download(long devicePointer, float[] target, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, target.length);
    download(
        devicePointer,
        length,
        (buffer, start, count) ->
            MemorySegment.copy(buffer, JAVA_FLOAT, 0, target, offset + start, count));
  }

  /** Copies floats from the device, as doubles. */
  public void download(long devicePointer, double[] target, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, target.length);
    download(
        devicePointer,
        length,
        (buffer, start, count) -> {
          for (int i = 0; i < count; i++) {
            target[offset + start + i] = buffer.getAtIndex(JAVA_FLOAT, i);
          }
        });
  }

  private synchronized void download(long devicePointer, int length, Piece piece) {
    for (int start = 0; start < length; start += Math.min(slotElements, length - start)) {
      int count = Math.min(slotElements, length - start);
      MemorySegment buffer = nextSlot().await(4L * count);
      driver.memcpyDtoHAsync(buffer, devicePointer + 4L * start, 4L * count, stream);
      driver.streamSynchronize(stream);
      piece.copy(buffer, start, count);
    }
  }

  private Slot nextSlot() {
    Slot slot = slots[next];
    next = (next + 1) % SLOTS;
    return slot;
  }

  /** Frees the buffers; the stream must have passed all copies. */
  @Override
  public synchronized void close() {
    for (Slot slot : slots) {
      slot.close();
    }
  }
}
