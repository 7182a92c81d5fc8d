package dev.thumbnet.bench.embedding;

import dev.thumbnet.bench.harness.CommandText;
import dev.thumbnet.bench.harness.CountConverter;
import dev.thumbnet.bench.harness.MinutesConverter;
import dev.thumbnet.bench.harness.RunOptions;
import dev.thumbnet.bench.harness.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of {@code bench/bin/embedding}. */
final class EmbeddingOptions {
  /** The parts, in the order of the tables. */
  enum Part {
    START,
    FORMATS,
    JPEG,
    MEMORY,
    AGREEMENT,
    SOAK
  }

  @Option(
      names = "--starts",
      defaultValue = "5",
      converter = CountConverter.class,
      description = "JVM starts of each part but the last two; tables show medians (default: 5)")
  private int starts;

  @Option(
      names = "--soak",
      paramLabel = "MINUTES",
      defaultValue = "10",
      converter = MinutesConverter.class,
      description = "how long the endurance run takes (default: 10)")
  private double soak;

  @Option(
      names = "--pictures",
      paramLabel = "DIR",
      description = "JPEG files to decode (default: made-up ones of 432x432 pixels)")
  private Path pictures;

  @Option(
      names = "--part",
      paramLabel = "PART",
      description = "${COMPLETION-CANDIDATES}; may be repeated (default: all)")
  private List<Part> parts;

  @Mixin private RunOptions run = new RunOptions("-embedding");

  int starts() {
    return starts;
  }

  double soak() {
    return soak;
  }

  /**
   * Returns the folder of pictures, or null for made-up ones.
   *
   * @throws UsageException if there are none in it
   */
  Path pictures() {
    if (pictures != null) {
      try {
        Material.jpegs(pictures, 1);
      } catch (IllegalArgumentException | IOException e) {
        throw new UsageException("--pictures " + pictures + ": no JPEG file can be read");
      }
    }
    return pictures;
  }

  List<Part> parts() {
    return parts == null ? List.of(Part.values()) : parts;
  }

  /** Whether tables of this are fit for {@code bench/EMBEDDING.md}. */
  boolean whole() {
    return parts == null;
  }

  RunOptions run() {
    return run;
  }

  String command() {
    CommandText command = new CommandText("bench/bin/embedding");
    command.option("--starts", starts).option("--soak", soak);
    if (pictures != null) {
      command.option("--pictures", "DIR");
    }
    return command.option("--part", parts == null ? List.of() : parts).toString();
  }
}
