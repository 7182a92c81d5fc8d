package dev.thumbnet.cli.process;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;

/**
 * Standard output. Unlike {@link System#out}, it says when it fails: by an {@link OutputException},
 * which a {@link PrintWriter} lets through. For one thread.
 */
public final class StandardOutput extends OutputStream {
  private final OutputStream process;

  /** Passes on to a stream. */
  StandardOutput(OutputStream process) {
    this.process = process;
  }

  /** Returns a writer to the standard output of the process, which is flushed with each line. */
  public static PrintWriter ofProcess() {
    return writer(new FileOutputStream(FileDescriptor.out), System.out.charset());
  }

  /** Returns a writer to a stream, which is flushed with each line. */
  public static PrintWriter writer(OutputStream stream, Charset charset) {
    return new PrintWriter(new OutputStreamWriter(new StandardOutput(stream), charset), true);
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int count) {
    try {
      process.write(bytes, from, count);
    } catch (IOException e) {
      throw new OutputException(e);
    }
  }

  @Override
  public void flush() {
    try {
      process.flush();
    } catch (IOException e) {
      throw new OutputException(e);
    }
  }
}
