package dev.thumbnet.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** Runs the program in this JVM, as the tests see it. */
final class Program {
  /** What a command left behind. */
  record Outcome(int code, String out, String err) {}

  private Program() {}

  static Outcome run(String... args) {
    return run(new Interruption(), args);
  }

  static Outcome run(Interruption interruption, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Console console = new Console(new PrintWriter(out), new PrintWriter(err), false, interruption);
    int code = Main.run(console, args);
    return new Outcome(code, out.toString(), err.toString());
  }
}
