package dev.thumbnet.bench.endure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.bench.harness.Console;
import dev.thumbnet.bench.harness.RunOptions;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What options of {@code bench/bin/endure} mean, and which it refuses. */
class EndureOptionsTest {
  @Command(name = "endure")
  private static final class Parsed implements Callable<Integer> {
    @Mixin private final EndureOptions options = new EndureOptions(RunOptions.FOLDER);

    @Override
    public Integer call() {
      options.number();
      return 0;
    }
  }

  private static EndureOptions parse(String... arguments) {
    Parsed parsed = new Parsed();
    assertThat(Console.of(parsed, arguments)).isEqualTo(new Console(0, "", ""));
    return parsed.options;
  }

  @Test
  void all_parts_for_half_an_hour_are_a_whole_run() {
    EndureOptions options = parse();
    assertThat(options.parts()).containsExactly(Part.values());
    assertThat(options.whole()).isTrue();
    assertThat(options.seed()).isEqualTo(1);
    assertThat(options.number()).isEmpty();
    assertThat(options.least(Part.MODELS)).isEqualTo(200_000);
    assertThat(options.least(Part.PICTURES)).isEqualTo(100_000);
    assertThat(options.least(Part.PICTURES_JDK)).isEqualTo(100_000);
    Duration all =
        Arrays.stream(Part.values()).map(options::share).reduce(Duration.ZERO, Duration::plus);
    assertThat(all).isBetween(Duration.ofMinutes(29), Duration.ofMinutes(30));
    assertThat(options.command()).isEqualTo("bench/bin/endure --minutes 30.0 --seed 1");
  }

  @Test
  void longer_runs_are_whole_and_shorter_ones_have_fewer_cases() {
    assertThat(parse("--minutes", "60").whole()).isTrue();
    assertThat(parse("--minutes", "60").least(Part.MODELS)).isEqualTo(200_000);
    EndureOptions options = parse("--minutes", "3");
    assertThat(options.whole()).isFalse();
    assertThat(options.least(Part.MODELS)).isEqualTo(20_000);
    assertThat(options.least(Part.KILLS)).isZero();
  }

  @Test
  void a_part_has_all_the_time_and_a_case_its_number() {
    EndureOptions options =
        parse("--part bombs --minutes 2 --seed 7 --case 12 --name x".split(" "));
    assertThat(options.share(Part.BOMBS)).isEqualTo(Duration.ofMinutes(2));
    assertThat(options.whole()).isFalse();
    assertThat(options.number()).hasValue(12);
    assertThat(options.run().files())
        .hasToString("bench/results/x-endure.json and bench/results/x-endure.md");
    assertThat(options.command())
        .isEqualTo("bench/bin/endure --minutes 2.0 --seed 7 --part BOMBS --case 12");
  }

  @Test
  void refuses_nonsense() {
    Console.assertMistake(new Parsed(), "Unknown option: '--quick'", "--quick");
    Console.assertMistake(new Parsed(), "KILLS, MODELS", "--part", "lunch");
    Console.assertMistake(new Parsed(), "above 0, not \"0\"", "--minutes", "0");
    Console.assertMistake(new Parsed(), "--case is a number from 0 on", "--case", "3");
    Console.assertMistake(new Parsed(), "and needs one --part", "--case", "-1", "--part", "BOMBS");
  }
}
