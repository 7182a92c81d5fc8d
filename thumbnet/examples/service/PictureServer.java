import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.thumbnet.data.image.ImageException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Answers requests with pictures, on the JDK's own server, and always: whatever a client sends, or
 * does not send, and whatever is thrown, the request has an answer in bounded time and the others
 * do not notice.
 *
 * <p>Each request has a virtual thread, which waits for the body. Only then the picture takes a
 * place among those that wait for a processor; if there is none left, the answer is 503 at once. As
 * many pictures are computed at once as there are processors, each on a platform thread, so that
 * work without end holds no virtual thread up.
 */
final class PictureServer {
  private static final Logger LOG = System.getLogger("service");
  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
  private static final Answer ENDING = Answer.busy("the service is ending");

  /** Makes the answer to a picture. */
  interface Work {
    /**
     * Makes it.
     *
     * @param left how long reading the picture may take, waiting for memory included, so that there
     *     is time to answer; always positive
     */
    Answer of(byte[] picture, Duration left) throws IOException;
  }

  private final Limits limits;
  private final Map<String, Work> works;
  private final HttpServer server;
  private final ThreadPoolExecutor processors;
  private final BodyMemory memory;
  private final AtomicInteger open = new AtomicInteger();
  private final LongAdder nanos = new LongAdder();
  private final LongAdder cutOff = new LongAdder();
  private final LongAdder answered = new LongAdder();
  private final Map<Integer, LongAdder> answers = new ConcurrentSkipListMap<>();
  private volatile boolean stopping;

