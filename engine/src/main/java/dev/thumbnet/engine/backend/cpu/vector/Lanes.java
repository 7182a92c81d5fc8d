package dev.thumbnet.engine.backend.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** The one vector width of this JVM. */
final class Lanes {
  static final String PROPERTY = "dev.thumbnet.engine.lanes";

  /** Species of the float vectors that all kernels use. */
  static final VectorSpecies<Float> F = choose(System.getProperty(PROPERTY));

  private static final int L = F.length();
  private static final VectorShuffle<Float> BY_8 = rotation(8);
  private static final VectorShuffle<Float> BY_4 = rotation(4);
  private static final VectorShuffle<Float> BY_2 = rotation(2);
  private static final VectorShuffle<Float> BY_1 = rotation(1);

  private Lanes() {}

  private static VectorShuffle<Float> rotation(int distance) {
    return VectorShuffle.fromOp(F, i -> (i + distance) % L);
  }

  static VectorSpecies<Float> choose(String wish) {
    int widest = FloatVector.SPECIES_PREFERRED.length();
    if (wish == null) {
      return species(Math.min(16, widest));
    }
    VectorSpecies<Float> wished =
        switch (wish) {
          case "16", "8", "4" -> species(Integer.parseInt(wish));
          default ->
              throw new IllegalStateException(
                  "property " + PROPERTY + " must be 16, 8 or 4 but is \"" + wish + "\"");
        };
    if (wished.length() > widest) {
      throw new IllegalStateException(
          "property "
              + PROPERTY
              + " asks for "
              + wish
              + " lanes but the machine has "
              + widest
              + "; remove the property");
    }
    return wished;
  }

  /**
   * Adds the lanes in a fixed order: halves, quarters and so on. (The order of {@code
   * reduceLanes(ADD)} is not defined and may change from call to call.)
   */
  static float sum(FloatVector v) {
    FloatVector s = v;
    if (L >= 16) {
      s = s.add(s.rearrange(BY_8));
    }
    if (L >= 8) {
      s = s.add(s.rearrange(BY_4));
    }
    s = s.add(s.rearrange(BY_2));
    s = s.add(s.rearrange(BY_1));
    return s.lane(0);
  }

  private static VectorSpecies<Float> species(int lanes) {
    return switch (lanes) {
      case 16 -> FloatVector.SPECIES_512;
      case 8 -> FloatVector.SPECIES_256;
      case 4 -> FloatVector.SPECIES_128;
      default -> throw new IllegalStateException("no kernels for " + lanes + " lanes");
    };
  }
}
