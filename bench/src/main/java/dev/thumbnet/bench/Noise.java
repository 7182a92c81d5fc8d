package dev.thumbnet.bench;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.Backend;
import dev.thumbnet.engine.backend.Storage;

/** Inputs without meaning: normal deviates, the same in every run. */
public final class Noise {
  private Noise() {}

  static float[] values(int length) {
    Rng rng = new Rng(1);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) rng.nextGaussian();
    }
    return values;
  }

  /** Returns a storage of so many. */
  public static Storage storage(Backend backend, int length) {
    Storage storage = backend.allocate(length);
    backend.upload(values(length), 0, storage, 0, length);
    return storage;
  }

  /** Returns pictures (n, size, size, 3). */
  public static Tensor pictures(Device device, int n, int size) {
    return Tensor.of(device, values(n * size * size * 3), n, size, size, 3);
  }
}
