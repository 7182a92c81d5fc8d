package dev.thumbnet.engine.io;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A safetensors file cannot be read or written. The message names the file, the tensor where there
 * is one, what is wrong with its numbers, and what to do.
 */
public final class SafeTensorsException extends UncheckedIOException {
  private static final long serialVersionUID = 1L;

  SafeTensorsException(String message) {
    super(message, new IOException(message));
  }

  SafeTensorsException(String message, IOException cause) {
    super(message, cause);
  }
}
