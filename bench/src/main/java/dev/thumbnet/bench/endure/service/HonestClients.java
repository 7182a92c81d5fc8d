package dev.thumbnet.bench.endure.service;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Clients who send one picture after the other and come again when they are told to. Each time they
 * must get the answer that they got when nobody else was there, in time.
 */
final class HonestClients {
  private static final int CLIENTS = 3;
  private static final int SECONDS = 30;
  private static final int OK = 200;
  private static final int BUSY = 503;
  private static final long PAUSE_MILLIS = 50;

  private final HttpRequest request;
  private final String expected;
  private final Map<String, Long> results = new ConcurrentHashMap<>();
  private final Queue<String> violations = new ConcurrentLinkedQueue<>();
  private volatile boolean ended;

  /** Gets the first answer, of a service that has nothing else to do. */
  HonestClients(int port, byte[] picture) throws IOException, InterruptedException {
    request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/classify"))
            .timeout(Duration.ofSeconds(SECONDS))
            .POST(BodyPublishers.ofByteArray(picture))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
      if (answer.statusCode() != OK) {
        throw new IOException("the service does not answer: " + answer.body());
      }
      expected = answer.body();
    }
  }

  Map<String, Long> results() {
    return Map.copyOf(results);
  }

  List<String> violations() {
    return List.copyOf(violations);
  }

  /** Starts them; they work until {@link #end}. */
  List<Thread> start() {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      threads.add(Thread.ofPlatform().daemon().start(this::work));
    }
    return threads;
  }

  /** Lets them get their last answers. */
  void end(List<Thread> threads) throws InterruptedException {
    ended = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void work() {
    try (HttpClient client = HttpClient.newHttpClient()) {
      while (!ended) {
        ask(client, System.nanoTime());
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Asks until there is an answer, or the time is over. */
  private void ask(HttpClient client, long begin) throws InterruptedException {
    long end = begin + SECONDS * 1_000_000_000L;
    try {
      HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
      while (answer.statusCode() == BUSY && System.nanoTime() < end) {
        results.merge("honest told to wait", 1L, Long::sum);
        long seconds = answer.headers().firstValueAsLong("Retry-After").orElse(1);
        Thread.sleep(Duration.ofSeconds(seconds));
        answer = client.send(request, BodyHandlers.ofString());
      }
      boolean right = answer.statusCode() == OK && answer.body().equals(expected);
      results.merge(right ? "honest " + within(begin) : "honest failed", 1L, Long::sum);
      if (!right) {
        violations.add("an honest client got " + answer.statusCode() + " " + answer.body());
      } else if (System.nanoTime() > end) {
        violations.add("an honest client waited more than " + SECONDS + " s");
      }
    } catch (IOException e) {
      violations.add("an honest client got no answer: " + e);
    }
  }

  private static String within(long begin) {
    double seconds = (System.nanoTime() - begin) / 1e9;
    return seconds <= 1 ? "within 1 s" : seconds <= 5 ? "within 5 s" : "later";
  }
}
