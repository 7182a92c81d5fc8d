package dev.thumbnet.engine.backend;

/**
 * What goes wrong with a device: there is none, it lacks memory, or a call of its libraries failed.
 * The message says which, in the words of the library where there are any.
 *
 * <p>After a lack of memory the device works on, and the caller may try something smaller. After a
 * failed kernel ("illegal address", "launch failed") it does not: close it.
 */
public final class DeviceException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * @param message what failed and what may help
   */
  public DeviceException(String message) {
    super(message);
  }

  /**
   * @param message what failed and what may help
   * @param cause the exception behind it
   */
  public DeviceException(String message, Throwable cause) {
    super(message, cause);
  }
}
