package dev.thumbnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.cli.Program.Outcome;
import java.io.PrintWriter;
import java.io.StringWriter;
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
    Outcome many = Program.run("info", "--threads", "100000");
    assertThat(many.code()).isEqualTo(1);
    assertThat(many.err())
        .isEqualToIgnoringNewLines("thumbnet: --threads must be at most 1024, got 100000");
  }

  /** Runs with an output of which the first line throws. */
  private static Outcome runWith(Error thrown) {
    StringWriter err = new StringWriter();
    PrintWriter out =
        new PrintWriter(new StringWriter()) {
          @Override
          public void write(String text, int from, int count) {
            throw thrown;
          }
        };
    Console console = new Console(out, new PrintWriter(err), false, new Interruption());
    return new Outcome(Main.run(console, "info", "--threads=1"), "", err.toString());
  }

  @Test
  void errorsEndTheCommandWithALine() {
    Outcome overflow = runWith(new StackOverflowError());
    assertThat(overflow.code()).isEqualTo(1);
    assertThat(overflow.err()).startsWith("thumbnet: internal error").contains("StackOverflow");
    assertThat(overflow.err().lines()).hasSize(1);
    Outcome memory = runWith(new ExceptionInInitializerError(new OutOfMemoryError()));
    assertThat(memory.code()).isEqualTo(1);
    assertThat(memory.err()).startsWith("thumbnet: not enough memory").contains("-Xmx");
  }

  @Test
  void infoTellsWhatComputes() {
    Outcome outcome = Program.run("info", "--threads", "1");
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out()).contains("kernels").contains("1 thread");
  }
}
