package dev.thumbnet.model;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The settings of torchvision's families. Files have the first two for either, as they had when
 * there were no others; one of them means nothing to a family and stays at its neutral value. What
 * came later they leave out where it is not used.
 */
final class TorchvisionSettings {
  static final String SMALL_INPUT = "smallInput";
  static final String HIDDEN = "hidden";

  private TorchvisionSettings() {}

  static Map<String, Object> of(boolean smallInput, int hidden) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put(SMALL_INPUT, smallInput);
    settings.put(HIDDEN, hidden);
    settings.put(Convolutions.FACTORS, Architecture.UNSAID);
    return settings;
  }

  static boolean smallInput(Architecture architecture) {
    return (Boolean) architecture.own(SMALL_INPUT);
  }

  static int hidden(Architecture architecture) {
    return (Integer) architecture.own(HIDDEN);
  }
}
