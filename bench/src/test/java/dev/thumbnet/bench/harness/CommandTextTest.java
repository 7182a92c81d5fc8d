package dev.thumbnet.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A command can be pasted into a shell. */
class CommandTextTest {
  @Test
  void quotesSpaces() {
    CommandText command =
        new CommandText("bin/toy")
            .flag("--quick", true)
            .flag("--other", false)
            .option("--starts", 3)
            .option("--case", List.of("train", "forward resnet18 56 b1"))
            .option("--part", List.of());
    assertThat(command)
        .hasToString("bin/toy --quick --starts 3 --case train --case 'forward resnet18 56 b1'");
  }
}
