package dev.thumbnet.bench.endure.service;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A connection to the service, byte by byte. */
final class Connection implements AutoCloseable {
  /** In place of a status: the service hung up, or sent something else. */
  static final int NO_ANSWER = 0;

  private static final int PATIENCE_MILLIS = 100_000;
  private static final int HASTE_MILLIS = 5_000;
  private static final int LONGEST_LINE = 1000;

  private final Socket socket;
  private final OutputStream out;
  private final InputStream in;

  /**
   * Connects.
   *
   * @param patient whether to wait long for an answer
   */
  Connection(int port, boolean patient) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(patient ? PATIENCE_MILLIS : HASTE_MILLIS);
    socket.setTcpNoDelay(true);
    out = socket.getOutputStream();
    in = socket.getInputStream();
  }

  Connection send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  Connection send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
    return this;
  }

  /** Sends a whole request with a picture. */
  Connection post(String path, byte[] body) throws IOException {
    return send(head("POST", path) + "Content-Length: " + body.length + "\r\n\r\n").send(body);
  }

  static String head(String method, String path) {
    return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n";
  }

  /** Says that no more will be sent. */
  void shutOutput() throws IOException {
    socket.shutdownOutput();
  }

  /** Whether an answer has begun to come. */
  boolean hasAnswer() throws IOException {
    return in.available() > 0;
  }

  /** Reads the status of an answer, {@link #NO_ANSWER} if there is none. */
  int status() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n' && line.length() < LONGEST_LINE; c = in.read()) {
      line.append((char) c);
    }
    return line.toString().matches("HTTP/1\\.[01] \\d{3} .*\\s*")
        ? Integer.parseInt(line.substring(9, 12))
        : NO_ANSWER;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
