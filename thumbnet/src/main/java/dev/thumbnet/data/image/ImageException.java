package dev.thumbnet.data.image;

import org.jspecify.annotations.Nullable;

/**
 * A picture that cannot be used. The message is one line that starts with the name of the file and
 * says why, for instance {@code cat.jpg: the picture is truncated or damaged (Truncated File -
 * Missing EOI marker)}.
 */
public final class ImageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * An exception about one picture.
   *
   * @param name file name or another name of the picture
   * @param reason what is wrong with it; line breaks become spaces
   */
  public ImageException(String name, String reason) {
    this(name, reason, null);
  }

  /**
   * An exception about one picture, caused by another exception.
   *
   * @param name file name or another name of the picture
   * @param reason what is wrong with it; line breaks become spaces
   * @param cause what the decoder threw
   */
  public ImageException(String name, String reason, @Nullable Throwable cause) {
    super((name + ": " + reason).replaceAll("\\s+", " ").strip(), cause);
  }
}
