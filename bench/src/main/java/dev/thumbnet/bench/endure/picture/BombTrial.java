package dev.thumbnet.bench.endure.picture;

import dev.thumbnet.bench.endure.trial.Outcome;
import dev.thumbnet.bench.endure.trial.Trial;
import dev.thumbnet.bench.endure.trial.Wording;
import dev.thumbnet.data.image.ImageDecoder;
import dev.thumbnet.data.image.ImageException;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.io.SafeTensorsException;
import dev.thumbnet.pipeline.ModelException;
import dev.thumbnet.pipeline.TrainedModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * Cases that are small files which cost much: first each alone, then several at once. Each must be
 * read or be refused by a line that begins with its name, in little time.
 */
public final class BombTrial implements Trial {
  private static final String NAME = "the bomb";
  private static final int SECONDS = 10;
  private static final int AT_ONCE = 4;

  /** Rounds of several at once that even the shortest run has. */
  private static final int ROUNDS = 2;

  private final long seed;
  private final List<Bomb> bombs = Bombs.all();
  private final ImageDecoder decoder = new ImageDecoder();
  private final Device device = Device.cpu(1);
  private final ThreadMXBean clock = ManagementFactory.getThreadMXBean();

  /** Prepares the cases. */
  public BombTrial(long seed) {
    this.seed = seed;
  }

  @Override
  public long least() {
    return bombs.size() + ROUNDS;
  }

  @Override
  public Outcome attempt(long number) throws Exception {
    if (number < bombs.size()) {
      Bomb bomb = bombs.get((int) number);
      List<String> violations = new ArrayList<>();
      String result = light(bomb, bomb.content().make(), violations);
      return new Outcome(kind(bomb), Map.of(result, 1L), violations);
    }
    return together(Trial.random(seed, number));
  }

  private static String kind(Bomb bomb) {
    return bomb.name().split("[ ,]")[0];
  }

  private Outcome together(RandomGenerator random) throws IOException, InterruptedException {
    Map<String, Long> results = new ConcurrentHashMap<>();
    List<String> violations = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      Bomb bomb = bombs.get(random.nextInt(bombs.size()));
      byte[] file = bomb.content().make();
      threads.add(
          Thread.ofPlatform()
              .daemon()
              .unstarted(() -> results.merge(light(bomb, file, violations), 1L, Long::sum)));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    return new Outcome(AT_ONCE + " at once", new TreeMap<>(results), violations);
  }

  /** Reads a file, on this thread, and returns how that ended. */
  private String light(Bomb bomb, byte[] file, List<String> violations) {
    long before = clock.getCurrentThreadCpuTime();
    String result = read(bomb, file, violations);
    double seconds = (clock.getCurrentThreadCpuTime() - before) / 1e9;
    if (seconds > SECONDS) {
      violations.add("%s: %.1f s of the processor".formatted(bomb.name(), seconds));
    }
    return result;
  }

  private String read(Bomb bomb, byte[] file, List<String> violations) {
    try {
      if (bomb.isModel()) {
        TrainedModel.load(new ByteArrayInputStream(file), NAME, device);
      } else {
        decoder.decode(file, NAME);
      }
      return "read";
    } catch (ImageException | ModelException | SafeTensorsException e) {
      Wording.fault(NAME, e.getMessage())
          .ifPresent(fault -> violations.add(bomb.name() + ": " + fault));
      return "refused";
    } catch (RuntimeException | Error e) {
      violations.add(bomb.name() + ": " + e);
      return "failed";
    }
  }
}
