package dev.thumbnet.bench.endure;

import dev.thumbnet.bench.harness.CommandText;
import dev.thumbnet.bench.harness.MinutesConverter;
import dev.thumbnet.bench.harness.RunOptions;
import dev.thumbnet.bench.harness.UsageException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of {@code bench/bin/endure}. */
final class EndureOptions {
  /** A run of so many minutes is whole: it has all the cases that are promised. */
  static final double WHOLE_MINUTES = 30;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      defaultValue = "30",
      converter = MinutesConverter.class,
      description =
          "about how long all parts take together (default: 30); those that lack cases then take"
              + " longer")
  private double minutes;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "decides what is tried (default: 1)")
  private long seed;

  @Option(
      names = "--part",
      paramLabel = "PART",
      description = "${COMPLETION-CANDIDATES}; may be repeated (default: all)")
  private List<Part> parts;

  @Option(
      names = "--case",
      paramLabel = "N",
      description = "only this case of the one --part, as a violation names it")
  private Long number;

  @Mixin private final RunOptions run;

  /** Options whose files are in a folder. */
  EndureOptions(Path results) {
    run = new RunOptions(results, "-endure");
  }

  double minutes() {
    return minutes;
  }

  long seed() {
    return seed;
  }

  List<Part> parts() {
    return parts == null ? List.of(Part.values()) : parts;
  }

  /**
   * Returns the only case, if there is to be one.
   *
   * @throws UsageException if it is not said of which part
   */
  OptionalLong number() {
    if (number == null) {
      return OptionalLong.empty();
    }
    if (number < 0 || parts().size() != 1) {
      throw new UsageException("--case is a number from 0 on and needs one --part");
    }
    return OptionalLong.of(number);
  }

  /** Returns the time of a part. */
  Duration share(Part part) {
    double shares = parts().stream().mapToDouble(p -> p.needs().share()).sum();
    return Duration.ofMillis((long) (60_000 * minutes * part.needs().share() / shares));
  }

  /** Returns how many cases of a part there have to be. */
  long least(Part part) {
    return (long) Math.ceil(part.needs().cases() * Math.min(1, minutes / WHOLE_MINUTES));
  }

  /** Whether tables of this are fit for {@code bench/ENDURANCE.md}. */
  boolean whole() {
    return parts == null && number == null && minutes >= WHOLE_MINUTES;
  }

  RunOptions run() {
    return run;
  }

  String command() {
    CommandText command = new CommandText("bench/bin/endure");
    command.option("--minutes", minutes).option("--seed", seed);
    command.option("--part", parts == null ? List.of() : parts);
    return command.option("--case", number == null ? List.of() : List.of(number)).toString();
  }
}
