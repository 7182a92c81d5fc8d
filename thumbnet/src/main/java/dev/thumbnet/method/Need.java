package dev.thumbnet.method;

import java.util.Optional;

/**
 * A finished model that a training builds on besides its teacher: that of a method at an operating
 * point, with the same seed.
 *
 * @param method key of the method
 * @param point key of the operating point
 * @param data name of the data set; none for the one that the training runs on itself
 */
public record Need(String method, String point, Optional<String> data) {

  /** A model of the same data set. */
  public Need(String method, String point) {
    this(method, point, Optional.empty());
  }

  /** Returns the same of another data set. */
  public Need on(String set) {
    return new Need(method, point, Optional.of(set));
  }

  @Override
  public String toString() {
    return method + " " + point + data.map(set -> " on " + set).orElse("");
  }
}
