package dev.thumbnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.cli.Program.Outcome;
import org.junit.jupiter.api.Test;

/** The program as a whole: its help, its exit codes, and failures in one line. */
final class MainTest {
  @Test
  void withoutACommandTheHelpIsPrinted() {
    Outcome outcome = Program.run();
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out()).contains("Usage: thumbnet").contains("info");
  }

  @Test
  void wrongUsageGivesTwoAndAHint() {
    Outcome outcome = Program.run("inof");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err())
        .contains("thumbnet: Unmatched argument at index 0: 'inof'")
        .contains("Try: thumbnet --help");
    outcome = Program.run("info", "--threads", "many");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("--threads").contains("Try: thumbnet info --help");
  }

  @Test
  void aFailureGivesOneAndOneLine() {
    Outcome outcome = Program.run("info", "--threads", "0");
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err())
        .isEqualToIgnoringNewLines("thumbnet: --threads must be at least 1, got 0");
    assertThat(Program.run("info", "--threads", "0", "--verbose").err()).contains("DeviceOptions");
  }

  @Test
  void infoTellsWhatComputes() {
    Outcome outcome = Program.run("info", "--threads", "1");
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out()).contains("kernels").contains("1 thread");
  }
}
