package dev.thumbnet.engine.io;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;

/** Bytes that can be read at any position, by several threads at once. */
interface Source {
  /** Opens a file; of another file system than the default one it is read into memory. */
  static Source of(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new IOException("there is no such file");
    }
    // Whoever opens a pipe waits for somebody to write to it, for ever and deaf to interrupts.
    if (!Files.isRegularFile(path)) {
      throw new IOException(
          Files.isDirectory(path)
              ? "it is a folder"
              : "it is a pipe or a device; copy what it gives into a file first");
    }
    if (path.getFileSystem() == FileSystems.getDefault()) {
      return new OfFile(new RandomAccessFile(path.toFile(), "r"));
    }
    try (InputStream in = Files.newInputStream(path)) {
      return of(in);
    }
  }

  /** Reads a stream to its end, unless that takes more than half of the heap. */
  static Source of(InputStream in) throws IOException {
    int most = (int) Math.min(Integer.MAX_VALUE - 16, Runtime.getRuntime().maxMemory() / 2);
    byte[] content = in.readNBytes(most);
    if (content.length == most && in.read() >= 0) {
      throw new IOException(
          "it has more than "
              + most
              + " bytes, which do not fit this JVM's heap; raise -Xmx, or open it as a file");
    }
    return new OfArray(content);
  }

  long size() throws IOException;

  /** Fills the buffer, which has an array from offset 0, up to its limit. */
  void read(long position, ByteBuffer target) throws IOException;

  void close() throws IOException;

  /** Not a channel, which an interrupt of one reader would close for all. */
  record OfFile(RandomAccessFile file) implements Source {
    @Override
    public long size() throws IOException {
      return file.length();
    }

    @Override
    public void read(long position, ByteBuffer target) throws IOException {
      synchronized (file) {
        file.seek(position);
        try {
          file.readFully(target.array(), target.position(), target.remaining());
        } catch (EOFException e) {
          throw new IOException("the file has shrunk since it was opened", e);
        }
      }
      target.position(target.limit());
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  /** An array, which is not copied. */
  record OfArray(byte[] content) implements Source {
    @Override
    public long size() {
      return content.length;
    }

    @Override
    public void read(long position, ByteBuffer target) {
      target.put(content, (int) position, target.remaining());
    }

    @Override
    public void close() {
      // An array needs no closing.
    }
  }
}
