package dev.thumbnet.cli;

import dev.thumbnet.cli.picture.PictureLoop;
import dev.thumbnet.cli.process.OutputException;
import dev.thumbnet.cli.process.StandardOutput;
import java.io.PrintWriter;

/**
 * Where a command prints, and how it hears of Ctrl-C.
 *
 * @param out for results; when that fails, printing throws an {@link OutputException}
 * @param err for progress and errors; if that fails, nobody can be told
 * @param interactive whether a person watches {@code err}, so that progress bars make sense
 * @param interruption tells when to stop
 */
record Console(PrintWriter out, PrintWriter err, boolean interactive, Interruption interruption) {
  /** What the launcher says: whether standard error is a terminal. */
  private static final String TERMINAL = "thumbnet.terminal";

  /** The console of the process. */
  static Console ofProcess(Interruption interruption) {
    return new Console(
        StandardOutput.ofProcess(),
        new PrintWriter(System.err, true),
        errIsTerminal(),
        interruption);
  }

  /** How a command goes through many pictures. */
  PictureLoop loop(int threads) {
    return new PictureLoop(threads, err, interactive, interruption::requested);
  }

  /** Java can tell of standard error only if all else is a terminal, too; the launcher can. */
  private static boolean errIsTerminal() {
    String told = System.getProperty(TERMINAL);
    java.io.Console terminal = System.console();
    return told == null ? terminal != null && terminal.isTerminal() : Boolean.parseBoolean(told);
  }
}
