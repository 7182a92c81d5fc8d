package dev.thumbnet.bench.endure.service;

import static dev.thumbnet.bench.endure.service.Connection.head;

import dev.thumbnet.bench.endure.picture.Bomb;
import dev.thumbnet.bench.endure.picture.Bombs;
import dev.thumbnet.bench.endure.picture.Mutants;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** What hostile, broken and too many clients do. */
final class Attacks {
  private static final String PATH = "/classify";
  private static final String END = "\r\n\r\n";
  private static final byte[] BLOCK = new byte[1 << 16];
  private static final long GIANT = 60L << 20;
  private static final long IMPOSSIBLE = 5_000_000_000_000L;
  private static final int BETWEEN_BYTES_MILLIS = 200;

  private static final Set<Integer> NOTHING = Set.of();
  private static final Set<Integer> PICTURES = Set.of(200, 422, 503);

  /** Some are larger than a body may be. */
  private static final Set<Integer> BOMBS = Set.of(200, 422, 503, 413);

  private static final Set<Integer> TOO_LARGE = Set.of(413, 503);
  private static final Set<Integer> REFUSALS = Set.of(400, 404, 405, 413, 414, 422, 431, 501, 503);

  /** HTTP as nobody needs it. */
  private static final List<String> ODD =
      List.of(
          head("GET", PATH) + "\r\n",
          head("PUT", PATH) + "Content-Length: 3" + END + "abc",
          head("POST", "/nothing") + "Content-Length: 3" + END + "abc",
          head("POST", PATH) + "\r\n",
          head("POST", PATH) + "Content-Length: 0" + END,
          head("POST", PATH) + "Content-Length: -5" + END,
          head("POST", PATH) + "Content-Length: many" + END,
          head("POST", PATH) + "Transfer-Encoding: chunked" + END + "xyz\r\n",
          head("POST", PATH) + "Transfer-Encoding: chunked" + END + "ffffffffffff\r\nabc",
          head("POST", PATH) + "Transfer-Encoding: gzip" + END,
          head("POST", PATH) + "X-Long: " + "x".repeat(100_000) + END,
          head("POST", PATH) + "X-Many: x\r\n".repeat(5_000) + END,
          head("POST", "/" + "x".repeat(100_000)) + "\r\n",
          head("POST", "http://elsewhere:1/%zz") + "\r\n");

  private final byte[] picture;
  private final Mutants mutants = new Mutants();
  private final List<Bomb> bombs = Bombs.all().stream().filter(bomb -> !bomb.isModel()).toList();

  /** Prepares them. */
  Attacks(byte[] picture) throws IOException {
    this.picture = picture;
  }

  /** Returns all, the harmless ones first. */
  List<Attack> all() {
    return List.of(
        new Attack("load", 32, PICTURES, (c, s) -> c.post(PATH, picture).status()),
        new Attack("slow bodies", 70, NOTHING, this::slowBody),
        new Attack("slow headers", 70, NOTHING, this::slowHeader),
        new Attack("giant bodies", 4, TOO_LARGE, this::giantBody),
        new Attack("giant chunked bodies", 4, TOO_LARGE, this::giantChunks),
        new Attack("half of a picture", 20, NOTHING, this::half),
        new Attack("garbage", 20, NOTHING, this::garbage),
        new Attack("odd requests", 8, NOTHING, this::odd),
        new Attack("HEAD", 4, Set.of(405), (c, s) -> c.send(head("HEAD", PATH) + "\r\n").status()),
        new Attack("damaged pictures", 8, PICTURES, this::mutant),
        new Attack("bombs", 4, BOMBS, this::bomb));
  }

  private int slowBody(Connection connection, Attack.Situation situation)
      throws IOException, InterruptedException {
    connection.send(head("POST", PATH) + "Content-Length: 100000" + END);
    return dribble(connection, situation);
  }

  private int slowHeader(Connection connection, Attack.Situation situation)
      throws IOException, InterruptedException {
    connection.send(head("POST", PATH) + "X-Slow: ");
    return dribble(connection, situation);
  }

  /** Sends a byte now and then, as long as it may. */
  private static int dribble(Connection connection, Attack.Situation situation)
      throws IOException, InterruptedException {
    while (System.nanoTime() < situation.end()) {
      connection.send("x");
      Thread.sleep(BETWEEN_BYTES_MILLIS);
      if (connection.hasAnswer()) {
        return connection.status();
      }
    }
    return Connection.NO_ANSWER;
  }

  /** A body of which the header says how long it is, or one that can never come. */
  private int giantBody(Connection connection, Attack.Situation situation) throws IOException {
    boolean comes = situation.random().nextBoolean();
    connection.send(head("POST", PATH) + "Content-Length: " + (comes ? GIANT : IMPOSSIBLE) + END);
    for (long sent = 0; comes && sent < GIANT; sent += BLOCK.length) {
      connection.send(BLOCK);
    }
    return connection.status();
  }

  private int giantChunks(Connection connection, Attack.Situation situation) throws IOException {
    connection.send(head("POST", PATH) + "Transfer-Encoding: chunked" + END);
    String length = Integer.toHexString(BLOCK.length) + "\r\n";
    for (long sent = 0; sent < GIANT; sent += BLOCK.length) {
      connection.send(length).send(BLOCK).send("\r\n");
    }
    return connection.send("0" + END).status();
  }

  /** The client goes, or says that nothing more will come. */
  private int half(Connection connection, Attack.Situation situation) throws IOException {
    connection.send(head("POST", PATH) + "Content-Length: " + picture.length + END);
    connection.send(Arrays.copyOf(picture, picture.length / 2));
    if (situation.random().nextBoolean()) {
      return Connection.NO_ANSWER;
    }
    connection.shutOutput();
    return connection.status();
  }

  private int garbage(Connection connection, Attack.Situation situation) throws IOException {
    byte[] bytes = new byte[1 + situation.random().nextInt(20_000)];
    situation.random().nextBytes(bytes);
    connection.send(bytes).shutOutput();
    return connection.status();
  }

  private int odd(Connection connection, Attack.Situation situation) throws IOException {
    connection.send(ODD.get(situation.random().nextInt(ODD.size()))).shutOutput();
    int status = connection.status();
    if (status != Connection.NO_ANSWER && !REFUSALS.contains(status)) {
      throw new IllegalStateException("an odd request was answered with " + status);
    }
    return status;
  }

  private int mutant(Connection connection, Attack.Situation situation) throws IOException {
    return connection.post(PATH, mutants.next(situation.random()).content()).status();
  }

  private int bomb(Connection connection, Attack.Situation situation) throws IOException {
    Bomb bomb = bombs.get(situation.random().nextInt(bombs.size()));
    return connection.post(PATH, bomb.content().make()).status();
  }
}
