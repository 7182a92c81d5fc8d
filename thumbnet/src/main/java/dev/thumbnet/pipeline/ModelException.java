package dev.thumbnet.pipeline;

/**
 * A file that is no model of this program, is damaged or comes from a newer program. The message
 * starts with the name of the file and says what to do.
 */
public final class ModelException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  ModelException(String message) {
    super(message);
  }

  ModelException(String message, Throwable cause) {
    super(message, cause);
  }
}
