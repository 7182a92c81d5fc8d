import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * The memory that all bodies have together. When there is none left, the largest of those that are
 * still arriving makes way: then a few clients who send much, and do not end, keep nobody out.
 */
final class BodyMemory {
  private final int limit;
  private final Semaphore free; // a permit for each byte
  private final Set<Upload> arriving = ConcurrentHashMap.newKeySet();

  BodyMemory(int bytes) {
    limit = bytes;
    free = new Semaphore(bytes);
  }

  void arrives(Upload upload) {
    arriving.add(upload);
  }

  void hasArrived(Upload upload) {
    arriving.remove(upload);
  }

  /**
   * Takes bytes for an upload; false if it is the largest itself, or has made way. One after the
   * other: two at once might make each other's room, and both lose theirs.
   */
  synchronized boolean take(Upload upload, int bytes) {
    while (!free.tryAcquire(bytes)) {
      if (upload.isReleased()) {
        return false;
      }
      Optional<Upload> largest =
          arriving.stream()
              .filter(other -> other != upload)
              .max(Comparator.comparingInt(Upload::held));
      if (largest.isEmpty() || largest.get().held() <= upload.held() + bytes) {
        return false;
      }
      largest.get().makeWay();
    }
    return true;
  }

  void giveBack(int bytes) {
    free.release(bytes);
  }

  /** Returns how many bytes are taken. */
  int taken() {
    return limit - free.availablePermits();
  }
}
