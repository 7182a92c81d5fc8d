package dev.thumbnet.cli;

import dev.thumbnet.cli.terminal.PrintableWriter;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/**
 * Where a command prints, and how it hears of Ctrl-C.
 *
 * @param out for results
 * @param err for progress and errors
 * @param interactive whether a person watches on a terminal that can show progress bars
 * @param interruption tells when to stop
 */
record Console(
    PrintableWriter out, PrintableWriter err, boolean interactive, Interruption interruption) {

  /** Nothing gets through to the writers that a terminal would obey. */
  Console(PrintWriter out, PrintWriter err, boolean interactive, Interruption interruption) {
    this(new PrintableWriter(out), new PrintableWriter(err), interactive, interruption);
  }

  /** The console of the process. */
  static Console ofProcess(Interruption interruption) {
    java.io.Console terminal = System.console();
    return new Console(
        new PrintWriter(System.out, true),
        new PrintWriter(System.err, true),
        terminal != null && terminal.isTerminal() && canMoveCursor(System.getenv("TERM")),
        interruption);
  }

  /**
   * Tells whether a terminal can go back to the beginning of a line. Those that cannot, such as
   * editors' shells, say that they are dumb.
   *
   * @param term what the environment says of the terminal
   */
  static boolean canMoveCursor(@Nullable String term) {
    return !"dumb".equals(term);
  }

  /** Says something that is no failure, of the command as a whole. */
  void note(String text) {
    err.println("thumbnet: " + text);
  }
}
