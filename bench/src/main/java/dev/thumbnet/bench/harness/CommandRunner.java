package dev.thumbnet.bench.harness;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Runs a command line: mistakes and failures of processes become a line each, and an exit code. */
public final class CommandRunner {
  private static final int FAILED = 1;
  private static final int WRONG_USAGE = 2;

  private CommandRunner() {}

  /** Runs a command that picocli's annotations describe, and ends this JVM. */
  public static void main(Callable<Integer> command, String... arguments) {
    System.exit(
        run(
            command,
            new PrintWriter(System.out, true),
            new PrintWriter(System.err, true),
            arguments));
  }

  /** Runs such a command and returns its exit code: 0, 1 for a failure, 2 for a user's mistake. */
  public static int run(
      Callable<Integer> command, PrintWriter out, PrintWriter err, String... arguments) {
    return new CommandLine(command)
        .setOut(out)
        .setErr(err)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler((e, given) -> explain(e.getCommandLine(), e, WRONG_USAGE))
        .setExecutionExceptionHandler(
            (e, failed, parsed) ->
                switch (e) {
                  case UsageException mistake -> explain(failed, mistake, WRONG_USAGE);
                  case IOException failure -> explain(failed, failure, FAILED);
                  default -> throw e;
                })
        .execute(arguments);
  }

  private static int explain(CommandLine failed, Exception e, int code) {
    String help = code == WRONG_USAGE ? "; --help explains the options" : "";
    failed.getErr().println(failed.getCommandName() + ": " + e.getMessage() + help);
    return code;
  }
}
