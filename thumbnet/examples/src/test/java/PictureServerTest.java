import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.data.image.DecodeLimits;
import dev.thumbnet.data.image.ImageDecoder;
import dev.thumbnet.data.image.ImageException;
import dev.thumbnet.data.image.RgbImage;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever clients and works do, each request is answered, and the others do not notice. */
@Timeout(60)
final class PictureServerTest {
  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
  private static final int BODY = 300_000;
  private static final Duration WORK = Duration.ofSeconds(20);
  private static final byte[] PNG =
      RgbImage.of(new BufferedImage(9, 9, BufferedImage.TYPE_INT_RGB)).toPng();
  private static final String END = "\r\n\r\n";

  private final CountDownLatch held = new CountDownLatch(1);
  private PictureServer server;

  @BeforeAll
  static void jdk() {
    System.setProperty("sun.net.httpserver.maxReqTime", "3"); // read once in a process
    System.setProperty("sun.net.httpserver.timerMillis", "100");
  }

  @BeforeEach
  void start() throws IOException {
    Limits limits =
        new Limits(
            BODY,
            4 * BODY,
            2,
            Duration.ofMillis(500),
            Duration.ofMillis(1500),
            WORK,
            Duration.ofSeconds(10));
    server =
        new PictureServer(
            0,
            limits,
            Map.of(
                "/length", (picture, left) -> Answer.text(200, "length " + picture.length),
                "/left", (picture, left) -> Answer.text(200, "" + left.toMillis()),
                "/late", (picture, left) -> late(picture),
                "/held", (picture, left) -> held(),
                "/exception", (picture, left) -> thrown(new IllegalStateException("unexpected")),
                "/error", (picture, left) -> thrown(new StackOverflowError()),
                "/memory", (picture, left) -> thrown(new OutOfMemoryError("as if")),
                "/unusable", (picture, left) -> thrown(new ImageException("picture", "is none"))));
    server.start();
  }

  @AfterEach
  void stop() {
    held.countDown();
    server.stop();
  }

