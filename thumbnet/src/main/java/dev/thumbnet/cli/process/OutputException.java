package dev.thumbnet.cli.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;

/** Standard output cannot be written any more. */
public final class OutputException extends UncheckedIOException {
  private static final long serialVersionUID = 1L;

  private final String reason;

  OutputException(IOException cause) {
    super("the output cannot be written: " + cause.getMessage(), cause);
    reason = String.valueOf(cause.getMessage());
  }

  /**
   * Tells whether whoever read the output has had enough, as {@code head} has after some lines,
   * which is no failure.
   */
  public boolean readerIsGone() {
    // The system's text for EPIPE, for there is no exception of its own; translations keep the
    // word.
    return reason.toLowerCase(Locale.ROOT).contains("pipe");
  }
}
