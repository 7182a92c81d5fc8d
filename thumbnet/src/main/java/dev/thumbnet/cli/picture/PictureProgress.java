package dev.thumbnet.cli.picture;

import java.io.PrintWriter;

/**
 * The last line of a terminal, which says how many pictures are done; elsewhere nothing. Results
 * that go to the same terminal are printed between {@link #clear} and {@link #show}. For one
 * thread.
 */
public final class PictureProgress {
  /** Seldom enough to cost nothing, often enough to be seen to move. */
  private static final long NANOS = 100_000_000;

  private final PrintWriter err;
  private final boolean terminal;
  private final int all;
  private long last = System.nanoTime();
  private int drawn;

  /**
   * Shows nothing yet.
   *
   * @param err standard error
   * @param terminal whether that is a terminal
   * @param all how many pictures there are
   */
  public PictureProgress(PrintWriter err, boolean terminal, int all) {
    this.err = err;
    this.terminal = terminal;
    this.all = all;
  }

  /** Shows how many pictures are done, if it is time to. */
  public void show(int done) {
    long now = System.nanoTime();
    if (terminal && now - last >= NANOS) {
      last = now;
      String text = "  " + done + " of " + all + " pictures";
      err.print("\r" + text + " ".repeat(Math.max(0, drawn - text.length())));
      err.flush();
      drawn = text.length();
    }
  }

  /** Takes the line away. */
  public void clear() {
    if (drawn > 0) {
      err.print("\r" + " ".repeat(drawn) + "\r");
      err.flush();
      drawn = 0;
      last = 0;
    }
  }
}
