package dev.thumbnet.cli;

import java.io.PrintWriter;

/**
 * Where a command prints, and how it hears of Ctrl-C.
 *
 * @param out for results
 * @param err for progress and errors
 * @param interactive whether a person watches, so that progress bars make sense
 * @param interruption tells when to stop
 */
record Console(PrintWriter out, PrintWriter err, boolean interactive, Interruption interruption) {

  /** The console of the process. */
  static Console ofProcess(Interruption interruption) {
    java.io.Console terminal = System.console();
    return new Console(
        new PrintWriter(System.out, true),
        new PrintWriter(System.err, true),
        terminal != null && terminal.isTerminal(),
        interruption);
  }
}
