package dev.thumbnet.engine.backend.cuda;

import dev.thumbnet.engine.backend.cuda.driver.CudaGraph;
import dev.thumbnet.engine.backend.cuda.driver.CudaRuntime;
import dev.thumbnet.engine.backend.cuda.driver.KernelModule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The stream of work of one backend, and what all operations need of it: one operation is queued at
 * a time, because handles of cuDNN and cuBLAS are not for two threads; temporary memory is given
 * back at its end; and operands get the element type that it wants.
 *
 * <p><b>Element types.</b> A storage holds elements of one type at a time. {@link #read} gives the
 * address of elements of the wanted type, in a temporary copy if they are of the other; {@link
 * #write} gives the address for a result and makes its type that of the storage. If a storage
 * changes its type, what lies behind the elements that are written is lost; {@link #update} keeps
 * it. Unless the precision of the backend is BF16, all elements are F32 and nothing of this
 * happens.
 *
 * <p>Memory is given back as soon as the work on it is queued. Whoever gets it next queues his work
 * later in the same stream, and so cannot disturb.
 */
final class CudaQueue {
  /** Elements that a thread of an elementwise kernel takes at a time. */
  private static final int PACK = 4;

  private final CudaRuntime runtime;
  private final KernelModule kernels;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Long> scratch = new ArrayList<>();
  private final ConcurrentLinkedQueue<Long> forgotten = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<CudaGraph> forgottenGraphs = new ConcurrentLinkedQueue<>();
  private final Set<CudaGraph> graphs = new HashSet<>();
  private @Nullable RecordedTypes recorded;
  private boolean closed;

  CudaQueue(CudaRuntime runtime) {
    this.runtime = runtime;
    runtime.enter();
    kernels = new KernelModule(runtime);
  }

  CudaRuntime runtime() {
    return runtime;
  }

  // ---------------------------------------------------------------- operations

  /** Runs something that queues work. May be nested. */
  void run(Runnable operation) {
    lock.lock();
    int before = scratch.size();
    try {
      if (closed) {
        throw new IllegalStateException("the CUDA device was closed");
      }
      runtime.enter();
      operation.run();
      runtime.afterOperation();
    } finally {
      while (scratch.size() > before) {
        runtime.memory().free(scratch.removeLast());
      }
      lock.unlock();
    }
  }

  /** Queues a kernel for one thread per item. */
  void launch(String entry, long items, long... arguments) {
    kernels.launch(entry, items, arguments);
  }

  /** Queues an elementwise kernel that takes elements in packs. */
  void launchPacks(String entry, ElementType type, int length, long... arguments) {
    kernels.launch(entry + type.suffix(), Math.ceilDiv((long) length, PACK), arguments);
  }

  /** Queues a kernel with a given number of blocks. */
  void launchBlocks(String entry, int blocks, int threads, long... arguments) {
    kernels.launch(entry, blocks, 1, threads, 0, arguments);
  }

  /** Returns a number as an argument of type float. */
  static long real(double value) {
    return Float.floatToRawIntBits((float) value);
  }

  /** Returns a truth value as an argument of type int. */
  static long flag(boolean value) {
    return value ? 1 : 0;
  }

  // ---------------------------------------------------------------- memory

  /** Returns a new storage with undefined contents. */
  CudaStorage allocate(int length) {
    collect();
    long pointer = runtime.memory().allocate((long) length * Float.BYTES);
    return new CudaStorage(this, pointer, length);
  }

  /** Gives a storage back. Allowed after the end, so that scopes can be closed in any order. */
  void release(CudaStorage storage) {
    lock.lock();
    try {
      storage.free();
      if (!closed) {
        collect();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes note of memory that is no longer used; from any thread. */
  void forget(long pointer) {
    forgotten.add(pointer);
  }

  /** Takes note of a graph that is no longer used; from any thread. */
  void forget(CudaGraph graph) {
    forgottenGraphs.add(graph);
  }

  private void collect() {
    for (Long pointer = forgotten.poll(); pointer != null; pointer = forgotten.poll()) {
      runtime.memory().free(pointer);
    }
    if (runtime.capturing()) {
      return; // graphs are no work that a graph could contain
    }
    for (CudaGraph graph = forgottenGraphs.poll(); graph != null; graph = forgottenGraphs.poll()) {
      if (graphs.remove(graph)) {
        runtime.enter();
        graph.close();
      }
    }
  }

  /** Returns memory until the end of the operation. */
  long scratch(long bytes) {
    long pointer = runtime.memory().allocate(bytes);
    scratch.add(pointer);
    return pointer;
  }

  /** Returns memory for floats until the end of the operation. */
  long scratchFloats(long length) {
    return scratch(length * Float.BYTES);
  }

  // ---------------------------------------------------------------- operands

  /** Returns the address of the first {@code length} elements as elements of a type. */
  long read(CudaStorage storage, int length, ElementType type) {
    if (recorded != null) {
      recorded.read(storage);
    }
    return storage.element() == type
        ? storage.pointer()
        : converted(storage.pointer(), storage.element(), length, type);
  }

  private long converted(long pointer, ElementType from, int length, ElementType to) {
    long copy = scratch((long) length * to.bytes());
    launchPacks("cast" + from.suffix(), to, length, length, pointer, copy);
    return copy;
  }

  /** Returns the address where elements of a type will be written, without reading any. */
  long write(CudaStorage storage, ElementType type) {
    if (recorded != null) {
      recorded.written(storage);
    }
    storage.becomes(type);
    return storage.pointer();
  }

  /** Returns the address of all elements as floats that will be changed or written in part. */
  long update(CudaStorage storage) {
    if (storage.written()) {
      long floats = read(storage, storage.length(), ElementType.F32);
      if (floats != storage.pointer()) {
        copy(floats, storage.pointer(), (long) storage.length() * Float.BYTES);
      }
    }
    return write(storage, ElementType.F32);
  }

  /** Queues a copy of bytes. */
  void copy(long from, long to, long bytes) {
    if (bytes > 0) {
      runtime.driver().memcpyDtoDAsync(to, from, bytes, runtime.stream());
    }
  }

  // ---------------------------------------------------------------- graphs

  /** Returns the graph of what is queued by the steps, which are not carried out. */
  CudaGraph capture(Runnable steps, RecordedTypes types) {
    recorded = types;
    try {
      CudaGraph graph = CudaGraph.capture(runtime, steps);
      graphs.add(graph);
      return graph;
    } finally {
      recorded = null;
    }
  }

  /**
   * Ends everything; storages become unusable.
   *
   * @param before ends what hangs on the runtime
   */
  void close(Runnable before) {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        try {
          runtime.enter();
          runtime.synchronize();
          before.run();
          graphs.forEach(CudaGraph::close);
          kernels.close();
        } finally {
          runtime.close();
        }
      }
    } finally {
      lock.unlock();
    }
  }
}
