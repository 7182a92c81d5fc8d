package dev.thumbnet.pipeline;

import dev.thumbnet.engine.io.Printable;

/**
 * A file that is no model of this program, is damaged or comes from a newer program. The message
 * starts with the name of the file and says what to do. It is one line of bounded length: what it
 * shows of the file has no control characters.
 */
public final class ModelException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;
  private static final int LONGEST = 2000;

  ModelException(String message) {
    super(Printable.line(message, LONGEST));
  }
}
