package dev.thumbnet.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;

/**
 * What a user sees of a command line.
 *
 * @param code exit code
 */
public record Console(int code, String out, String err) {
  /** Runs a command. */
  public static Console of(Callable<Integer> command, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        CommandRunner.run(
            command, new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    return new Console(code, out.toString(), err.toString());
  }

  /** Fails unless a command explains a mistake in one line that has some words. */
  public static void assertMistake(Callable<Integer> command, String words, String... arguments) {
    Console seen = of(command, arguments);
    assertThat(seen.code).isEqualTo(2);
    assertThat(seen.out).isEmpty();
    assertThat(seen.err.lines()).singleElement().asString().contains(words, "--help");
  }
}
