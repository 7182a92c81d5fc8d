package dev.thumbnet.cli.option;

import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.Reduction;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What 'distill' will be able to make of a model on full pictures. */
public final class ThumbnailSizes {
  private ThumbnailSizes() {}

  /**
   * Warns before hours of work for a teacher of which there will be no thumbnails.
   *
   * @param network what is trained or imported
   * @param size side of its pictures in pixels
   * @param notes get a line if a reduction will not be possible
   */
  public static void warn(Architecture network, int size, Consumer<String> notes) {
    List<Reduction> impossible = impossible(network, size);
    if (impossible.isEmpty()) {
      return;
    }
    int better = size + 1;
    while (!impossible(network, better).isEmpty()) {
      better++;
    }
    notes.accept(
        "from pictures of "
            + size
            + " pixels 'distill' cannot make thumbnails at "
            + impossible.stream().map(Reduction::toString).collect(Collectors.joining(" or "))
            + " for this network; at a --size of "
            + better
            + " it can");
  }

  private static List<Reduction> impossible(Architecture network, int size) {
    return Reduction.CLASSIC.stream()
        .filter(r -> !r.divides(size) || !network.takes(r.reduce(size)))
        .toList();
  }
}
