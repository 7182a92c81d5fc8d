package dev.thumbnet.engine.backend.contract;

import dev.thumbnet.engine.backend.Backend;

/**
 * What the contract tests need to know of the backend under test. A test class of a backend
 * implements this through {@link BackendContract}, or through some of its parts.
 */
public interface BackendSource {
  /** Returns a backend that tests share; it is not closed. */
  Backend backend();

  /** Returns a new backend with a number of threads, if it has threads. */
  Backend make(int threads);
}
