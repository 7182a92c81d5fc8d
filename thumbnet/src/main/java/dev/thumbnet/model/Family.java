package dev.thumbnet.model;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Networks that are built by one rule: their names, the settings that they have besides those of
 * all networks, and how to build one. {@link Families} lists them.
 */
public interface Family {
  /** Returns the names of its networks; no other family has one of them. */
  List<String> names();

  /**
   * Returns the settings of a network that others do not have, with their usual values: texts,
   * whole numbers, fractions or truth values. Their names are those of files, which never change.
   */
  Map<String, Object> settings(String name);

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException if they make no sense; the message names them
   */
  void check(Architecture architecture);

  /**
   * Builds a network.
   *
   * @param rng draws the weights; null leaves zeros, for weights that are loaded next
   */
  Classifier build(Architecture architecture, Device device, @Nullable Rng rng);

  /**
   * Returns the side of the smallest pictures of which something is left in all layers.
   *
   * @param architecture one of the family's
   */
  default int smallestSide(Architecture architecture) {
    return 1;
  }

  /**
   * Returns the side of the smallest maps that are normalised over a batch, for pictures of a side.
   *
   * @param architecture one of the family's
   */
  default int normalisedSide(Architecture architecture, int side) {
    return side;
  }

  /** Returns what people want to know of the settings, beginning with a space; empty if nothing. */
  String describe(Architecture architecture);
}
