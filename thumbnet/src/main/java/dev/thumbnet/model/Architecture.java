package dev.thumbnet.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a classifier is: all that is needed to build it again, without its weights.
 *
 * @param name one of {@link #NAMES}
 * @param classes number of classes
 * @param width factor for the number of channels of all layers, 1 for the original
 * @param smallInput for ResNets: a stem for small pictures, 3x3 of stride 1 without max pool
 * @param hidden for VGG: units of the two hidden layers of the head, before {@code width} is
 *     applied, or 0 for a head of a global average and one linear layer; always 0 for ResNets
 */
public record Architecture(String name, int classes, double width, boolean smallInput, int hidden) {
  /** The known networks. */
  public static final List<String> NAMES =
      List.of("resnet18", "resnet34", "resnet50", "vgg11", "vgg11_bn", "vgg16", "vgg16_bn");

  private static final int VGG_HIDDEN = 4096;

  /**
   * Checks that there is such a network.
   *
   * @throws IllegalArgumentException if not
   */
  public Architecture {
    if (!NAMES.contains(name)) {
      throw new IllegalArgumentException(
          "there is no network \"" + name + "\"; known are " + String.join(", ", NAMES));
    }
    if (classes < 1) {
      throw new IllegalArgumentException("a classifier has at least one class, not " + classes);
    }
    if (!(width > 0 && width <= 16)) {
      throw new IllegalArgumentException("the width must be in (0, 16], got " + width);
    }
    boolean vgg = isVgg(name);
    if (vgg && smallInput) {
      throw new IllegalArgumentException("VGG has no stem for small pictures, it needs none");
    }
    if (hidden < 0 || !vgg && hidden != 0) {
      throw new IllegalArgumentException(
          "only VGG has hidden layers in its head, and not fewer than 0 units: " + hidden);
    }
  }

  /** Returns torchvision's network of this name. */
  public static Architecture of(String name, int classes) {
    return new Architecture(name, classes, 1, false, isVgg(name) ? VGG_HIDDEN : 0);
  }

  /** Returns the same with another factor for the number of channels. */
  public Architecture withWidth(double factor) {
    return new Architecture(name, classes, factor, smallInput, hidden);
  }

  /** Returns the same for another number of classes. */
  public Architecture withClasses(int count) {
    return new Architecture(name, count, width, smallInput, hidden);
  }

  /** Returns the same ResNet with the stem for small pictures. */
  public Architecture withSmallInput() {
    return new Architecture(name, classes, width, true, hidden);
  }

  /** Returns the same VGG with another number of hidden units; 0 for a global average. */
  public Architecture withHidden(int units) {
    return new Architecture(name, classes, width, smallInput, units);
  }

  /** Returns all of it by the names that files have, which never change. */
  public Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("name", name);
    settings.put("classes", classes);
    settings.put("width", width);
    settings.put("smallInput", smallInput);
    settings.put("hidden", hidden);
    return settings;
  }

  boolean isVgg() {
    return isVgg(name);
  }

  private static boolean isVgg(String name) {
    return name.startsWith("vgg");
  }

  /** Returns a number of channels after the width is applied, at least 1. */
  int scaled(int channels) {
    return Math.max(1, (int) Math.rint(channels * width));
  }

  /** Returns one line for people. */
  @Override
  public String toString() {
    return name
        + (width == 1 ? "" : " of width " + width)
        + (smallInput ? " for small pictures" : "")
        + (isVgg() && hidden != VGG_HIDDEN
            ? hidden == 0 ? " with global average" : " with " + hidden + " hidden units"
            : "")
        + ", "
        + classes
        + " classes";
  }
}
