package dev.thumbnet.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Mistakes and failures are a line and an exit code, defects a stack trace. */
class CommandRunnerTest {
  @Command(name = "toy", description = "A toy.")
  private static final class Toy implements Callable<Integer> {
    @Mixin private RunOptions options = new RunOptions("-toy");

    @Option(names = "--count", converter = CountConverter.class)
    private int count = 7;

    private final Callable<Integer> action;

    Toy(Callable<Integer> action) {
      this.action = action;
    }

    @Override
    public Integer call() throws Exception {
      int result = action.call();
      return result == 0 ? 0 : count;
    }
  }

  private static Toy toy() {
    return new Toy(() -> 1);
  }

  @Test
  void returnsWhatTheCommandReturns() {
    assertThat(Console.of(toy())).isEqualTo(new Console(7, "", ""));
    assertThat(Console.of(toy(), "--count", "3").code()).isEqualTo(3);
    assertThat(Console.of(new Toy(() -> 0)).code()).isZero();
  }

  @Test
  void helps() {
    Console seen = Console.of(toy(), "--help");
    assertThat(seen.code()).isZero();
    assertThat(seen.out()).contains("A toy.", "--count", "--name", "--resume");
    assertThat(seen.err()).isEmpty();
  }

  @Test
  void explainsMistakesInALine() {
    Console.assertMistake(toy(), "toy: Unknown option: '--cuont=3'", "--cuont=3");
    Console.assertMistake(toy(), "Missing required parameter for option '--name'", "--name");
    for (String wrong : new String[] {"0", "-1", "x", "1.5", "99999999999"}) {
      Console.assertMistake(toy(), "from 1 on, not \"" + wrong + "\"", "--count", wrong);
    }
    Toy late =
        new Toy(
            () -> {
              throw new UsageException("no such folder");
            });
    Console.assertMistake(late, "toy: no such folder");
  }

  @Test
  void failuresAreNoMistakes() {
    Toy failing =
        new Toy(
            () -> {
              throw new IOException("a start ended with exit code 3");
            });
    String line = "toy: a start ended with exit code 3" + System.lineSeparator();
    assertThat(Console.of(failing)).isEqualTo(new Console(1, "", line));
  }

  @Test
  void defectsShowWhereTheyAre() {
    Toy defect =
        new Toy(
            () -> {
              throw new IllegalStateException("never");
            });
    Console seen = Console.of(defect);
    assertThat(seen.code()).isEqualTo(1);
    assertThat(seen.err()).contains("never", "\tat ");
  }
}
