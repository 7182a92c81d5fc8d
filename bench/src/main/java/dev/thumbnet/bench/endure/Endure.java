package dev.thumbnet.bench.endure;

import dev.thumbnet.bench.endure.trial.PartResult;
import dev.thumbnet.bench.harness.CommandRunner;
import dev.thumbnet.bench.harness.Machine;
import dev.thumbnet.bench.harness.Run;
import dev.thumbnet.bench.harness.RunOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Starts the parts in new JVMs, one after the other, and makes a table of what they found. */
@Command(
    name = "endure",
    sortOptions = false,
    description = {
      "Tries what must hold under attack and at the limits: kills, damaged and hostile files,"
          + " threads, the example service. Cases are drawn, the same ones for the same seed.",
      "Exit code 1 if anything happened that must not; the table says how to repeat it."
    })
final class Endure implements Callable<Integer> {
  private static final Path NEWEST = Path.of("bench", "ENDURANCE.md");

  @Mixin private final EndureOptions options;

  @Spec private CommandSpec spec;

  private final PartStart start;

  /**
   * Makes the command.
   *
   * @param start starts the parts
   * @param results folder for the files
   */
  Endure(PartStart start, Path results) {
    this.start = start;
    this.options = new EndureOptions(results);
  }

  /** Runs the command line. */
  public static void main(String[] args) {
    Descendants.endWithThisProcess(PartProcess::cleanUp);
    CommandRunner.main(new Endure(PartProcess::start, RunOptions.FOLDER), args);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    OptionalLong only = options.number();
    EndureResults none =
        new EndureResults(
            Machine.now(),
            options.command(),
            Machine.describe(),
            Machine.java(),
            options.seed(),
            new LinkedHashMap<>());
    Run<PartResult, EndureResults> run = options.run().begin(none, EndureResults.class);
    for (Part part : options.parts()) {
      PartStart.Order order =
          new PartStart.Order(part, options.seed(), options.share(part), options.least(part), only);
      run.start(part.name(), 1, 1, () -> start.run(order));
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(run.results().tables());
    out.flush();
    run.end();
    if (options.whole()) {
      options.run().files().publish(NEWEST);
    }
    return run.results().violations() == 0 ? 0 : 1;
  }
}
