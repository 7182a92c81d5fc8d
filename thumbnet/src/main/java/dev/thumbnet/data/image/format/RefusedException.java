package dev.thumbnet.data.image.format;

import java.io.IOException;

/** A file that is not decoded. The message says why, and what to do, without the file's name. */
public final class RefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Makes one with its reason. */
  public RefusedException(String reason) {
    super(reason);
  }

  /** A file that ends before its picture does. */
  static RefusedException truncated() {
    return new RefusedException("the file ends before the picture does");
  }

  /** A file that breaks the rules of its format. */
  static RefusedException damaged(String how) {
    return new RefusedException("the file is damaged: " + how);
  }
}
