package dev.thumbnet.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program {@code thumbnet}: the root of the command line. */
@Command(
    name = "thumbnet",
    description = "ThumbNet: small pictures, classified almost as well as large ones.",
    version = "thumbnet 0.1.0-SNAPSHOT",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class Main implements Runnable {

  private Main() {}

  /**
   * Runs one command and ends the JVM with its exit code.
   *
   * @param args the words of the command line
   */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }

  /** Prints the help: the root alone does nothing. */
  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }
}
