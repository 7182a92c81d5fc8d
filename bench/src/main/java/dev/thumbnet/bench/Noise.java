package dev.thumbnet.bench;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.Backend;
import dev.thumbnet.engine.backend.Storage;
import dev.thumbnet.engine.nn.BatchNorm2d;
import dev.thumbnet.engine.nn.Module;

/** Inputs without meaning: normal deviates, the same in every run. */
public final class Noise {
  private Noise() {}

  static float[] values(int length) {
    return values(length, 1);
  }

  /** Returns so many normal deviates. */
  public static float[] values(int length, long seed) {
    Rng rng = new Rng(seed);
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

  /** Gives the normalisations of a module something to do. */
  public static void fillStatistics(Module module, Rng rng) {
    for (Module m : module.modules()) {
      if (m instanceof BatchNorm2d norm) {
        norm.runningMean().fill(() -> 0.1 * rng.nextGaussian());
        norm.runningVariance().fill(() -> 0.8 + 0.4 * rng.nextDouble());
      }
    }
  }

  /** Returns pictures (n, size, size, 3). */
  public static Tensor pictures(Device device, int n, int size) {
    return Tensor.of(device, values(n * size * size * 3), n, size, size, 3);
  }
}
