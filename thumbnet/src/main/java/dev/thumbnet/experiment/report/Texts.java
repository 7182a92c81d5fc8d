package dev.thumbnet.experiment.report;

import dev.thumbnet.experiment.results.Comparison;
import java.util.Locale;

/** How numbers are written, the same on every machine and in every form of a report. */
public final class Texts {
  /** For what there is none of. */
  static final String NONE = "–";

  private Texts() {}

  /** A point in fractions, a comma between thousands. */
  public static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }

  /** With one decimal. */
  public static String one(double value) {
    return format("%.1f", value);
  }

  /** A difference in points with its sign, one decimal. */
  public static String signed(double points) {
    // What is rounded to zero is written with a plus: -0.0 + 0.0 is 0.0.
    return format("%+.1f", Math.rint(points * 10) / 10 + 0.0);
  }

  /** How far a row is ahead of the other: "ahead by 2.1 points [0.8, 3.4]". */
  public static String words(Comparison pair) {
    return switch (pair.verdict()) {
      case AHEAD ->
          format(
              "ahead by %s points [%s, %s]", one(pair.points()), one(pair.low()), one(pair.high()));
      case BEHIND ->
          format(
              "behind by %s points [%s, %s]",
              one(-pair.points()), one(-pair.high()), one(-pair.low()));
      case LEVEL ->
          pair.paired().filter(found -> found.detectable().isEmpty()).isPresent()
              ? "level, no answer differs, so that nothing can be said of other pictures"
              : format(
                  "level, %s points [%s, %s]",
                  signed(pair.points()), signed(pair.low()), signed(pair.high()));
    };
  }

  /** A square picture's size. */
  public static String square(int side) {
    return side + " × " + side;
  }

  /** Multiply-adds in millions. */
  public static String millions(double macs) {
    return format(macs < 10_000_000 ? "%.2f" : "%.1f", macs / 1e6);
  }

  /** A number of things. */
  static String count(int value) {
    return format("%,d", value);
  }

  /**
   * How much smaller a network's input is than the full picture, as a ratio of areas.
   *
   * @param size side of the full picture
   * @param inputSize side of the input
   */
  static String reduction(int size, int inputSize) {
    if (size == inputSize) {
      return "Full size";
    }
    double side = (double) size / inputSize;
    double area = side * side;
    return (area == Math.rint(area) ? format("%.0f", area) : one(area)) + ":1";
  }
}