  private Answer held() {
    try {
      held.await();
      return Answer.text(200, "held");
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As if all the time were over before there was memory. */
  private static Answer late(byte[] picture) {
    DecodeLimits over = DecodeLimits.DEFAULT.withTimeout(Duration.ofNanos(1));
    new ImageDecoder(over, true).decode(picture, "picture");
    return Answer.text(200, "decoded");
  }

  private static <E extends Throwable> Answer thrown(Throwable e) throws E {
    @SuppressWarnings("unchecked")
    E any = (E) e;
    throw any;
  }

  // ---------------------------------------------------------------- a client

  /** What came back. */
  private record Response(int status, String head, String body) {}

  /** Speaks HTTP byte by byte. */
  private final class Client implements AutoCloseable {
    private final Socket socket;
    private final OutputStream out;
    private final InputStream in;

    Client() throws IOException {
      socket = new Socket("localhost", server.port());
      socket.setSoTimeout(20_000);
      out = socket.getOutputStream();
      in = socket.getInputStream();
    }

    Client send(String text) throws IOException {
      return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    Client send(byte[] bytes) throws IOException {
      out.write(bytes);
      out.flush();
      return this;
    }

    Response answer() throws IOException {
      return answer(true);
    }

    /** Reads one answer; a connection that ends before is an error. */
    Response answer(boolean hasBody) throws IOException {
      StringBuilder head = new StringBuilder();
      while (head.indexOf(END) < 0) {
        int c = in.read();
        if (c < 0) {
          throw new IOException("the connection ended: " + head);
        }
        head.append((char) c);
      }
      int length = Integer.parseInt(header(head.toString(), "Content-length"));
      byte[] body = in.readNBytes(hasBody ? length : 0);
      return new Response(
          Integer.parseInt(head.substring(9, 12)),
          head.toString(),
          new String(body, StandardCharsets.UTF_8));
    }

    /** Tells whether the server hangs up, with or without an answer. */
    boolean ends() throws IOException {
      try {
        while (in.read() >= 0) {}
        return true;
      } catch (SocketException e) {
        return true; // reset
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static String header(String head, String name) {
    return head.lines()
        .filter(line -> line.toLowerCase().startsWith(name.toLowerCase() + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElse("0");
  }

  private static String post(String path, long length) {
    return "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + length + END;
  }

  private static String chunked(String path) {
    return "POST " + path + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked" + END;
  }

  private Response asks(String request) throws IOException {
    try (Client client = new Client()) {
      return client.send(request).answer();
    }
  }

  private void honestClientIsServed() throws IOException {
    Response answer = asks(post("/length", 5) + "12345");
    assertThat(answer.body()).isEqualTo("length 5\n");
    assertThat(answer.status()).isEqualTo(200);
  }

  private String metrics() throws IOException {
    return asks("GET /metrics HTTP/1.1\r\nHost: x" + END).body();
  }

  /** Waits until nothing is under way but the question itself, and no memory is taken. */
  private void everythingIsGivenBack() throws Exception {
    String metrics = "";
    for (int i = 0; i < 200; i++) {
      metrics = metrics();
      if (metrics.contains("requests_open 1\n")
          && metrics.contains("body_bytes 0\n")
          && metrics.contains("pictures_in_service 0\n")) {
        return;
      }
      Thread.sleep(50);
    }
    throw new AssertionError(metrics);
  }

  // ---------------------------------------------------------------- works that fail

  @Test
  void whateverIsThrownIsAnsweredAndCounted() throws Exception {
    try (Client client = new Client()) {
      for (String path : List.of("/exception", "/error", "/memory")) {
        Response failed = client.send(post(path, 1) + "x").answer();
        assertThat(failed.status()).isEqualTo(500);
        assertThat(failed.body()).doesNotContain("unexpected");
      }
      Response unusable = client.send(post("/unusable", 1) + "x").answer();
      assertThat(unusable.status()).isEqualTo(422);
      assertThat(client.send(post("/length", 1) + "x").answer().status()).isEqualTo(200);
    }
    assertThat(metrics())
        .contains("pictures_failed_total 3", "pictures_unusable_total 1")
        .contains("pictures_answered_total 1", "answers_total{status=\"500\"} 3");
    everythingIsGivenBack();
  }

  @Test
  void aPictureThatTakesTooLongIsGivenUp() throws Exception {
    Duration soon = Duration.ofMillis(300);
    CountDownLatch never = new CountDownLatch(1);
    PictureServer slow =
        new PictureServer(
            0,
            new Limits(BODY, 4 * BODY, 2, soon, soon, soon, soon),
            Map.of(
                "/never",
                (picture, left) -> {
                  try {
                    never.await();
                  } catch (InterruptedException e) {
                    never.countDown();
                  }
                  return Answer.text(200, "late");
                }));
    slow.start();
    try (Socket socket = new Socket("localhost", slow.port())) {
      socket.getOutputStream().write((post("/never", 1) + "x").getBytes());
      byte[] status = socket.getInputStream().readNBytes(12);
      assertThat(new String(status)).isEqualTo("HTTP/1.1 422");
      assertThat(never.await(10, TimeUnit.SECONDS)).as("it was interrupted").isTrue();
    } finally {
      slow.stop();
    }
  }

  @Test
  void pastAllPlacesTheAnswerComesAtOnce() throws Exception {
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      int places = PROCESSORS + 2;
      List<Future<Response>> answers = new ArrayList<>();
      for (int i = 0; i < places; i++) {
        answers.add(clients.submit(() -> asks(post("/held", 1) + "x")));
      }
      while (!metrics().contains("pictures_in_service " + places)) {
        Thread.sleep(10);
      }
      Response refused = asks(post("/length", 1) + "x");
      assertThat(refused.status()).isEqualTo(503);
      assertThat(header(refused.head(), "Retry-After")).isEqualTo("1");
      assertThat(asks("GET /health HTTP/1.1\r\nHost: x" + END).body()).isEqualTo("ok\n");
      held.countDown();
      for (Future<Response> answer : answers) {
        assertThat(answer.get().status()).isEqualTo(200);
      }
    }
    everythingIsGivenBack();
  }

  /** Else a picture that waits for memory would run out of time and be blamed for it. */
  @Test
  void readingMayTakeLessThanTheAnswer() throws Exception {
    String left = asks(post("/left", 1) + "x").body().strip();
    assertThat(Long.parseLong(left)).isBetween(0L, WORK.toMillis() - 1000);
    try (Client client = new Client()) {
      Response later = client.send(post("/late", PNG.length)).send(PNG).answer();
      assertThat(later.status()).isEqualTo(503);
      assertThat(header(later.head(), "Retry-After")).isEqualTo("1");
    }
    everythingIsGivenBack();
  }

  // ---------------------------------------------------------------- bodies

  /** Many more than there are places send a header, one byte, and then nothing or very little. */
  @Test
  void aSlowBodyHoldsNoPlace() throws Exception {
    List<Client> slow = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      slow.add(new Client().send(i % 2 == 0 ? post("/length", 1000) : chunked("/length")));
      slow.getLast().send(i % 2 == 0 ? "x" : "1\r\nx\r\n");
    }
    for (int i = 0; i < 10; i++) {
      honestClientIsServed();
    }
    for (Client client : slow) {
      Response answer = client.answer();
      assertThat(answer.status()).isEqualTo(408);
      assertThat(client.ends()).isTrue();
      client.close();
    }
    everythingIsGivenBack();
  }

  @Test
  void aBodyThatDripsIsCutOff() throws Exception {
    try (Client client = new Client()) {
      client.send(post("/length", 1000));
      Future<?> dripping;
      try (ExecutorService one = Executors.newVirtualThreadPerTaskExecutor()) {
        dripping =
            one.submit(
                () -> {
                  for (int i = 0; i < 999; i++) { // for longer than anybody waits for the answer
                    client.send("x");
                    Thread.sleep(50);
                  }
                  return null;
                });
        assertThat(client.answer().status()).isEqualTo(408);
        dripping.cancel(true);
      }
    }
    everythingIsGivenBack();
  }

  /** Clients that look for an answer only when they have sent everything get it, too. */
  @Test
  void aBodyThatIsTooLargeIsAnswered() throws Exception {
    for (int length : new int[] {BODY + 1, 20 * BODY, 50_000_000}) {
      try (Client client = new Client()) {
        client.send(post("/length", length));
        sendZeros(client, length);
        Response answer = client.answer();
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.body()).contains("" + BODY);
        assertThat(header(answer.head(), "Connection")).isEqualTo("close");
      }
    }
    try (Client client = new Client()) {
      client.send(chunked("/length"));
      for (int i = 0; i < 100; i++) {
        client.send("10000\r\n").send(new byte[0x10000]).send("\r\n");
      }
      assertThat(client.send("0" + END).answer().status()).isEqualTo(413);
    }
    assertThat(asks(post("/length", BODY) + "x".repeat(BODY)).status()).isEqualTo(200);
    everythingIsGivenBack();
  }

  private static void sendZeros(Client client, int length) throws IOException {
    byte[] zeros = new byte[50_000];
    for (int left = length; left > 0; left -= zeros.length) {
      client.send(left < zeros.length ? new byte[left] : zeros);
    }
  }

  @Test
  void aBodyOfAnyLengthComesWithAndWithoutItsLength() throws Exception {
    try (Client client = new Client()) {
      for (int length : new int[] {0, 1, 65_535, 65_536, 65_537, BODY - 1, BODY}) {
        String body = "x".repeat(length);
        String answer = "length " + length + "\n";
        assertThat(client.send(post("/length", length) + body).answer().body()).isEqualTo(answer);
        String chunk = length == 0 ? "" : Integer.toHexString(length) + "\r\n" + body + "\r\n";
        assertThat(client.send(chunked("/length") + chunk + "0" + END).answer().body())
            .isEqualTo(answer);
      }
    }
  }

  @Test
  void bodiesThatArriveTogetherHaveAllTheMemoryThereIs() throws Exception {
    List<Client> full = new ArrayList<>();
    for (int i = 0; i < 8; i++) { // promises take no memory, bytes do
      full.add(new Client().send(post("/length", BODY)));
    }
    honestClientIsServed();
    int refused = 0;
    for (Client client : full) {
      client.send(new byte[BODY - 1]);
    }
    honestClientIsServed(); // the largest makes way
    for (Client client : full) {
      int status = client.answer().status();
      assertThat(status).isIn(503, 408);
      refused += status == 503 ? 1 : 0;
      client.close();
    }
    assertThat(refused).isBetween(4, 7);
    everythingIsGivenBack();
    honestClientIsServed();
  }

  @Test
  void bodiesThatAreNoneAreRefused() throws Exception {
    for (String body :
        List.of("no number\r\n", "FFFFFFFF\r\nx", "80000000\r\nx", "3\r\nxxxx\r\n")) {
      try (Client client = new Client()) {
        Response answer = client.send(chunked("/length") + body).answer();
        assertThat(answer.status()).as(body).isEqualTo(400);
      }
    }
    try (Client client = new Client()) {
      client.send(post("/length", 100) + "too few");
      client.socket.shutdownOutput();
      assertThat(client.answer().status()).isEqualTo(400);
    }
    everythingIsGivenBack();
  }

  @Test
  void clientsMayHangUpAtAnyTime() throws Exception {
    String request = post("/length", 1000) + "x".repeat(1000);
    for (int i = 0; i < request.length(); i += 13) {
      new Client().send(request.substring(0, i)).close();
    }
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 2; i++) {
        clients.submit(() -> new Client().send(post("/held", 1) + "x")).get().close();
      }
    }
    held.countDown();
    honestClientIsServed();
    everythingIsGivenBack();
  }

  // ---------------------------------------------------------------- heads

  @Test
  void methodsAndPathsThatThereAreNotAreNamed() throws Exception {
    try (Client client = new Client()) {
      for (String method : List.of("GET", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "HEAD")) {
        client.send(method + " /length HTTP/1.1\r\nHost: x" + END);
        Response wrong = client.answer(!method.equals("HEAD"));
        assertThat(wrong.status()).isEqualTo(405);
        assertThat(header(wrong.head(), "Allow")).isEqualTo("POST");
      }
      client.send("HEAD /health HTTP/1.1\r\nHost: x" + END);
      Response health = client.answer(false);
      assertThat(health.status()).isEqualTo(200);
      assertThat(header(health.head(), "Content-length")).isEqualTo("3");
      Response wrong = client.send(post("/metrics", 0)).answer();
      assertThat(wrong.status()).isEqualTo(405);
      assertThat(header(wrong.head(), "Allow")).isEqualTo("GET, HEAD");
      for (String path : List.of("/", "/lengthy", "/length/", "/health/x")) {
        client.send("GET " + path + " HTTP/1.1\r\nHost: x" + END);
        Response unknown = client.answer();
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.body()).contains("/length");
      }
    }
    Response put = asks("PUT" + post("/length", 3_000_000).substring(4));
    assertThat(put.status()).isEqualTo(405);
  }

  @Test
  void headsThatAreTooLargeEndTheConnection() throws Exception {
    String start = "GET /health HTTP/1.1\r\n";
    for (String head :
        List.of(
            start + "a: b\r\n".repeat(20_000),
            start + numbered(5_000),
            start + "a: " + "b".repeat(1_000_000),
            "GET /" + "x".repeat(1_000_000),
            "x".repeat(1_000_000),
            "\u0016\u0003\u0001" + "\u0000".repeat(200))) {
      try (Client client = new Client()) {
        try {
          client.send(head).send(END);
        } catch (SocketException e) {
          // refused while it was being sent
        }
        assertThat(client.ends()).isTrue();
      }
      honestClientIsServed();
    }
    everythingIsGivenBack();
  }

  private static String numbered(int count) {
    StringBuilder headers = new StringBuilder();
    for (int i = 0; i < count; i++) {
      headers.append("h").append(i).append(": x\r\n");
    }
    return headers.toString();
  }

  @Test
  void aSlowHeadEndsTheConnection() throws Exception {
    List<Client> slow = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      slow.add(new Client().send("POST /length HTTP/1.1\r\nHost"));
    }
    honestClientIsServed();
    for (Client client : slow) {
      assertThat(client.ends()).isTrue();
      client.close();
    }
    everythingIsGivenBack();
  }

  // ---------------------------------------------------------------- the end

  @Test
  void whatIsUnderWayIsAnsweredBeforeTheEnd() throws Exception {
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
        Client late = new Client()) {
      Future<Response> working = clients.submit(() -> asks(post("/held", 1) + "x"));
      while (!metrics().contains("pictures_in_service 1")) {
        Thread.sleep(10);
      }
      assertThat(late.send(post("/length", 1) + "x").answer().status()).isEqualTo(200);
      Future<?> stopped = clients.submit(server::stop);
      String health = "GET /health HTTP/1.1\r\nHost: x" + END;
      while (asks(health).status() != 503) {
        Thread.sleep(10);
      }
      assertThat(late.send(post("/length", 1) + "x").answer().status()).isEqualTo(503);
      held.countDown();
      assertThat(working.get().status()).isEqualTo(200);
      stopped.get(5, TimeUnit.SECONDS);
    }
  }
}
