package dev.thumbnet.engine.backend;

import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What computes: the {@link Primitives} that everything else is made of, and their {@link
 * Compilation}. Any thread may call any method at any time.
 */
public interface Backend extends Primitives<Storage>, Compilation<Storage>, AutoCloseable {
  /** Returns a short name: "cpu", "reference", "cuda". */
  String name();

  /** Returns one line for people: kernels, lanes, threads. */
  String describe();

  /** Returns the GPU that computes, if one does. */
  default Optional<GpuDescription> gpu() {
    return Optional.empty();
  }

  /**
   * Returns the backend with which plans run best as long as this one's code has never run: one
   * with the same storages, that gives the same bits. It is this one itself if that makes no
   * difference, or not any more.
   */
  default Backend cold() {
    return this;
  }

  /**
   * Warms code up: repeats it in the background until it no longer gets faster. For a backend whose
   * {@link #cold} is another.
   *
   * @param work a pass through a plan of this backend
   * @param wanted asked before each run: it ends when the answer is no
   * @param done called once after that
   */
  default void warmUp(Runnable work, BooleanSupplier wanted, Runnable done) {
    throw new UnsupportedOperationException(name() + " needs no warming up");
  }

  /** Ends the backend's threads and frees its memory; idle storages become unusable. */
  @Override
  void close();
}
