package dev.thumbnet.cli;

import dev.thumbnet.engine.Device;
import dev.thumbnet.experiment.Machine;
import dev.thumbnet.train.TrainedModel;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code thumbnet info}: what computes here, and what a model is. */
@Command(
    name = "info",
    description = {
      "Shows which kernels, lanes and threads compute here, and what the file of a model holds.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {"  thumbnet info", "  thumbnet info student.safetensors"},
    mixinStandardHelpOptions = true)
final class InfoCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(index = "0", arity = "0..1", paramLabel = "MODEL", description = "File of a model.")
  private Path file;

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
        print(ModelFiles.load(file, opened));
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
    line("parameters", count(model.network().parameterCount()));
    line("multiply-adds", count(model.macs()) + " per picture");
    if (model.usesThumbnails()) {
      line(
          "downscaler",
          DownscalerConverter.name(model.downscaler().kind())
              + ", "
              + count(model.downscaler().parameterCount())
              + " parameters, "
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

  private static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private void line(String name, String value) {
    console.out().printf("%-15s%s%n", name, value);
  }
}
