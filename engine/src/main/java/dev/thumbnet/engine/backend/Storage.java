package dev.thumbnet.engine.backend;

/**
 * An opaque handle on a run of numbers owned by one {@link Backend}: a {@code float[]} on the CPU,
 * a {@code double[]} on the reference backend, device memory on a GPU. A handle is released at most
 * once; the memory behind it may then serve another handle, but never this one again.
 */
public abstract class Storage {
  private final Object owner;
  private final int length;
  private volatile boolean released;

  /**
   * @param owner what the storages of one backend, and of no other, have in common
   * @param length number of elements, not negative
   */
  protected Storage(Object owner, int length) {
    if (length < 0) {
      throw new IllegalArgumentException("storage length must not be negative: " + length);
    }
    this.owner = owner;
    this.length = length;
  }

  /** Returns what it has in common with the other storages of its backend. */
  final Object owner() {
    return owner;
  }

  /** Returns the number of elements. */
  public final int length() {
    return length;
  }

  /** Tells whether the memory was given back; a released storage must not be read or written. */
  public final boolean released() {
    return released;
  }

  /**
   * Marks this handle as given back. Called by {@link Backend#release} only.
   *
   * @return false if it was released before
   */
  protected final synchronized boolean markReleased() {
    boolean first = !released;
    released = true;
    return first;
  }
}
