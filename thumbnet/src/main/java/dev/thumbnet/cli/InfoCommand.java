package dev.thumbnet.cli;

import dev.thumbnet.cli.option.DeviceOptions;
import dev.thumbnet.cli.option.WeightOptions;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.plan.StepTime;
import dev.thumbnet.measure.Machine;
import dev.thumbnet.pipeline.CompiledModel;
import dev.thumbnet.pipeline.TrainedModel;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code thumbnet info}: what computes here, and what a model is. */
@Command(
    name = "info",
    description = {
      "Shows which kernels, lanes and threads compute here, and what the file of a model holds.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  thumbnet info",
      "  thumbnet info student.safetensors",
      "  thumbnet info student.safetensors --profile"
    },
    mixinStandardHelpOptions = true)
final class InfoCommand implements Callable<Integer> {
  private static final int PROFILE_RUNS = 200;

  private final Console console;

  @Parameters(index = "0", arity = "0..1", paramLabel = "MODEL", description = "File of a model.")
  private @Nullable Path file;

  @Option(
      names = "--profile",
      description = "Compile the model for single pictures and show how long each step takes.")
  private boolean profile;

  @Mixin private WeightOptions weights;
  @Mixin private DeviceOptions device;

  InfoCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    try (Device opened = device.open()) {
      if (file == null) {
        print(Machine.here(opened));
      } else {
        TrainedModel model = TrainedModel.load(file, opened);
        print(model);
        if (profile) {
          printProfile(model);
        }
      }
    }
    return 0;
  }

  private void print(Machine machine) {
    line("version", Main.Version.text());
    line("device", machine.device());
    line("processor", machine.processor() + ", " + machine.cores() + " cores");
    line("system", machine.system());
    line("java", machine.java());
  }

  private void print(TrainedModel model) {
    PrintWriter out = console.out();
    line("model", model.toString());
    line("classes", String.join(", ", model.classes()));
    line("parameters", count(model.parameterCount()));
    line("multiply-adds", count(model.macs()) + " per picture");
    if (model.usesThumbnails()) {
      line(
          "downscaler",
          model.downscaler().kind().label()
              + ", "
              + count(model.downscaler().parameterCount())
              + " of the parameters, "
              + count(model.downscalerMacs())
              + " of the multiply-adds");
    }
    out.println();
    out.println("How it was made:");
    model
        .provenance()
        .settings()
        .forEach((name, value) -> out.println("  " + name + " = " + value));
    out.println("Where:");
    model
        .provenance()
        .environment()
        .forEach((name, value) -> out.println("  " + name + " = " + value));
  }

  private void printProfile(TrainedModel model) {
    int size = model.preprocessing().size();
    List<StepTime> times =
        CompiledModel.of(model, 1, weights.format())
            .profile(1, new float[3 * size * size], PROFILE_RUNS);
    PrintWriter out = console.out();
    out.printf(
        Locale.ROOT,
        "%nCompiled, for one picture: %.3f ms (medians of %d runs of each step)%n",
        times.stream().mapToLong(StepTime::medianNanos).sum() / 1e6,
        PROFILE_RUNS);
    for (StepTime time : times) {
      out.printf(
          Locale.ROOT,
          "%8.3f ms %6.1f GMAC/s %s%n",
          time.medianNanos() / 1e6,
          (double) time.macs() / Math.max(1, time.medianNanos()),
          time.step());
    }
  }

  private static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private void line(String name, String value) {
    console.out().printf("%-15s%s%n", name, value);
  }
}
