package dev.thumbnet.engine.backend.cuda;

import dev.thumbnet.engine.backend.Storage;
import java.lang.ref.Cleaner;

/**
 * A run of elements in the memory of the device. Their type is decided by whoever writes them, see
 * {@link CudaQueue}; there is room for f32 always. The type belongs to the state of the queue and
 * is read and changed under its lock only.
 */
final class CudaStorage extends Storage {
  private static final Cleaner CLEANER = Cleaner.create();

  private final CudaQueue queue;
  private final long pointer;
  private final Cleaner.Cleanable memory;
  private ElementType element = ElementType.F32;
  private boolean written;

  /** Takes over memory for {@code length} floats. */
  CudaStorage(CudaQueue queue, long pointer, int length) {
    super(queue, length);
    this.queue = queue;
    this.pointer = pointer;
    // The memory of a storage that nobody released: the cleaner's thread must not call the driver.
    memory = CLEANER.register(this, () -> queue.forget(pointer));
  }

  CudaQueue queue() {
    return queue;
  }

  /** Returns the address of the first element. */
  long pointer() {
    return pointer;
  }

  ElementType element() {
    return element;
  }

  /** Tells whether anything was written yet; until then the contents are undefined. */
  boolean written() {
    return written;
  }

  /** Notes that elements of a type were written. */
  void becomes(ElementType type) {
    element = type;
    written = true;
  }

  /** Leaves the memory to the queue, the first time it is called. */
  void free() {
    if (markReleased()) {
      memory.clean();
    }
  }
}
