package dev.thumbnet.cli;

import dev.thumbnet.cli.picture.PictureLoop;
import dev.thumbnet.cli.process.OutputException;
import dev.thumbnet.cli.process.StandardOutput;
import dev.thumbnet.cli.terminal.PrintableWriter;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/**
 * Where a command prints, and how it hears of Ctrl-C.
 *
 * @param out for results; when that fails, printing throws an {@link OutputException}
 * @param err for progress and errors; if that fails, nobody can be told
 * @param interactive whether a person watches {@code err} on a terminal that can show progress bars
 * @param interruption tells when to stop
 */
record Console(
    PrintableWriter out, PrintableWriter err, boolean interactive, Interruption interruption) {
  /** What the launcher says: whether standard error is a terminal that can move its cursor. */
  private static final String TERMINAL = "thumbnet.terminal";

  /** Nothing gets through to the writers that a terminal would obey. */
  Console(PrintWriter out, PrintWriter err, boolean interactive, Interruption interruption) {
    this(new PrintableWriter(out), new PrintableWriter(err), interactive, interruption);
  }

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

  /** Says something that is no failure, of the command as a whole. */
  void note(String text) {
    err.println("thumbnet: " + text);
  }

  /** Java can tell of standard error only if all else is a terminal, too; the launcher can. */
  private static boolean errIsTerminal() {
    String told = System.getProperty(TERMINAL);
    java.io.Console terminal = System.console();
    return told == null
        ? terminal != null && terminal.isTerminal() && canMoveCursor(System.getenv("TERM"))
        : Boolean.parseBoolean(told);
  }

  /**
   * Tells whether a terminal can go back to the beginning of a line. Those that cannot, such as
   * editors' shells, say that they are dumb.
   *
   * @param term what the environment says of the terminal
   */
  static boolean canMoveCursor(@Nullable String term) {
    return term != null && !term.equals("dumb");
  }
}
