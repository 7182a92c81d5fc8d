package dev.thumbnet.engine.backend.cuda;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which element types recorded steps found in their storages and which they left there. Replaying a
 * graph calls none of the code that keeps track of types, so that this has to be done for it. The
 * storages are also kept alive by this.
 */
final class RecordedTypes {
  /** Types of what is read before it is written. */
  private final Map<CudaStorage, ElementType> before = new LinkedHashMap<>();

  /** Types of what is written, in the end. */
  private final Map<CudaStorage, ElementType> after = new LinkedHashMap<>();

  /** Types of everything at the beginning. */
  private final Map<CudaStorage, ElementType> original = new LinkedHashMap<>();

  /** Takes note that a storage is read. */
  void read(CudaStorage storage) {
    original.putIfAbsent(storage, storage.element());
    if (!after.containsKey(storage)) {
      before.putIfAbsent(storage, storage.element());
    }
  }

  /** Takes note that a storage is written. */
  void written(CudaStorage storage) {
    original.putIfAbsent(storage, storage.element());
    after.put(storage, storage.element());
  }

  /**
   * Takes note that the recording is over. Nothing was carried out, so the storages get back the
   * types that they have in truth. Those that lived inside of the recording only do not matter.
   */
  void finish() {
    before.keySet().removeIf(CudaStorage::released);
    after.keySet().removeIf(CudaStorage::released);
    after.replaceAll((storage, type) -> storage.element());
    original.forEach((storage, type) -> storage.becomes(type));
    original.clear();
  }

  /**
   * Gives the storages the types that they had when the steps were recorded.
   *
   * @throws IllegalStateException if one was released since
   */
  void restore(CudaQueue queue) {
    before.keySet().forEach(RecordedTypes::check);
    after.keySet().forEach(RecordedTypes::check);
    before.forEach(
        (storage, type) -> {
          if (storage.element() != type) {
            long as = queue.read(storage, storage.length(), type);
            queue.copy(as, queue.write(storage, type), (long) storage.length() * type.bytes());
          }
        });
  }

  private static void check(CudaStorage storage) {
    if (storage.released()) {
      throw new IllegalStateException(
          "recorded steps use a storage that was released since they were recorded");
    }
  }

  /** Takes over the types that the steps leave. */
  void leave() {
    after.forEach((storage, type) -> storage.becomes(type));
  }
}
