package dev.thumbnet.engine.backend.cuda.driver;

import dev.thumbnet.engine.backend.DeviceException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Memory of the device, kept for reuse: the driver takes microseconds for a block and waits for all
 * queued work when it gets one back, this takes a tenth of a microsecond and does not wait.
 *
 * <p><b>Order.</b> All work is queued in one stream. So a block may be handed out again as soon as
 * it was given back: what the new owner queues runs after what the old one queued.
 *
 * <p><b>Size classes</b> are multiples of 512 bytes below a megabyte and eighths of a power of two
 * above it, so that at most an eighth of a large block is unused. A block serves its class only. If
 * the device is full, all idle blocks go back to the driver and it is asked once more.
 *
 * <p><b>Reservations.</b> A graph has the addresses of its temporaries in it and writes there each
 * time it runs. So blocks that were handed out while a graph was recorded return to the graph's
 * {@link Reservation} and serve nobody else until that is closed.
 *
 * <p>Any thread may allocate and free, but during a recording only the one that records.
 */
public final class DeviceMemory implements AutoCloseable {
  private static final long STEP = 512;
  private static final long LARGE = 1 << 20;
  private static final int CLASSES_PER_OCTAVE = 8;

  private final Driver driver;
  private final long context;
  private final long stream;
  private final Map<Long, Block> blocks = new HashMap<>(); // all there are, by address
  private final IdleBlocks idle = new IdleBlocks();
  private @Nullable Reservation recording;
  private long inUse;
  private boolean closed;

  public DeviceMemory(Driver driver, long context, long stream) {
    this.driver = driver;
    this.context = context;
    this.stream = stream;
  }

  /** A piece of the driver's memory. */
  private static final class Block {
    final long pointer;
    final long bytes;
    boolean used;
    @Nullable Reservation owner; // null: everybody

    Block(long pointer, long bytes) {
      this.pointer = pointer;
      this.bytes = bytes;
    }
  }

  /** Blocks that nobody uses, by size class; the one given back last is warm and goes first. */
  private static final class IdleBlocks {
    private final Map<Long, ArrayDeque<Block>> bySize = new HashMap<>();
    private long bytes;

    void add(Block block) {
      bySize.computeIfAbsent(block.bytes, size -> new ArrayDeque<>()).addLast(block);
      bytes += block.bytes;
    }

    /** Returns a block of exactly this size. */
    @Nullable Block take(long size) {
      ArrayDeque<Block> candidates = bySize.get(size);
      Block block = candidates == null ? null : candidates.pollLast();
      if (block != null) {
        bytes -= size;
      }
      return block;
    }

    /** Returns any block. */
    @Nullable Block takeAny() {
      for (Map.Entry<Long, ArrayDeque<Block>> entry : bySize.entrySet()) {
        if (!entry.getValue().isEmpty()) {
          return take(entry.getKey());
        }
      }
      return null;
    }
  }

  /** The blocks of one recorded graph. */
  final class Reservation implements AutoCloseable {
    private final IdleBlocks idle = new IdleBlocks();

    private Reservation() {}

    /** Lets the blocks serve everybody; those still in use, as soon as they are given back. */
    @Override
    public void close() {
      synchronized (DeviceMemory.this) {
        for (Block block : blocks.values()) {
          if (block.owner == this) {
            block.owner = null;
          }
        }
        for (Block block = idle.takeAny(); block != null; block = idle.takeAny()) {
          DeviceMemory.this.idle.add(block);
        }
      }
    }
  }

  /**
   * Returns the address of at least {@code bytes} bytes with undefined contents, a multiple of 256.
   *
   * @throws DeviceException if the device is full, even without idle blocks
   */
  public synchronized long allocate(long bytes) {
    if (closed) {
      throw new IllegalStateException("the device was closed");
    }
    long size = sizeClass(bytes);
    Block block = recording == null ? null : recording.idle.take(size);
    if (block == null) {
      block = idle.take(size);
    }
    if (block == null) {
      block = fromDriver(size);
    }
    block.used = true;
    block.owner = recording;
    inUse += size;
    return block.pointer;
  }

  private Block fromDriver(long size) {
    driver.ctxSetCurrent(context);
    long pointer = driver.memAlloc(size);
    if (pointer == 0 && idle.bytes > 0) {
      trim();
      pointer = driver.memAlloc(size);
    }
    if (pointer == 0) {
      throw full(size);
    }
    Block block = new Block(pointer, size);
    blocks.put(pointer, block);
    return block;
  }

  private DeviceException full(long size) {
    Driver.MemoryInfo info = driver.memGetInfo();
    return new DeviceException(
        "The device is out of memory: asked for "
            + mib(size)
            + ", in use "
            + mib(inUse)
            + ", cached "
            + mib(idle.bytes)
            + ", free "
            + mib(info.free())
            + " of "
            + mib(info.total()));
  }

  private static String mib(long bytes) {
    return (bytes + (1 << 19) >> 20) + " MiB";
  }

  /**
   * Takes a block back. What was queued before may still use it.
   *
   * @throws IllegalArgumentException if it is not in use
   */
  public synchronized void free(long pointer) {
    if (closed) {
      return; // it went with the device
    }
    Block block = blocks.get(pointer);
    if (block == null || !block.used) {
      throw new IllegalArgumentException(
          "0x"
              + Long.toHexString(pointer)
              + (block == null ? " is no address of a block" : " was given back before"));
    }
    block.used = false;
    inUse -= block.bytes;
    (block.owner == null ? idle : block.owner.idle).add(block);
  }

  /** Returns how many bytes are in use, in size classes. */
  public synchronized long inUse() {
    return inUse;
  }

  /** Returns how many bytes lie idle for everybody. */
  public synchronized long cached() {
    return idle.bytes;
  }

  /** Gives all idle blocks back to the driver, except in a recording, which allows no waiting. */
  public synchronized void trim() {
    if (recording != null) {
      return;
    }
    driver.ctxSetCurrent(context);
    driver.streamSynchronize(stream);
    for (Block block = idle.takeAny(); block != null; block = idle.takeAny()) {
      blocks.remove(block.pointer);
      driver.memFree(block.pointer);
    }
  }

  /** From now on blocks belong to the reservation returned, until {@link #endPrivate}. */
  synchronized Reservation beginPrivate() {
    if (recording != null) {
      throw new IllegalStateException("a graph is being recorded already");
    }
    recording = new Reservation();
    return recording;
  }

  /** Ends what {@link #beginPrivate} began. */
  synchronized void endPrivate() {
    recording = null;
  }

  /** Gives everything back to the driver, used or not; the stream must have passed all uses. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    driver.ctxSetCurrent(context);
    blocks.keySet().forEach(driver::memFree);
    blocks.clear();
  }

  /** Rounds a number of bytes up to its size class. */
  static long sizeClass(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("the number of bytes must not be negative: " + bytes);
    }
    long step = bytes <= LARGE ? STEP : Long.highestOneBit(bytes - 1) / CLASSES_PER_OCTAVE;
    return Math.max(STEP, (bytes + step - 1) / step * step);
  }
}
