package dev.thumbnet.data.image;

import dev.thumbnet.engine.io.Printable;
import org.jspecify.annotations.Nullable;

/**
 * A picture that cannot be used. The message is one line that starts with the name of the file and
 * says why, for instance {@code cat.jpg: the picture is truncated or damaged (Truncated File -
 * Missing EOI marker)}.
 */
public final class ImageException extends RuntimeException {
  private static final long serialVersionUID = 2L;

  private final boolean temporary;

  /**
   * An exception about one picture.
   *
   * @param name file name or another name of the picture
   * @param reason what is wrong with it; what a terminal would obey is spelled out
   */
  public ImageException(String name, String reason) {
    this(name, reason, null);
  }

  /**
   * An exception about one picture, caused by another exception.
   *
   * @param name file name or another name of the picture
   * @param reason what is wrong with it; what a terminal would obey is spelled out
   * @param cause what the decoder threw
   */
  public ImageException(String name, String reason, @Nullable Throwable cause) {
    this(name, reason, false, cause);
  }

  private ImageException(String name, String reason, boolean temporary, @Nullable Throwable cause) {
    super(Printable.line(name + ": " + reason), cause);
    this.temporary = temporary;
  }

  /** An exception about a picture that may be decoded at another time. */
  static ImageException temporary(String name, String reason) {
    return new ImageException(name, reason, true, null);
  }

  /**
   * Whether the same picture may be decoded at another time: it took longer than it might, or
   * others held the memory. If not, the fault is in the picture.
   */
  public boolean isTemporary() {
    return temporary;
  }
}
