package dev.thumbnet.bench.harness;

/** A mistake of the user's that only shows when options are put to use; the message explains it. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Makes one with a message of one line. */
  public UsageException(String message) {
    super(message);
  }
}
