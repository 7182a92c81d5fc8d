package dev.thumbnet.engine.backend.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The one vector width of this JVM. */
final class Lanes {
  static final String PROPERTY = "dev.thumbnet.engine.lanes";

  /** Species of the float vectors that all kernels use. */
  static final VectorSpecies<Float> F = choose(System.getProperty(PROPERTY));

  private Lanes() {}

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

  private static VectorSpecies<Float> species(int lanes) {
    return switch (lanes) {
      case 16 -> FloatVector.SPECIES_512;
      case 8 -> FloatVector.SPECIES_256;
      case 4 -> FloatVector.SPECIES_128;
      default -> throw new IllegalStateException("no kernels for " + lanes + " lanes");
    };
  }
}
