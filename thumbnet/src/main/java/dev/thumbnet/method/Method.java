package dev.thumbnet.method;

import java.util.List;

/**
 * A way to a classifier: one paper's story, or a baseline that it is compared with. It offers
 * {@link Training}s, and each of them gives finished models at one or more {@link OperatingPoint}s.
 * A method is a value without state; it knows neither other methods nor the experiments it is used
 * in.
 */
public interface Method {
  /** Returns a short name for files and options: small letters, digits and hyphens. */
  String key();

  /** Returns the name in tables. */
  String name();

  /** Returns what the method does, in a few sentences for readers who do not know its paper. */
  String explanation();

  /**
   * Tells whether it trains a student with the help of a teacher that is there already, so that it
   * can be run on its own.
   */
  boolean trainsStudent();

  /**
   * Returns what can be trained for a setting, in the order of a table; nothing if no operating
   * point can be reached.
   *
   * @throws IllegalArgumentException if the setting makes no sense for this method
   */
  List<Training> trainings(Setting setting);

  /**
   * Returns the training that gives a point.
   *
   * @throws IllegalArgumentException if none does
   */
  default Training training(Setting setting, OperatingPoint point) {
    return trainings(setting).stream()
        .filter(training -> training.points().contains(point))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(key() + " does not offer " + point));
  }

  /** Returns all operating points for a setting. */
  default List<OperatingPoint> points(Setting setting) {
    return trainings(setting).stream().flatMap(t -> t.points().stream()).toList();
  }

  /** Returns what files of a point are called, without their endings. */
  default String fileName(OperatingPoint point) {
    return key() + "-" + point.key();
  }
}
