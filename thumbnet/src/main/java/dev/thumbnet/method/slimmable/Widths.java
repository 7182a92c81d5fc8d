package dev.thumbnet.method.slimmable;

import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.Setting;
import dev.thumbnet.model.Classifier;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How wide networks are, as shares of their teacher's channels. The network of a share is always
 * the family's own network of the teacher's width times the share.
 */
final class Widths {
  /** The operating points, the widest first. */
  static final List<Double> POINTS = List.of(1.0, 0.75, 0.5, 0.25);

  /** Parts of the channels if they are then multiples of {@link #GRAIN}, otherwise half as many. */
  private static final int PARTS = 8;

  private static final int GRAIN = 4;

  private Widths() {}

  /**
   * Returns all widths from 1 to a quarter whose layers have round numbers of channels, the widest
   * first: eighths for a network of 32, 64, … channels in its narrowest layer, so that channels
   * come in multiples of 4, 8, …; quarters for narrower ones, which are multiples of 4 from 16
   * channels.
   */
  static List<Double> between(Classifier network) {
    int narrowest =
        convolutions(network).stream()
            .mapToInt(conv -> conv.weight().tensor().dim(-1))
            .min()
            .orElseThrow();
    int parts = narrowest % (PARTS * GRAIN) == 0 ? PARTS : PARTS / 2;
    return IntStream.rangeClosed(0, parts - parts / 4)
        .mapToObj(less -> (double) (parts - less) / parts)
        .toList();
  }

  /**
   * Checks that a teacher can be cut into narrower networks, and these be trained.
   *
   * @throws IllegalArgumentException if its first channels are no narrower network, or pictures or
   *     batches are too small
   */
  static void check(Setting setting) {
    setting.network().checkTraining(setting.size(), setting.student().batchSize());
    setting.network().checkPrefixes();
  }

  private static List<Conv2d> convolutions(Classifier network) {
    return network.modules().stream()
        .filter(Conv2d.class::isInstance)
        .map(Conv2d.class::cast)
        .toList();
  }

  /** Returns a width for files and people: 1, 0.75 and so on. */
  static String text(double width) {
    return width == 1 ? "1" : Double.toString(width);
  }

  /** Returns widths for files. */
  static String text(List<Double> widths) {
    return widths.stream().map(Widths::text).collect(Collectors.joining(" "));
  }

  /** Returns the short name of a width, that of its point: w1, w0.75 and so on. */
  static String key(double width) {
    return "w" + text(width);
  }

  /**
   * Returns the point of a width, whose network sees the full picture.
   *
   * @param settings how it is trained
   */
  static OperatingPoint point(double width, Setting setting, Map<String, Object> settings) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("width", width);
    all.putAll(settings);
    return new OperatingPoint(key(width), "width × " + text(width), setting.size(), all);
  }
}
