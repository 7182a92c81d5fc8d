package dev.thumbnet.engine.testing;

import dev.thumbnet.engine.backend.Backend;
import dev.thumbnet.engine.backend.Storage;

/** Carries arrays to a backend and back. */
public final class Host {
  private final Backend backend;

  /** Makes a carrier to one backend. */
  public Host(Backend backend) {
    this.backend = backend;
  }

  /** Returns a new storage with the given values. */
  public Storage put(double... values) {
    Storage storage = backend.allocate(values.length);
    backend.upload(values, 0, storage, 0, values.length);
    return storage;
  }

  /** Returns a new storage for a result, full of NaN so that a gap shows. */
  public Storage room(int length) {
    Storage storage = backend.allocate(length);
    backend.fill(storage, length, Double.NaN);
    return storage;
  }

  /** Returns all elements. */
  public double[] get(Storage storage) {
    double[] values = new double[storage.length()];
    backend.download(storage, 0, values, 0, values.length);
    return values;
  }
}
