import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What a request is answered with.
 *
 * @param headers further ones
 */
record Answer(int status, String type, byte[] body, Map<String, String> headers) {
  /** Made beforehand: it is for the moment in which there may be no memory for another. */
  static final Answer FAILED = text(500, "the service failed; its log says why");

  static Answer text(int status, String text) {
    return new Answer(status, "text/plain; charset=utf-8", utf8(text + "\n"), Map.of());
  }

  static Answer json(String json) {
    return new Answer(200, "application/json", utf8(json), Map.of());
  }

  static Answer png(byte[] png) {
    return new Answer(200, "image/png", png, Map.of());
  }

  /** For a client that had better come again: in a second there may be room. */
  static Answer busy(String why) {
    return text(503, why + ", try again later").with("Retry-After", "1");
  }

  Answer with(String header, String value) {
    return new Answer(status, type, body, Map.of(header, value));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
