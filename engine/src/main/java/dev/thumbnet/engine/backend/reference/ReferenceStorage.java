package dev.thumbnet.engine.backend.reference;

import dev.thumbnet.engine.backend.Storage;
import java.util.Arrays;

/** Numbers in double precision. */
final class ReferenceStorage extends Storage {
  private double[] data;

  ReferenceStorage(ReferencePrimitives owner, int length) {
    super(owner, length);
    this.data = new double[length];
    // The contents are undefined by contract; NaN shows up wherever somebody relies on them.
    Arrays.fill(data, Double.NaN);
  }

  /** Returns the array, or null after release. */
  double[] data() {
    return data;
  }

  void free() {
    if (markReleased()) {
      data = null;
    }
  }
}
