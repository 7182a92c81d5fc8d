package dev.thumbnet.engine;

import dev.thumbnet.engine.backend.Backend;
import dev.thumbnet.engine.backend.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the life of tensors: whatever this thread allocates between opening and closing goes back
 * to the backend's pool at {@link #close}, except gradients of leaves and what was {@linkplain
 * Tensor#keep kept}. Wrap each training step or inference call in one; without a scope the garbage
 * collector does the work. Scopes nest and close on the thread that opened them, innermost first.
 */
public final class TensorScope implements AutoCloseable {
  private static final ThreadLocal<@Nullable TensorScope> CURRENT = new ThreadLocal<>();

  private record Tracked(Backend backend, Storage storage) {}

  private final @Nullable TensorScope outer = CURRENT.get();
  private final boolean interruptible;
  private final List<Tracked> tracked = new ArrayList<>();

  /** Opens a scope on this thread. */
  public TensorScope() {
    this(false);
  }

  private TensorScope(boolean interruptible) {
    this.interruptible = interruptible || outer != null && outer.interruptible;
    CURRENT.set(this);
  }

  /**
   * Opens a scope for work that an interrupt of this thread ends at its next operation: there, and
   * in scopes inside, making a tensor throws a {@link CancellationException}, and the thread stays
   * interrupted. What was changed in place by then, such as statistics, is the caller's to restore.
   */
  public static TensorScope interruptible() {
    return new TensorScope(true);
  }

  static void track(Backend backend, Storage storage) {
    TensorScope scope = CURRENT.get();
    if (scope != null) {
      scope.tracked.add(new Tracked(backend, storage));
      if (scope.interruptible && Thread.currentThread().isInterrupted()) {
        throw new CancellationException("interrupted while computing");
      }
    }
  }

  static void untrack(Storage storage) {
    for (TensorScope scope = CURRENT.get(); scope != null; scope = scope.outer) {
      List<Tracked> list = scope.tracked;
      for (int i = list.size() - 1; i >= 0; i--) {
        if (list.get(i).storage == storage) {
          list.remove(i);
          return;
        }
      }
    }
  }

  /**
   * Gives the memory back.
   *
   * @throws IllegalStateException if another scope was opened after this one and is still open, or
   *     on another thread
   */
  @Override
  public void close() {
    if (CURRENT.get() != this) {
      throw new IllegalStateException(
          "scopes must be closed on their own thread, the innermost first; use try-with-resources");
    }
    if (outer == null) {
      CURRENT.remove();
    } else {
      CURRENT.set(outer);
    }
    for (Tracked t : tracked) {
      t.backend.release(t.storage);
    }
    tracked.clear();
  }
}
