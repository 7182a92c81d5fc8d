package dev.thumbnet.model;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The settings of torchvision's families. Files have the first two for either, as they had when
 * there were no others; one of them means nothing to a family and stays at its neutral value. What
 * came later they leave out where it is not used.
 */
final class TorchvisionSettings {
  static final String SMALL_INPUT = "smallInput";
  static final String HIDDEN = "hidden";

  /** The channels of inner convolutions, such as {@code 8,8,16}; unsaid for as many as usual. */
  static final String INNER_CHANNELS = "innerChannels";

  private TorchvisionSettings() {}

  static Map<String, Object> of(boolean smallInput, int hidden) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put(SMALL_INPUT, smallInput);
    settings.put(HIDDEN, hidden);
    settings.put(INNER_CHANNELS, Architecture.UNSAID);
    settings.put(Convolutions.FACTORS, Architecture.UNSAID);
    return settings;
  }

  static boolean smallInput(Architecture architecture) {
    return (Boolean) architecture.own(SMALL_INPUT);
  }

  static int hidden(Architecture architecture) {
    return (Integer) architecture.own(HIDDEN);
  }

  /** Returns numbers of channels as the setting has them. */
  static String text(List<Integer> counts) {
    return counts.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  /**
   * Returns the channels of a network's inner convolutions, in their order.
   *
   * @param usual how many they have at the network's width unless the setting says otherwise
   * @throws IllegalArgumentException if the setting does not fit them
   */
  static List<Integer> innerChannels(Architecture architecture, List<Integer> usual) {
    String text = (String) architecture.own(INNER_CHANNELS);
    if (text.equals(Architecture.UNSAID)) {
      return usual;
    }
    List<Integer> counts = counts(text);
    boolean fits = counts.size() == usual.size() && text.equals(text(counts));
    for (int i = 0; fits && i < counts.size(); i++) {
      fits = counts.get(i) >= 1 && counts.get(i) <= usual.get(i);
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "the innerChannels of "
              + architecture.name()
              + (usual.isEmpty()
                  ? " cannot be chosen"
                  : " are " + usual.size() + " numbers of 1 to at most " + text(usual))
              + ", got "
              + text);
    }
    return counts;
  }

  private static List<Integer> counts(String text) {
    try {
      return Arrays.stream(text.split(",", -1)).map(Integer::valueOf).toList();
    } catch (NumberFormatException e) {
      return List.of(); // as many as no network has
    }
  }

  /** Returns what people want to know of the setting, beginning with a space; empty if nothing. */
  static String describeInnerChannels(Architecture architecture) {
    String text = (String) architecture.own(INNER_CHANNELS);
    return text.equals(Architecture.UNSAID) ? "" : " with inner channels " + text;
  }
}
