package dev.thumbnet.experiment.report;

import dev.thumbnet.experiment.report.Look.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How each method looks in charts, by its key; hues that colour-blind readers can tell apart. A
 * method without a look is an error, never drawn as another.
 */
public final class Looks {
  private static final int GRAY = 0x8C959F;
  private static final int ORANGE = 0xE69F00;
  private static final int BLUE = 0x2F94D6;
  private static final int GREEN = 0x00A376;
  private static final int PINK = 0xCC79A7;
  private static final int VERMILION = 0xD55E00;
  private static final int INDIGO = 0x5E4FC4;
  private static final int BROWN = 0x9A6324;

  /** Those of all methods of this program. */
  public static final Looks ALL =
      new Looks(Map.of())
          .with("original", new Look(Optional.empty(), Shape.DIAMOND, false))
          .with("trial-teacher", new Look(Optional.empty(), Shape.DIAMOND, true))
          .with("direct", Look.of(GRAY, Shape.CROSS, true))
          .with("direct-bn", Look.of(GRAY, Shape.PLUS, true))
          .with("bicubic", Look.of(ORANGE, Shape.SQUARE, true))
          .with("bicubic-distill", Look.of(ORANGE, Shape.SQUARE, false))
          .with("supervised", Look.of(BLUE, Shape.TRIANGLE, true))
          .with("supervised-distill", Look.of(BLUE, Shape.TRIANGLE, false))
          .with("thumbnet", Look.of(GREEN, Shape.CIRCLE, false))
          .with("thumbnet-variant", Look.of(GREEN, Shape.CIRCLE, true))
          .with("downscaler", Look.of(BLUE, Shape.CIRCLE, false))
          .with("transfer", Look.of(GREEN, Shape.TRIANGLE, false))
          .with("patch-front", Look.of(PINK, Shape.DIAMOND, false))
          .with("dct-front", Look.of(PINK, Shape.DIAMOND, true))
          .with("thinet", Look.of(VERMILION, Shape.DIAMOND, false))
          .with("l1-pruning", Look.of(VERMILION, Shape.WEDGE, false))
          .with("random-pruning", Look.of(VERMILION, Shape.WEDGE, true))
          .with("thin-scratch", Look.of(VERMILION, Shape.CROSS, true))
          .with("pruned-student", Look.of(VERMILION, Shape.CIRCLE, false))
          .with("weight-format", Look.of(VERMILION, Shape.CIRCLE, true))
          .with("probe", Look.of(BROWN, Shape.CIRCLE, false))
          .with("lowrank-svd", Look.of(INDIGO, Shape.SQUARE, false))
          .with("lowrank-spatial", Look.of(INDIGO, Shape.TRIANGLE, false))
          .with("lowrank-tucker", Look.of(INDIGO, Shape.CIRCLE, false))
          .with("narrow", Look.of(PINK, Shape.WEDGE, true))
          .with("slimmable", Look.of(PINK, Shape.WEDGE, false))
          .with("us-net", Look.of(PINK, Shape.CIRCLE, false))
          .with("lwae", Look.of(BROWN, Shape.WEDGE, false));

  private final Map<String, Look> byMethod;

  private Looks(Map<String, Look> byMethod) {
    this.byMethod = byMethod;
  }

  /**
   * Returns the same and the look of one more method.
   *
   * @throws IllegalArgumentException if the method has one, or another method looks like that
   */
  public Looks with(String method, Look look) {
    byMethod.forEach(
        (known, taken) -> {
          if (known.equals(method) || taken.equals(look)) {
            throw new IllegalArgumentException(
                "the method '" + known + "' has a look already: " + taken + "; " + method);
          }
        });
    Map<String, Look> more = new LinkedHashMap<>(byMethod);
    more.put(method, look);
    return new Looks(more);
  }

  /**
   * Returns the look of a method.
   *
   * @throws IllegalStateException if it has none
   */
  public Look of(String method) {
    Look look = byMethod.get(method);
    if (look == null) {
      throw new IllegalStateException(
          "nobody says how the method '" + method + "' is drawn; add its look to Looks");
    }
    return look;
  }
}
