package dev.thumbnet.bench.endure.picture;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Damaged pictures of all formats. Thread-safe. */
public final class Mutants {
  private final List<Map.Entry<String, byte[]>> samples;

  /** Makes the sound pictures. */
  public Mutants() throws IOException {
    samples = List.copyOf(PictureSamples.all().entrySet());
  }

  /**
   * A damaged picture.
   *
   * @param sample what it was
   * @param kind how it was damaged
   * @param content the file
   */
  public record Mutant(String sample, String kind, byte[] content) {}

  /** Returns the one that a generator decides. */
  public Mutant next(RandomGenerator random) {
    Map.Entry<String, byte[]> sample = samples.get(random.nextInt(samples.size()));
    byte[] other = samples.get(random.nextInt(samples.size())).getValue();
    PictureMutator.Kind[] kinds = PictureMutator.Kind.values();
    PictureMutator.Kind kind = kinds[random.nextInt(kinds.length)];
    byte[] content = PictureMutator.mutate(kind, sample.getValue(), other, random);
    return new Mutant(sample.getKey(), kind.name(), content);
  }
}
