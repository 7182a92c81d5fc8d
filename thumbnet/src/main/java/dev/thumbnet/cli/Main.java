package dev.thumbnet.cli;

import dev.thumbnet.cli.terminal.LogLines;
import dev.thumbnet.data.image.ImageException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program {@code thumbnet}: the root of the command line. */
@Command(
    name = "thumbnet",
    description = {
      "Recognises pictures from thumbnails: a learned downscaler makes small pictures that a small"
          + " amount of computing can classify almost as well as large ones.",
      ""
    },
    footerHeading = "%nStart here:%n",
    footer = {
      "  thumbnet reproduce                     the paper's table in small, in a few minutes",
      "  thumbnet COMMAND --help                what a command does, with examples",
      "",
      "Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted."
    },
    versionProvider = Main.Version.class,
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class Main implements Runnable {
  private static final int FAILED = 1;
  private static final int WRONG_USAGE = 2;
  private static final int INTERRUPTED = 130;

  /** Kept, because a logger that nobody holds forgets its level. */
  private static final Logger LOG = Logger.getLogger("dev.thumbnet");

  @Spec private CommandSpec spec;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "With an error, also print where in the program it arose.")
  private boolean verbose;

  private Main() {}

  /**
   * Runs one command and ends the JVM with its exit code.
   *
   * @param args the words of the command line
   */
  public static void main(String[] args) {
    LogLines.use();
    LOG.setLevel(Level.WARNING);
    Interruption interruption = new Interruption();
    interruption.listen();
    int code = run(Console.ofProcess(interruption), args);
    interruption.commandEnded();
    System.exit(code);
  }

  /** Runs one command and returns its exit code. */
  static int run(Console console, String... args) {
    Main main = new Main();
    CommandLine line =
        new CommandLine(main)
            .addSubcommand(new ReproduceCommand(console))
            .addSubcommand(new TrainCommand(console))
            .addSubcommand(new DistillCommand(console))
            .addSubcommand(new EvaluateCommand(console))
            .addSubcommand(new ClassifyCommand(console))
            .addSubcommand(new DownscaleCommand(console))
            .addSubcommand(new InfoCommand(console))
            .addSubcommand(new ImportCommand(console))
            .addSubcommand(new ExportCommand(console))
            .setOut(console.out().unfiltered())
            .setErr(console.err())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setUsageHelpAutoWidth(console.interactive())
            .setColorScheme(
                CommandLine.Help.defaultColorScheme(console.interactive() ? Ansi.AUTO : Ansi.OFF))
            .setParameterExceptionHandler(Main::explainUsage)
            .setExecutionExceptionHandler(
                (e, failed, parsed) -> main.explain(e, remedy(e, failed), console));
    try {
      return line.execute(args);
    } catch (OutOfMemoryError e) {
      console
          .err()
          .println(
              "thumbnet: not enough memory. Give the program more, for example"
                  + " THUMBNET_OPTS=-Xmx8g, or take a smaller --batch.");
      return FAILED;
    } finally {
      console.out().flush();
      console.err().flush();
    }
  }

  private static int explainUsage(ParameterException e, String[] args) {
    CommandLine failed = e.getCommandLine();
    PrintWriter err = failed.getErr();
    err.println("thumbnet: " + e.getMessage());
    UnmatchedArgumentException.printSuggestions(e, err);
    err.println("Try: " + failed.getCommandSpec().qualifiedName() + " --help");
    return WRONG_USAGE;
  }

  /** What a command offers against an error, after its message. */
  private static String remedy(Exception e, CommandLine failed) {
    return e instanceof ImageException && failed.getCommandSpec().findOption("--broken") != null
        ? "; --broken skip leaves such files out"
        : "";
  }

  /** What a user can cause has a message that explains it; everything else is a defect. */
  private int explain(Exception e, String remedy, Console console) {
    PrintWriter err = console.err();
    if (verbose) {
      e.printStackTrace(err);
    }
    if (e instanceof CancellationException) {
      err.println("thumbnet: " + e.getMessage());
      return INTERRUPTED;
    }
    boolean understood =
        e instanceof IllegalArgumentException
            || e instanceof IllegalStateException
            || e instanceof ArithmeticException
            || e instanceof UncheckedIOException
            || e.getClass().getName().startsWith("dev.thumbnet.");
    err.println(
        "thumbnet: "
            + (understood
                ? e.getMessage() + remedy
                : "internal error, please report it: " + e + " (--verbose shows where)"));
    return FAILED;
  }

  /** Prints the help: the root alone does nothing. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** The version is that of the module; classes outside of a module have none. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"thumbnet " + text()};
    }

    static String text() {
      return Optional.ofNullable(Main.class.getModule().getDescriptor())
          .flatMap(ModuleDescriptor::rawVersion)
          .orElse("of a development build");
    }
  }
}
