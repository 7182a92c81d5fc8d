import dev.thumbnet.Prediction;
import dev.thumbnet.ThumbClassifier;
import dev.thumbnet.data.image.DecodeLimits;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.io.SafeTensorsException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * An HTTP service: {@code ClassifierService MODEL PORT}.
 *
 * <ul>
 *   <li>{@code POST /classify} with a picture as body gives the five likeliest classes as JSON;
 *   <li>{@code POST /thumbnail} gives its thumbnail as PNG;
 *   <li>{@code GET /health} and {@code GET /metrics} (for Prometheus) watch it.
 * </ul>
 *
 * <p>{@link PictureServer} sees to it that each request is answered, within the {@link Limits}.
 */
final class ClassifierService {
  private final ThumbClassifier classifier;

  private ClassifierService(Path model) {
    // Each picture is computed by the one thread that asks, which gives more pictures per second
    // than all processors on one.
    classifier = ThumbClassifier.load(model, Device.cpu(1));
  }

  public static void main(String[] args) {
    if (args.length != 2 || !args[1].matches("\\d{1,5}")) {
      System.err.println("usage: ClassifierService MODEL PORT");
      System.exit(2);
    }
    Thread.setDefaultUncaughtExceptionHandler(ClassifierService::uncaught);
    try {
      ClassifierService service = new ClassifierService(Path.of(args[0]));
      PictureServer server =
          new PictureServer(
              Integer.parseInt(args[1]),
              Limits.ofProperties(),
              Map.of("/classify", service::classify, "/thumbnail", service::thumbnail));
      server.start();
      Runtime.getRuntime().addShutdownHook(new Thread(server::stop));
      System.out.println("listening on port " + server.port());
    } catch (SafeTensorsException | IllegalArgumentException | IOException e) {
      System.err.println("ClassifierService: " + e.getMessage());
      System.exit(1);
    }
  }

  /**
   * The JDK's server does not start its own threads again. Without one of them nothing would be
   * answered any more, so the process ends, for whoever runs it to start another.
   */
  private static void uncaught(Thread thread, Throwable e) {
    e.printStackTrace();
    if (!thread.isVirtual()) {
      Runtime.getRuntime().halt(3);
    }
  }

  /** A picture that gets no memory in time is told to come later, not that it is at fault. */
  private ThumbClassifier within(Duration left) {
    return classifier.within(DecodeLimits.DEFAULT.withTimeout(left));
  }

  private Answer classify(byte[] picture, Duration left) {
    List<Prediction> best = within(left).classify(picture).top(5);
    return Answer.json(
        best.stream()
            .map(
                p ->
                    String.format(
                        Locale.ROOT,
                        "{\"class\": %s, \"probability\": %.6f}",
                        quoted(p.className()),
                        p.probability()))
            .collect(Collectors.joining(",\n ", "[", "]\n")));
  }

  private Answer thumbnail(byte[] picture, Duration left) throws IOException {
    if (!classifier.usesThumbnails()) {
      return Answer.text(404, "the model takes full pictures and makes no thumbnails");
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    within(left).thumbnail(picture).writePng(png);
    return Answer.png(png.toByteArray());
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