  /**
   * Binds the port; requests are answered from {@link #start} on.
   *
   * @param port 0 for any that is free
   * @param works what is done with a picture, by path
   */
  PictureServer(int port, Limits limits, Map<String, Work> works) throws IOException {
    this.limits = limits;
    this.works = works;
    this.memory = new BodyMemory(limits.memoryBytes());
    this.processors =
        new ThreadPoolExecutor(
            PROCESSORS,
            PROCESSORS,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(limits.waiting()),
            Thread.ofPlatform().name("picture-", 1).daemon().factory());
    limitJdk(limits);
    server = HttpServer.create(new InetSocketAddress(port), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
  }

  /**
   * Limits that the JDK's server keeps itself: it reads them once in a process. What is given with
   * {@code -D} stays.
   */
  private static void limitJdk(Limits limits) {
    String prefix = "sun.net.httpserver.";
    // A header and its body together; a client that is too slow for that is cut off unanswered.
    setUnlessGiven(prefix + "maxReqTime", limits.upload().toSeconds() + 15);
    // From the end of the body to the end of the answer.
    setUnlessGiven(prefix + "maxRspTime", limits.work().toSeconds() + 30);
    setUnlessGiven(prefix + "idleInterval", 30); // also before the first byte
    setUnlessGiven(prefix + "clockTick", 1000);
    setUnlessGiven(prefix + "maxReqHeaders", 100);
    setUnlessGiven(prefix + "maxReqHeaderSize", 32_768);
    setUnlessGiven(prefix + "drainAmount", 0); // the rest of a body is Upload's business
    setUnlessGiven(prefix + "nodelay", "true"); // header and body are written one after the other
    setUnlessGiven("jdk.httpserver.maxConnections", 4000);
  }

  private static void setUnlessGiven(String property, Object value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value.toString());
    }
  }

  void start() {
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** Answers the requests that there are, refuses further ones, and ends. */
  void stop() {
    stopping = true;
    long end = System.nanoTime() + limits.shutdown().toNanos();
    try {
      while (open.get() > 0 && System.nanoTime() - end < 0) {
        Thread.sleep(Duration.ofMillis(20));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // then at once
    }
    server.stop(0);
    for (Runnable task : processors.shutdownNow()) {
      ((FutureTask<?>) task).cancel(true);
    }
  }

  // ---------------------------------------------------------------- a request

  private void handle(HttpExchange exchange) throws IOException {
    open.incrementAndGet();
    try (exchange) {
      Upload upload = new Upload(exchange, limits, memory);
      Answer answer = answer(exchange, upload);
      answers.computeIfAbsent(answer.status(), _ -> new LongAdder()).increment();
      send(exchange, answer, !upload.complete());
      upload.discard();
    } catch (IOException e) {
      cutOff.increment(); // the client has gone
      throw e;
    } catch (InterruptedException | Error e) {
      throw new IOException("no answer could be sent", e); // so that the server hangs up
    } finally {
      open.decrementAndGet();
    }
  }

  /** Makes an answer to everything. */
  private Answer answer(HttpExchange exchange, Upload upload) {
    try {
      String path = exchange.getRequestURI().getPath();
      Work work = works.get(path);
      boolean watches = path.equals("/health") || path.equals("/metrics");
      String method = exchange.getRequestMethod();
      if (work == null && !watches) {
        return Answer.text(404, "there are " + paths());
      } else if (work != null && !method.equals("POST")) {
        return Answer.text(405, "send a picture with POST").with("Allow", "POST");
      } else if (watches && !method.equals("GET") && !method.equals("HEAD")) {
        return Answer.text(405, "ask with GET").with("Allow", "GET, HEAD");
      } else if (work == null) {
        return path.equals("/health") ? health() : metrics();
      }
      return stopping ? ENDING : computed(upload.receive(), work);
    } catch (Upload.Refusal e) {
      return e.answer();
    } catch (Throwable e) { // Errors, too: a client that gets no answer waits for ever
      return failed(e);
    } finally {
      upload.release();
    }
  }

  /** Waits for a processor, and for the answer. */
  private Answer computed(byte[] picture, Work work) throws InterruptedException {
    long begin = System.nanoTime();
    FutureTask<Answer> task = new FutureTask<>(() -> timed(picture, work, left(begin)));
    try {
      processors.execute(task);
      return task.get(limits.work().toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      return Answer.busy("too many pictures are waiting");
    } catch (CancellationException e) {
      return ENDING;
    } catch (TimeoutException e) {
      boolean waits = processors.remove(task);
      task.cancel(true); // interrupts it, if it has begun
      return waits
          ? Answer.busy("too many pictures are waiting")
          : Answer.text(422, "the picture takes more than " + limits.work().toSeconds() + " s");
    } catch (ExecutionException e) {
      return switch (e.getCause()) {
        case ImageException later when later.isTemporary() -> Answer.busy(later.getMessage());
        case ImageException unusable -> Answer.text(422, unusable.getMessage());
        case CancellationException _ -> ENDING;
        default -> failed(e.getCause());
      };
    }
  }

  /** A tenth of the time is kept for computing the answer, which takes much less. */
  private Duration left(long begin) {
    long nanos = limits.work().toNanos() / 10 * 9 - (System.nanoTime() - begin);
    return Duration.ofNanos(Math.max(1, nanos));
  }

  private Answer timed(byte[] picture, Work work, Duration left) throws IOException {
    long begin = System.nanoTime();
    try {
      Answer answer = work.of(picture, left);
      answered.increment();
      return answer;
    } finally {
      nanos.add(System.nanoTime() - begin);
    }
  }

  private static Answer failed(Throwable e) {
    try {
      LOG.log(Level.ERROR, "a request failed", e);
    } catch (Throwable again) {
      // There may be no memory even for the message; the answer and its count are what is left.
    }
    return Answer.FAILED;
  }

  private static void send(HttpExchange exchange, Answer answer, boolean last) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", answer.type());
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    if (last) {
      exchange.getResponseHeaders().set("Connection", "close"); // so the client may stop sending
    }
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", "" + answer.body().length);
      exchange.sendResponseHeaders(answer.status(), -1);
    } else {
      exchange.sendResponseHeaders(answer.status(), answer.body().length);
      exchange.getResponseBody().write(answer.body());
      exchange.getResponseBody().flush();
    }
  }

  // ---------------------------------------------------------------- for those who watch it

  private String paths() {
    List<String> paths = new ArrayList<>(works.keySet());
    paths.sort(null);
    return String.join(", ", paths) + ", /health and /metrics";
  }

  private Answer health() {
    return stopping ? ENDING : Answer.text(200, "ok");
  }

  private Answer metrics() {
    List<String> lines = new ArrayList<>();
    add(lines, "pictures_answered_total", "counter", answered);
    add(lines, "pictures_refused_total", "counter", count(503));
    add(lines, "pictures_unusable_total", "counter", count(422));
    add(lines, "pictures_failed_total", "counter", count(500));
    add(lines, "picture_seconds_total", "counter", nanos.sum() / 1e9);
    add(lines, "requests_cut_off_total", "counter", cutOff);
    add(lines, "requests_open", "gauge", open);
    add(
        lines,
        "pictures_in_service",
        "gauge",
        processors.getActiveCount() + processors.getQueue().size());
    add(lines, "body_bytes", "gauge", memory.taken());
    lines.add("# TYPE answers_total counter");
    answers.forEach((status, n) -> lines.add("answers_total{status=\"" + status + "\"} " + n));
    return Answer.text(200, String.join("\n", lines));
  }

  private long count(int status) {
    LongAdder count = answers.get(status);
    return count == null ? 0 : count.sum();
  }

  private static void add(List<String> lines, String name, String type, Object value) {
    lines.add("# TYPE " + name + " " + type);
    lines.add(name + " " + value);
  }
}
