package dev.thumbnet.engine.backend.cpu.vector.tile;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/** Chooses the vector width of this JVM. */
public final class LaneChoice {
  static final String PROPERTY = "dev.thumbnet.engine.lanes";

  private LaneChoice() {}

  /**
   * Returns what the property says, or else the widest that the machine has, at most 16 floats.
   *
   * @throws IllegalStateException if the property cannot be honoured, or the machine is too old
   */
  public static VectorSpecies<Float> species() {
    return species(
        System.getProperty(PROPERTY),
        FloatVector.SPECIES_PREFERRED.length(),
        System.getProperty("os.arch", ""));
  }

  public static VectorSpecies<Float> species(
      @Nullable String wish, int widest, String architecture) {
    // Practically all x86 processors with AVX2 have fused multiply-add, and those without do not.
    // Without the instruction each FMA is emulated and takes microseconds.
    boolean x86 = architecture.equals("amd64") || architecture.equals("x86_64");
    if (x86 && widest < 8) {
      throw new IllegalStateException(
          "the processor, or an option of the JVM such as -XX:UseAVX, offers vectors of only "
              + widest
              + " floats and no AVX2.");
    }
    if (wish == null) {
      return ofLength(Math.min(16, widest));
    }
    VectorSpecies<Float> wished =
        switch (wish) {
          case "16", "8", "4" -> ofLength(Integer.parseInt(wish));
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

  private static VectorSpecies<Float> ofLength(int lanes) {
    return switch (lanes) {
      case 16 -> FloatVector.SPECIES_512;
      case 8 -> FloatVector.SPECIES_256;
      case 4 -> FloatVector.SPECIES_128;
      default -> throw new IllegalStateException("there are no kernels for " + lanes + " lanes.");
    };
  }
}
