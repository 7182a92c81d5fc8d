package dev.thumbnet.data;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Files below a folder of pictures that are no pictures of the set, and of which its owner may not
 * know.
 *
 * @param kind what they are, after a number, such as {@code .heic} or {@code links to nothing}
 * @param count how many there are
 * @param examples the first of them, below the folder
 */
public record LeftOut(String kind, int count, List<Path> examples) {
  private static final int SHOWN_KINDS = 5;

  /** Copies the list. */
  public LeftOut {
    examples = List.copyOf(examples);
  }

  /** Returns all kinds on one line, however many there are. */
  public static String list(List<LeftOut> kinds) {
    String shown =
        kinds.stream().limit(SHOWN_KINDS).map(LeftOut::toString).collect(Collectors.joining(", "));
    int more = kinds.stream().skip(SHOWN_KINDS).mapToInt(LeftOut::count).sum();
    return more == 0 ? shown : shown + ", and " + more + " others";
  }

  /** Returns number, kind and examples. */
  @Override
  public String toString() {
    return count
        + " "
        + (count == 1 ? kind.replaceFirst("^(picture|link|file)s ", "$1 ") : kind)
        + " ("
        + String.join(", ", examples.stream().map(Path::toString).toList())
        + (count > examples.size() ? ", ...)" : ")");
  }
}
