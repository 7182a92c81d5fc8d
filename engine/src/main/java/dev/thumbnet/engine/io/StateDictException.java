package dev.thumbnet.engine.io;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The tensors of a file do not fit a module: some are missing, unexpected or of another shape or
 * type. The lists name them all; the message shows the first of each.
 */
public final class StateDictException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 8;

  private final transient StateDict.Mismatch mismatch;

  StateDictException(String file, StateDict.Mismatch mismatch) {
    super(
        file
            + " does not fit the module: "
            + list("missing", mismatch.missing())
            + list("unexpected", mismatch.unexpected())
            + list("of another shape or type", mismatch.misshaped())
            + "it must come from the same architecture");
    this.mismatch = mismatch;
  }

  private static String list(String what, List<String> names) {
    if (names.isEmpty()) {
      return "";
    }
    List<String> shown = names.subList(0, Math.min(SHOWN, names.size()));
    return names.size()
        + " "
        + what
        + " ("
        + shown.stream().map(Header::plain).collect(Collectors.joining(", "))
        + (shown.size() < names.size() ? ", ..." : "")
        + "); ";
  }

  /** What does not fit. */
  public StateDict.Mismatch mismatch() {
    return mismatch;
  }
}
