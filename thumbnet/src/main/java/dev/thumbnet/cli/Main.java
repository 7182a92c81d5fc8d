package dev.thumbnet.cli;

import dev.thumbnet.cli.process.FileNames;
import dev.thumbnet.cli.process.OutputException;
import dev.thumbnet.cli.terminal.LogLines;
import dev.thumbnet.data.image.ImageException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
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
      "Exit codes: 0 done, 1 failed, 2 wrong usage, 130 stopped by Ctrl-C, 143 by SIGTERM, 141 if"
          + " nobody reads the output any more."
    },
    versionProvider = Main.Version.class,
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class Main implements Runnable {
  private static final int FAILED = 1;
  private static final int WRONG_USAGE = 2;
  private static final int INTERRUPTED = 130;

  /** As of a program that SIGPIPE ends, such as most of those that are written in C. */
  private static final int NOBODY_READS = 141;

  private static final String NO_MEMORY =
      "not enough memory. Give the program more, for example THUMBNET_OPTS=-Xmx8g, or take a"
          + " smaller --batch.";

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
    if (interruption.listen(Thread.currentThread())) {
      int code = FAILED;
      try {
        code = run(Console.ofProcess(interruption), args);
      } finally {
        // Whatever happened: nobody waits for the command any longer.
        interruption.commandEnded();
        System.exit(code);
      }
    }
  }

  /** Runs one command and returns its exit code; throws nothing. */
  static int run(Console console, String... args) {
    Main main = new Main();
    try {
      int code = main.commandLine(console).execute(args);
      console.out().flush();
      return code;
    } catch (RuntimeException | Error e) {
      return main.explain(e, "", console);
    } finally {
      console.err().flush();
    }
  }

  private CommandLine commandLine(Console console) {
    return new CommandLine(this)
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
        .setExpandAtFiles(false)
        .registerConverter(Path.class, new FileNames())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(console.interactive())
        .setColorScheme(
            CommandLine.Help.defaultColorScheme(console.interactive() ? Ansi.AUTO : Ansi.OFF))
        .setExecutionStrategy(Main::execute)
        .setParameterExceptionHandler(Main::explainUsage)
        .setExecutionExceptionHandler(
            (e, failed, parsed) -> explain(e, remedy(e, failed), console));
  }

  /** Of what fails while help is printed, picocli itself would print the stack trace. */
  private static int execute(ParseResult parsed) {
    try {
      return new CommandLine.RunLast().execute(parsed);
    } catch (OutputException e) {
      throw new ExecutionException(parsed.commandSpec().commandLine(), e.getMessage(), e);
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
  private int explain(Throwable e, String remedy, Console console) {
    PrintWriter err = console.err();
    if (verbose) {
      e.printStackTrace(err);
    }
    if (e instanceof OutputException output && output.readerIsGone()) {
      return NOBODY_READS;
    }
    boolean stopped =
        e instanceof CancellationException
            || console.interruption().requested() && has(e, ClosedByInterruptException.class);
    if (stopped) {
      err.println("thumbnet: " + (e instanceof CancellationException ? e.getMessage() : "stopped"));
      return INTERRUPTED;
    }
    err.println("thumbnet: " + (has(e, OutOfMemoryError.class) ? NO_MEMORY : reason(e) + remedy));
    return FAILED;
  }

  private static boolean has(Throwable e, Class<? extends Throwable> kind) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (kind.isInstance(t)) {
        return true;
      }
    }
    return false;
  }

  private static String reason(Throwable e) {
    boolean understood =
        e instanceof IllegalArgumentException
            || e instanceof IllegalStateException
            || e instanceof ArithmeticException
            || e instanceof UncheckedIOException
            || e.getClass().getName().startsWith("dev.thumbnet.");
    return understood
        ? String.valueOf(e.getMessage())
        : "internal error, please report it: " + e + " (--verbose shows where)";
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
