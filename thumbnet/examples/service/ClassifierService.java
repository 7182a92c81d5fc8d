import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.thumbnet.Prediction;
import dev.thumbnet.ThumbClassifier;
import dev.thumbnet.data.image.ImageException;
import dev.thumbnet.engine.Device;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;

/**
 * An HTTP service on the JDK's own server: {@code ClassifierService MODEL PORT}.
 *
 * <ul>
 *   <li>{@code POST /classify} with a picture as body gives the five likeliest classes as JSON;
 *   <li>{@code POST /thumbnail} gives its thumbnail as PNG;
 *   <li>{@code GET /health} and {@code GET /metrics} (for Prometheus) watch it.
 * </ul>
 *
 * <p>Each request has a virtual thread. As many pictures are computed at once as there are
 * processors, each on a single thread, which gives more pictures per second than all processors on
 * one. Others wait; when too many wait, further ones get status 503 at once.
 */
final class ClassifierService {
  private static final int MAX_BODY = 10_000_000;
  private static final int MAX_WAITING = 64;
  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  private final ThumbClassifier classifier;
  private final HttpServer server;
  private final Semaphore places = new Semaphore(PROCESSORS + MAX_WAITING);
  private final Semaphore processors = new Semaphore(PROCESSORS, true);
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong unusable = new AtomicLong();
  private final AtomicLong nanos = new AtomicLong();

  /** What a request is answered with. */
  private record Answer(int status, String type, byte[] body) {
    static Answer text(int status, String text) {
      return new Answer(status, "text/plain; charset=utf-8", utf8(text + "\n"));
    }
  }

  /** Makes the answer to a picture. */
  private interface Work {
    Answer of(byte[] picture) throws IOException;
  }

  private ClassifierService(Path model, int port) throws IOException {
    classifier = ThumbClassifier.load(model, Device.cpu(1));
    server = HttpServer.create(new InetSocketAddress(port), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/classify", exchange -> picture(exchange, this::classify));
    server.createContext("/thumbnail", exchange -> picture(exchange, this::thumbnail));
    server.createContext("/health", exchange -> send(exchange, Answer.text(200, "ok")));
    server.createContext("/metrics", exchange -> send(exchange, metrics()));
  }

  public static void main(String[] args) throws IOException {
    ClassifierService service = new ClassifierService(Path.of(args[0]), Integer.parseInt(args[1]));
    service.server.start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> service.server.stop(5)));
    System.out.println("listening on port " + service.server.getAddress().getPort());
  }

  private Answer classify(byte[] picture) {
    List<Prediction> best = classifier.classify(picture).top(5);
    String json =
        best.stream()
            .map(
                p ->
                    String.format(
                        Locale.ROOT,
                        "{\"class\": %s, \"probability\": %.6f}",
                        quoted(p.className()),
                        p.probability()))
            .collect(Collectors.joining(",\n ", "[", "]\n"));
    return new Answer(200, "application/json", utf8(json));
  }

  private Answer thumbnail(byte[] picture) throws IOException {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(classifier.thumbnail(picture).toBufferedImage(), "png", png);
    return new Answer(200, "image/png", png.toByteArray());
  }

  private void picture(HttpExchange exchange, Work work) throws IOException {
    if (!exchange.getRequestMethod().equals("POST")) {
      send(exchange, Answer.text(405, "send a picture with POST"));
    } else if (!places.tryAcquire()) {
      refused.incrementAndGet();
      exchange.getResponseHeaders().set("Retry-After", "1");
      send(exchange, Answer.text(503, "too many pictures are waiting, try again later"));
    } else {
      try {
        send(exchange, answer(exchange, work));
      } finally {
        places.release();
      }
    }
  }

  private Answer answer(HttpExchange exchange, Work work) throws IOException {
    byte[] body;
    try (InputStream in = exchange.getRequestBody()) {
      body = in.readNBytes(MAX_BODY + 1);
    }
    if (body.length > MAX_BODY) {
      return Answer.text(413, "pictures may have " + MAX_BODY + " bytes");
    }
    processors.acquireUninterruptibly();
    long begin = System.nanoTime();
    try {
      Answer answer = work.of(body);
      answered.incrementAndGet();
      return answer;
    } catch (ImageException e) {
      unusable.incrementAndGet();
      return Answer.text(422, e.getMessage());
    } catch (IllegalStateException e) {
      return Answer.text(404, e.getMessage());
    } finally {
      nanos.addAndGet(System.nanoTime() - begin);
      processors.release();
    }
  }

  private Answer metrics() {
    return Answer.text(
        200,
        String.join(
            "\n",
            "# TYPE pictures_answered_total counter",
            "pictures_answered_total " + answered,
            "# TYPE pictures_refused_total counter",
            "pictures_refused_total " + refused,
            "# TYPE pictures_unusable_total counter",
            "pictures_unusable_total " + unusable,
            "# TYPE picture_seconds_total counter",
            "picture_seconds_total " + nanos.get() / 1e9,
            "# TYPE pictures_in_service gauge",
            "pictures_in_service " + (PROCESSORS + MAX_WAITING - places.availablePermits())));
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", answer.type());
      exchange.sendResponseHeaders(answer.status(), answer.body().length);
      exchange.getResponseBody().write(answer.body());
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }
}
