package dev.thumbnet.model;

import java.util.List;

/** All families of networks there are. */
public final class Families {
  /** In the order in which they are listed. */
  public static final List<Family> ALL =
      List.of(
          new ResNetFamily(),
          new VggFamily(),
          new Lwae.OfFamily(new ResNetFamily()),
          new Lwae.OfFamily(new VggFamily()));

  private Families() {}

  /** Returns the names of all networks. */
  static List<String> names() {
    return ALL.stream().flatMap(family -> family.names().stream()).toList();
  }

  /**
   * Returns the family of a network.
   *
   * @throws IllegalArgumentException if there is no such network; the message lists them
   */
  static Family of(String name) {
    return ALL.stream()
        .filter(family -> family.names().contains(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no network \""
                        + name
                        + "\"; known are "
                        + String.join(", ", names())));
  }
}
