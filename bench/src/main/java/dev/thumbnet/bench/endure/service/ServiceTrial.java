package dev.thumbnet.bench.endure.service;

import dev.thumbnet.bench.endure.trial.Folders;
import dev.thumbnet.bench.endure.trial.Outcome;
import dev.thumbnet.bench.endure.trial.Trial;
import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.data.synthetic.SyntheticPictures;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Models;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.pipeline.Preprocessing;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.pipeline.TrainedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Cases that are attacks on the example service, during which honest clients must get their
 * answers; in the end its memory and its threads have not grown beyond bounds.
 */
public final class ServiceTrial implements Trial {
  private static final int SIZE = 64;

  /** Beside the heap: code, stacks, buffers. */
  private static final int BESIDE_HEAP_MEGABYTES = 300;

  private static final int MORE_THREADS = 24;
  private static final int QUIET_SECONDS = 60;
  private static final int END_SECONDS = 20;
  private static final int ERROR = 500;

  private final long seed;
  private final Path folder;
  private final ServiceProcess service;
  private final List<Attack> attacks;
  private final byte[] picture;
  private final Duration each;
  private final int threadsBefore;

  /**
   * Starts the service.
   *
   * @param share how long all attacks take together, if each is made once
   */
  public ServiceTrial(long seed, Duration share) throws IOException, InterruptedException {
    this.seed = seed;
    this.folder = Files.createTempDirectory("service");
    Path model = folder.resolve("model.safetensors");
    SyntheticPictures pictures = SyntheticPictures.val(SIZE, 1, 1);
    save(pictures.classes(), model);
    this.picture = png(pictures.get(0));
    this.attacks = new Attacks(picture).all();
    this.service = new ServiceProcess(folder, model);
    Duration part = share.dividedBy(attacks.size());
    this.each = part.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : part;
    new HonestClients(service.listening(), picture);
    this.threadsBefore = service.threads();
  }

  private static void save(List<String> classes, Path file) {
    try (Device device = Device.cpu(1)) {
      Preprocessing shown = Preprocessing.unscaled(SIZE);
      Rng rng = new Rng(1);
      Architecture network = Architecture.of("resnet18", classes.size()).withWidth(0.125);
      new TrainedModel(
              device,
              Models.classifier(network, device, rng),
              Models.downscaler(
                  DownscalerKind.PLAIN, Reduction.FOUR_TO_ONE, shown.colors(), device, rng),
              classes,
              shown,
              Provenance.on(device))
          .save(file);
    }
  }

  private byte[] png(RgbImage image) throws IOException {
    Path file = folder.resolve("picture.png");
    image.writePng(file);
    return Files.readAllBytes(file);
  }

  @Override
  public long least() {
    return attacks.size();
  }

  @Override
  public double processMegabytes() {
    return service.largestMegabytes();
  }

  // ---------------------------------------------------------------- attacks

  @Override
  public Outcome attempt(long number) throws IOException, InterruptedException {
    Attack attack = attacks.get((int) (number % attacks.size()));
    HonestClients honest = new HonestClients(service.listening(), picture);
    List<Thread> honestThreads = honest.start();
    Map<String, Long> results = new ConcurrentHashMap<>();
    Queue<String> violations = new ConcurrentLinkedQueue<>();
    long end = System.nanoTime() + each.toNanos();
    List<Thread> hostile = new ArrayList<>();
    for (int i = 0; i < attack.connections(); i++) {
      Attack.Situation situation = new Attack.Situation(Trial.random(seed + i, number), end);
      hostile.add(Thread.ofVirtual().start(() -> repeat(attack, situation, results, violations)));
    }
    for (Thread thread : hostile) {
      thread.join();
    }
    honest.end(honestThreads);
    honest.results().forEach((result, count) -> results.merge(result, count, Long::sum));
    violations.addAll(honest.violations());
    if (!service.isAlive()) {
      violations.add("the service has ended: " + service.log());
    }
    return new Outcome(attack.name(), new TreeMap<>(results), List.copyOf(violations));
  }

  private void repeat(
      Attack attack,
      Attack.Situation situation,
      Map<String, Long> results,
      Queue<String> violations) {
    try {
      do {
        int status = status(attack, situation);
        results.merge(name(status), 1L, Long::sum);
        boolean promised = attack.promised().isEmpty() || attack.promised().contains(status);
        if (!promised || status == ERROR) {
          violations.add("answered with " + name(status));
        }
      } while (System.nanoTime() < situation.end());
    } catch (RuntimeException e) {
      violations.add(e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String name(int status) {
    return status == Connection.NO_ANSWER ? "no answer" : Integer.toString(status);
  }

  private int status(Attack attack, Attack.Situation situation) throws InterruptedException {
    try (Connection connection =
        new Connection(service.listening(), !attack.promised().isEmpty())) {
      return attack.client().use(connection, situation);
    } catch (IOException e) {
      return Connection.NO_ANSWER; // the service hung up, or took too long
    }
  }

  // ---------------------------------------------------------------- afterwards

  @Override
  public List<String> end() throws IOException, InterruptedException {
    List<String> violations = new ArrayList<>();
    int most = threadsBefore + MORE_THREADS;
    long end = System.nanoTime() + QUIET_SECONDS * 1_000_000_000L;
    while (service.threads() > most && System.nanoTime() < end) {
      Thread.sleep(200);
    }
    if (service.threads() > most) {
      violations.add(
          "the service has %d threads, %d before".formatted(service.threads(), threadsBefore));
    }
    int megabytes = ServiceProcess.HEAP_MEGABYTES + BESIDE_HEAP_MEGABYTES;
    if (service.megabytes() > megabytes) {
      violations.add("the service has %.0f MB".formatted(service.megabytes()));
    }
    if (!service.end(END_SECONDS)) {
      violations.add("SIGTERM did not end the service within " + END_SECONDS + " s");
    }
    String log = service.log();
    if (log.contains("Error")) {
      violations.add("the service's log: " + log.substring(log.indexOf("Error")));
    }
    Folders.remove(folder);
    return violations;
  }
}
