package dev.thumbnet.engine.onnx;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * An ONNX model cannot be read. The message, one line, names the file, the nodes and operators that
 * are in the way where it is them, and what to do.
 */
public final class OnnxException extends UncheckedIOException {
  private static final long serialVersionUID = 1L;

  OnnxException(String message, Exception cause) {
    super(message, cause instanceof IOException e ? e : new IOException(message, cause));
  }
}
