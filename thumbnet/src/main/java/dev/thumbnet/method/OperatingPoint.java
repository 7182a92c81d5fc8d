package dev.thumbnet.method;

import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.model.Reduction;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Where a method trades accuracy for cost: how large a picture its network sees, how wide it is,
 * and so on. All of it stands in {@code settings}, by names that files keep; nothing is ever read
 * out of the key or the label.
 *
 * @param key short name, unique among the points of a method, for files and options
 * @param label for people, after the method's name; empty if the name says it all
 * @param inputSize side in pixels of what the classifier takes
 * @param settings what makes this point differ from others of its method, and how it is trained:
 *     texts, numbers and truth values
 */
public record OperatingPoint(
    String key, String label, int inputSize, Map<String, Object> settings) {
  /** Name of the setting that tells how a compiled network keeps its weights, if not in 32 bits. */
  public static final String WEIGHT_FORMAT = "weightFormat";

  private static final Pattern KEY = Pattern.compile("[a-z0-9][a-z0-9.-]*");

  /**
   * Keeps an unmodifiable copy of the map, in its order.
   *
   * @throws IllegalArgumentException if the key makes no file name, or a value is no text, number
   *     or truth value
   */
  public OperatingPoint {
    if (!KEY.matcher(key).matches()) {
      throw new IllegalArgumentException(
          "the key of an operating point is made of small letters, digits, '.' and '-', not \""
              + key
              + "\"");
    }
    if (inputSize < 1) {
      throw new IllegalArgumentException("a network sees at least one pixel, not " + inputSize);
    }
    settings = PlainValues.copy(settings);
  }

  /**
   * Returns how the compiled network keeps its weights whose accuracy and time belong to this
   * point.
   *
   * @throws IllegalArgumentException if the settings name a format that there is not
   */
  public WeightFormat weightFormat() {
    return settings.get(WEIGHT_FORMAT) instanceof String format
        ? WeightFormat.valueOf(format.toUpperCase(Locale.ROOT))
        : WeightFormat.F32;
  }

  /** Tells whether another one would be run alike: all is the same but the words for people. */
  public boolean runsAs(OperatingPoint other) {
    return key.equals(other.key) && inputSize == other.inputSize && settings.equals(other.settings);
  }

  /** The point of a network that sees the full picture. */
  public static OperatingPoint fullSize(int size, Map<String, Object> settings) {
    return new OperatingPoint("full", "", size, settings);
  }

  /**
   * The point of a network that sees thumbnails of a picture: it is called by the ratio of areas if
   * that is a classic one, {@code 4to1} and {@code 16to1}, otherwise by the side of the thumbnail,
   * such as {@code 72px}.
   */
  public static OperatingPoint thumbnail(
      Reduction reduction, int size, Map<String, Object> settings) {
    int side = reduction.reduce(size);
    return reduction.isClassic()
        ? new OperatingPoint(reduction.area() + "to1", reduction.toString(), side, settings)
        : new OperatingPoint(side + "px", side + " px", side, settings);
  }
}
