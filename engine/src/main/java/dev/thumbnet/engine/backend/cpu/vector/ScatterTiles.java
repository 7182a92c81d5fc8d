package dev.thumbnet.engine.backend.cpu.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link dev.thumbnet.engine.backend.cpu.TileKernels#scatter}: runs of ten or twenty floats, far
 * too short for a general loop. The last vector of a run is added whole, with zeros behind the
 * run's end.
 */
final class ScatterTiles {
  private static final VectorSpecies<Float> F = Lanes.F;
  private static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, F.vectorShape());
  private static final int L = F.length();

  /** L times all bits, then L zeros: from L - n on it keeps the first n lanes. */
  private static final int[] KEEP = new int[2 * L];

  static {
    Arrays.fill(KEEP, 0, L, -1);
  }

  private ScatterTiles() {}

  static void scatter(
      int count, int[] runs, float[] a, int width, float[] b, int bBase, int bStep) {
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < runs.length; j += 3) {
        add(a, i * width + runs[j], runs[j + 1], b, bBase + i * bStep + runs[j + 2]);
      }
    }
  }

  private static void add(float[] a, int from, int len, float[] b, int to) {
    int k = 0;
    for (; len - k > L; k += L) {
      FloatVector sum = FloatVector.fromArray(F, b, to + k);
      sum.add(FloatVector.fromArray(F, a, from + k)).intoArray(b, to + k);
    }
    IntVector keep = IntVector.fromArray(I, KEEP, L - (len - k));
    FloatVector last =
        FloatVector.fromArray(F, a, from + k).reinterpretAsInts().and(keep).reinterpretAsFloats();
    FloatVector.fromArray(F, b, to + k).add(last).intoArray(b, to + k);
  }
}
