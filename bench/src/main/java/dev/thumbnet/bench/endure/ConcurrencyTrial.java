package dev.thumbnet.bench.endure;

import dev.thumbnet.Classification;
import dev.thumbnet.ThumbClassifier;
import dev.thumbnet.bench.endure.trial.Outcome;
import dev.thumbnet.bench.endure.trial.Trial;
import dev.thumbnet.bench.harness.Subprocess;
import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.pipeline.TrainedModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import jdk.incubator.vector.FloatVector;

/**
 * Cases that are crowds of threads at one classifier, and JVMs with vectors of several widths: all
 * answers have the bits of an undisturbed thread. Vectors of another width give the same bits, too,
 * as long as weights have 32 bits.
 */
final class ConcurrencyTrial implements Trial {
  /** Of so many cases one is about widths. */
  private static final int EVERY = 10;

  private static final List<Integer> LANES = List.of(4, 8, 16);

  private final long seed;
  private final List<RgbImage> pictures;
  private final Map<WeightFormat, List<Classification>> expected = new TreeMap<>();

  /** Finds out what is right, on a single thread. */
  ConcurrencyTrial(long seed) {
    this.seed = seed;
    this.pictures = Bits.pictures(seed);
    try (Device device = Device.cpu(1)) {
      TrainedModel model = Bits.model(seed, device);
      for (WeightFormat format : WeightFormat.values()) {
        ThumbClassifier classifier = new ThumbClassifier(model, format, Crowd.BATCH);
        expected.put(format, pictures.stream().map(classifier::classify).toList());
      }
    }
  }

  @Override
  public long least() {
    return 2;
  }

  @Override
  public Outcome attempt(long number) throws IOException, InterruptedException {
    return number % EVERY == 0 ? widths(seed + number) : crowd(Trial.random(seed, number));
  }

  private Outcome crowd(RandomGenerator random) throws InterruptedException {
    int threads = Bits.THREADS.get(random.nextInt(Bits.THREADS.size()));
    WeightFormat[] formats = WeightFormat.values();
    WeightFormat format = formats[random.nextInt(formats.length)];
    try (Device device = Device.cpu(threads)) {
      ThumbClassifier classifier =
          new ThumbClassifier(Bits.model(seed, device), format, Crowd.BATCH);
      Crowd crowd = new Crowd(classifier, pictures, expected.get(format));
      crowd.run(random);
      String kind = "%s on %d threads".formatted(format, threads);
      return new Outcome(kind, crowd.results(), crowd.violations());
    }
  }

  private static Outcome widths(long seed) throws IOException, InterruptedException {
    Map<String, Long> results = new TreeMap<>();
    List<String> violations = new ArrayList<>();
    List<String> narrowest = null;
    for (int lanes : LANES) {
      if (lanes <= FloatVector.SPECIES_PREFERRED.length()) {
        List<String> digests = digests(seed, lanes);
        compare(lanes, digests, violations);
        narrowest = narrowest == null ? digests : narrowest;
        if (!digests.getFirst().equals(narrowest.getFirst())) {
          violations.add("other bits with %d lanes".formatted(lanes));
        }
        results.put(lanes + " lanes", 1L);
      }
    }
    return new Outcome("lanes", results, violations);
  }

  /** All numbers of threads have the same bits, in each format of weights. */
  private static void compare(int lanes, List<String> digests, List<String> violations) {
    int formats = WeightFormat.values().length;
    for (int i = 0; i < digests.size(); i++) {
      if (!digests.get(i).equals(digests.get(i % formats))) {
        violations.add(
            "with %d lanes, %s on %d threads has other bits than on one"
                .formatted(
                    lanes, WeightFormat.values()[i % formats], Bits.THREADS.get(i / formats)));
      }
    }
  }

  /** Returns what {@link Bits} prints: for each number of threads, a line for each format. */
  private static List<String> digests(long seed, int lanes)
      throws IOException, InterruptedException {
    List<String> flags =
        List.of(
            "-Xmx512m",
            "-Djava.awt.headless=true",
            "-Ddev.thumbnet.engine.lanes=" + lanes,
            "--add-modules=jdk.incubator.vector");
    String classPath = Subprocess.classPath();
    return Subprocess.jvm(lanes + " lanes", flags, classPath, Bits.class, Long.toString(seed))
        .run();
  }
}
