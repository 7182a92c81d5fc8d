package dev.thumbnet.bench.endure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.bench.endure.trial.PartResult;
import dev.thumbnet.bench.endure.trial.Violation;
import dev.thumbnet.bench.harness.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program prints one table of what its parts found, and fails if there was a violation. */
class EndureTest {
  private static final PartResult FINE =
      new PartResult(
          12_345,
          new TreeMap<>(Map.of("BIT", 12_000L, "BYTES", 345L)),
          new TreeMap<>(Map.of("refused", 12_345L)),
          60,
          0.25,
          77,
          190,
          0,
          List.of());

  @TempDir private Path folder;

  private final List<PartStart.Order> orders = new ArrayList<>();

  private PartResult fine(PartStart.Order order) {
    orders.add(order);
    return FINE;
  }

  @Test
  void everything_held() throws Exception {
    Console seen = Console.of(new Endure(this::fine, folder), "--minutes", "1", "--name", "x");
    assertThat(seen.code()).isZero();
    assertThat(orders).extracting(PartStart.Order::part).containsExactly(Part.values());
    assertThat(seen.out())
        .contains("bench/bin/endure --minutes 1.0 --seed 1\n")
        .contains("| part | heap, MB | cases | what was tried |")
        .contains("| MODELS | 256 | 12,345 | damaged model files: ")
        .contains(" | refused 12,345 | 60.0 | 0.25 (case 77) | 190 | **0** |")
        .contains("- MODELS: BIT 12,000, BYTES 345")
        .doesNotContain("## Violations");
    assertThat(folder.resolve("x-endure.md")).hasContent(seen.out());
    assertThat(Files.readString(folder.resolve("x-endure.json"))).contains("\"slowestCase\" : 77");
  }

  @Test
  void a_violation_makes_it_fail_and_tells_how_to_repeat_it() {
    PartResult broken = FINE.with("toy", "something stays");
    Violation violation = new Violation(99, "BIT", "java.lang.StackOverflowError");
    PartResult worse =
        new PartResult(1, FINE.kinds(), FINE.results(), 1, 1, 0, 1, 1, List.of(violation));
    Endure endure = new Endure(order -> order.part() == Part.BOMBS ? broken : worse, folder);
    Console seen = Console.of(endure, "--part", "BOMBS", "--part", "MODELS", "--seed", "3");
    assertThat(seen.code()).isEqualTo(1);
    assertThat(seen.out())
        .contains("| **1** |")
        .contains("- BOMBS, toy: something stays")
        .contains("`bench/bin/endure --seed 3 --part BOMBS`")
        .contains("- MODELS, BIT: java.lang.StackOverflowError")
        .contains("`bench/bin/endure --seed 3 --part MODELS --case 99`");
  }

  @Test
  void a_run_that_was_stopped_goes_on() {
    String[] arguments = {"--part", "BOMBS", "--part", "MODELS", "--name", "x", "--resume"};
    Endure stopped =
        new Endure(
            order -> {
              if (order.part() == Part.MODELS) {
                throw new IOException("stopped");
              }
              return fine(order);
            },
            folder);
    assertThat(Console.of(stopped, arguments).code()).isEqualTo(1);
    assertThat(Console.of(new Endure(this::fine, folder), arguments).code()).isZero();
    assertThat(orders).extracting(PartStart.Order::part).containsExactly(Part.BOMBS, Part.MODELS);
  }
}
