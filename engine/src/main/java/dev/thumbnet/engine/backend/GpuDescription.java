package dev.thumbnet.engine.backend;

import java.util.List;

/**
 * A GPU and what is installed for it, in words. Prints as one line.
 *
 * @param card name, compute capability and number of multiprocessors
 * @param mebibytes memory of the card
 * @param software what is installed, each with its version
 */
public record GpuDescription(String card, long mebibytes, List<String> software) {
  /** Keeps an unmodifiable copy of the list. */
  public GpuDescription {
    software = List.copyOf(software);
  }

  @Override
  public String toString() {
    return card + ", " + mebibytes + " MiB, " + String.join(", ", software);
  }
}
