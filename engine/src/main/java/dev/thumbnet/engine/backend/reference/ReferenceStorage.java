package dev.thumbnet.engine.backend.reference;

import dev.thumbnet.engine.backend.Storage;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Numbers in double precision. */
final class ReferenceStorage extends Storage {
  private double @Nullable [] data;

  ReferenceStorage(ReferencePrimitives owner, int length) {
    super(owner, length);
    this.data = new double[length];
    // The contents are undefined by contract; NaN shows up wherever somebody relies on them.
    Arrays.fill(data, Double.NaN);
  }

  double[] data() {
    return Objects.requireNonNull(data, "released");
  }

  void free() {
    if (markReleased()) {
      data = null;
    }
  }
}
