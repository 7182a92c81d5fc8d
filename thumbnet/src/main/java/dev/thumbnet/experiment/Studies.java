package dev.thumbnet.experiment;

import java.util.List;
import java.util.stream.Collectors;

/** All studies there are. */
public final class Studies {
  /** The first is what is run unless the user wants another. */
  public static final List<Study> ALL =
      List.of(
          new PaperStudy(),
          new RivalsStudy(),
          new AblationStudy(),
          new DownscalersStudy(),
          new TransferStudy(),
          new CombineStudy(),
          new InformationStudy());

  private Studies() {}

  /**
   * The study with a key.
   *
   * @throws IllegalArgumentException if there is none; the message lists the keys
   */
  public static Study of(String key) {
    return ALL.stream()
        .filter(study -> study.key().equals(key))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no study '"
                        + key
                        + "'; known are "
                        + ALL.stream().map(Study::key).collect(Collectors.joining(", "))));
  }
}
