package dev.thumbnet.model;

import java.util.Arrays;
import java.util.Locale;

/** How thumbnails are made. */
public enum DownscalerKind {
  /** Antialiased bicubic resampling: nothing is learnt. The baseline. */
  BICUBIC("BICUBIC"),

  /** The mean of the pixels that one takes the place of: nothing is learnt. */
  AREA("AREA"),

  /** One of these pixels, the first: nothing is learnt, and fine detail becomes another one. */
  NEAREST("NEAREST"),

  /** Two 5x5 convolutions over 16 channels. The faithful form of the paper's E. */
  PLAIN("PLAIN"),

  /** {@link #PLAIN} without normalisation between its convolutions. */
  PLAIN_NO_BN("PLAIN_NO_BN"),

  /** Two 7x7 convolutions over 8 channels, which see as far as bicubic does at 16:1. */
  PLAIN_WIDE("PLAIN_WIDE"),

  /** {@link #PLAIN}, with starting values that make it nearly bicubic. */
  PLAIN_NEAR_BICUBIC("PLAIN_NEAR_BICUBIC"),

  /** Bicubic plus {@link #PLAIN}, which starts at zero: at first exactly bicubic. */
  RESIDUAL("RESIDUAL"),

  /** {@link #RESIDUAL} without normalisation between its convolutions. */
  RESIDUAL_NO_BN("RESIDUAL_NO_BN"),

  /**
   * Bicubic plus three convolutions over 24 channels that start at zero; several times the cost of
   * a narrow student, so count it.
   */
  RESIDUAL_LARGE("RESIDUAL_LARGE"),

  /**
   * Bicubic plus what a convolution makes of patches of s x s pixels, 32 numbers each, and two 3x3
   * convolutions of that, the last of which starts at zero.
   */
  PATCH("PATCH"),

  /**
   * MULLER (Tu, Milanfar and Talebi 2023): bicubic plus two bands of details, each weighted by one
   * number and limited by tanh. Four numbers are learnt; they start at zero.
   */
  MULLER("MULLER"),

  /**
   * The learned resizer of Talebi and Milanfar (ICCV 2021). Here it is added to antialiased bicubic
   * thumbnails, theirs to bilinear ones, and its last convolution starts at zero.
   */
  TALEBI_MILANFAR("TALEBI_MILANFAR"),

  /**
   * Bicubic plus two 3x3 convolutions, of which the last starts at zero, of what the teacher's
   * first layers see: convolution, normalisation, ReLU and pool, of the first 16 channels. They
   * stay as they are in the teacher.
   */
  STEM("STEM"),

  /** {@link #STEM} whose first layers start as the teacher's and learn, too. */
  STEM_TUNED("STEM_TUNED"),

  /** {@link #STEM} whose first layers start from chance and learn, too. */
  NARROW_STEM("NARROW_STEM"),

  /** {@link #STEM} with {@code layer1} of the teacher, a ResNet-18 of 16 channels, behind it. */
  LAYER1("LAYER1"),

  /** {@link #LAYER1} whose first layers start as the teacher's and learn, too. */
  LAYER1_TUNED("LAYER1_TUNED");

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
    return this != BICUBIC && this != AREA && this != NEAREST;
  }

  /** Tells whether its layers normalise with the statistics of a batch while they learn. */
  public boolean normalises() {
    return switch (this) {
      case BICUBIC, AREA, NEAREST, MULLER, PLAIN_NO_BN, RESIDUAL_NO_BN -> false;
      case PLAIN, PLAIN_WIDE, PLAIN_NEAR_BICUBIC, RESIDUAL, RESIDUAL_LARGE, PATCH -> true;
      case TALEBI_MILANFAR, STEM, STEM_TUNED, NARROW_STEM, LAYER1, LAYER1_TUNED -> true;
    };
  }

  /** Tells whether the bicubic thumbnail is part of the result. */
  boolean addsBicubic() {
    return switch (this) {
      case AREA, NEAREST, PLAIN, PLAIN_NO_BN, PLAIN_WIDE, PLAIN_NEAR_BICUBIC -> false;
      case BICUBIC, RESIDUAL, RESIDUAL_NO_BN, RESIDUAL_LARGE, PATCH, MULLER -> true;
      case TALEBI_MILANFAR, STEM, STEM_TUNED, NARROW_STEM, LAYER1, LAYER1_TUNED -> true;
    };
  }

  /** Tells whether its first layers are those of the teacher. */
  public boolean usesTeacher() {
    return this == STEM || this == STEM_TUNED || hasLayer1();
  }

  /** Tells whether its first layers do not learn. */
  boolean isFrozen() {
    return this == STEM || this == LAYER1;
  }

  /** Tells whether {@code layer1} of a ResNet is among its first layers. */
  boolean hasLayer1() {
    return this == LAYER1 || this == LAYER1_TUNED;
  }

  /** Tells whether there is a downscaler of this kind for a ratio. */
  public boolean makes(Reduction reduction) {
    return switch (this) {
      case BICUBIC -> true;
      case AREA, NEAREST -> reduction.to() == 1;
      // Their last strides are whatever is left.
      case PLAIN, PLAIN_NO_BN, PLAIN_WIDE, RESIDUAL, RESIDUAL_NO_BN, RESIDUAL_LARGE, PATCH ->
          reduction.isClassic() || reduction.equals(Reduction.EIGHTH);
      case PLAIN_NEAR_BICUBIC, MULLER, TALEBI_MILANFAR -> reduction.isClassic();
      case STEM, STEM_TUNED, NARROW_STEM, LAYER1, LAYER1_TUNED -> reduction.isClassic();
    };
  }

  /**
   * Checks that there is a downscaler of this kind for a ratio.
   *
   * @throws IllegalArgumentException if not; the message says what can be done
   */
  public void check(Reduction reduction) {
    if (!makes(reduction)) {
      throw new IllegalArgumentException(
          "the downscaler "
              + label()
              + " divides sides by whole numbers such as 2 and 4 and makes no thumbnails of "
              + reduction
              + "; take a method with bicubic thumbnails, or a ratio of 4 or 16");
    }
  }

  /** Tells whether a teacher has the layers that this kind takes over, if it takes any. */
  public boolean fits(Architecture teacher) {
    if (!usesTeacher()) {
      return true;
    }
    return FirstLayers.inside(teacher)
        && (!hasLayer1()
            || teacher.name().equals("resnet18")
                && FirstLayers.channels(teacher) == FirstLayers.CHANNELS);
  }

  /**
   * Checks that a teacher has the layers that this kind takes over, if it takes any.
   *
   * @throws IllegalArgumentException if not; the message says what can be done
   */
  public void checkTeacher(Architecture teacher) {
    if (!fits(teacher)) {
      throw new IllegalArgumentException(
          "the downscaler "
              + label()
              + " is made of the first layers of its teacher, which must be "
              + (hasLayer1() ? "a ResNet-18 of width 0.25" : "a ResNet of width 0.25 or more")
              + " and see pictures by a 7x7 convolution, unlike "
              + teacher.label()
              + "; take narrow-stem, which learns such layers itself, or such a teacher");
    }
  }
}
