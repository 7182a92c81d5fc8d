package dev.thumbnet.model;

import java.util.Arrays;
import java.util.Locale;

/** How thumbnails are made. */
public enum DownscalerKind {
  /** Antialiased bicubic resampling: nothing is learnt. The baseline. */
  BICUBIC("BICUBIC"),

  /** Two 5x5 convolutions over 16 channels. The faithful form of the paper's E. */
  PLAIN("PLAIN"),

  /** Two 7x7 convolutions over 8 channels, which see as far as bicubic does at 16:1. */
  PLAIN_WIDE("PLAIN_WIDE"),

  /** {@link #PLAIN}, with starting values that make it nearly bicubic. */
  PLAIN_NEAR_BICUBIC("PLAIN_NEAR_BICUBIC"),

  /** Bicubic plus {@link #PLAIN}, which starts at zero: at first exactly bicubic. */
  RESIDUAL("RESIDUAL"),

  /**
   * Bicubic plus three convolutions over 24 channels that start at zero; several times the cost of
   * a narrow student, so count it.
   */
  RESIDUAL_LARGE("RESIDUAL_LARGE");

  private final String key;

  DownscalerKind(String key) {
    this.key = key;
  }

  /** Returns its name in files, which never changes. */
  public String key() {
    return key;
  }

  /**
   * Returns the kind with a {@link #key}.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static DownscalerKind ofKey(String key) {
    return Arrays.stream(values())
        .filter(kind -> kind.key.equals(key))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no downscaler '" + key + "'"));
  }

  /** Returns its name as users write it and reports show it: {@code plain-wide} and so on. */
  public String label() {
    return key.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Tells whether there is anything to learn. */
  public boolean learned() {
    return this != BICUBIC;
  }

  /** Tells whether the bicubic thumbnail is part of the result. */
  boolean addsBicubic() {
    return this == BICUBIC || this == RESIDUAL || this == RESIDUAL_LARGE;
  }
}
