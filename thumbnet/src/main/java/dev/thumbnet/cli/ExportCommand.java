package dev.thumbnet.cli;

import dev.thumbnet.cli.option.DeviceOptions;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.io.Onnx;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.Sequential;
import dev.thumbnet.pipeline.TrainedModel;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code thumbnet export}: writes a model as ONNX. */
@Command(
    name = "export",
    description = {
      "Writes a model in the format ONNX, for other programs. Its input are normalised pictures"
          + " (n, 3, size, size), any number at a time; its output are logits.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  thumbnet export student.safetensors --out student.onnx",
      "  thumbnet export student.safetensors --part classifier --out thumbnails-only.onnx"
    },
    mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {
  private final Console console;

  /** What of a model is written. */
  enum Part {
    /** From full pictures to logits, with the downscaler if there is one. */
    ALL,
    /** From thumbnails to logits. */
    CLASSIFIER
  }

  @Parameters(index = "0", paramLabel = "MODEL", description = "File of the model.")
  private Path file;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "File to write.")
  private Path out;

  @Option(
      names = "--part",
      paramLabel = "PART",
      defaultValue = "all",
      description =
          "all, or classifier: of a model for thumbnails only what classifies them, whose input are"
              + " thumbnails. Default: ${DEFAULT-VALUE}.")
  private Part part;

  @Mixin private DeviceOptions device;

  ExportCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    OutputFile.checkNew(out);
    try (Device opened = device.open()) {
      TrainedModel model = ModelFiles.load(file, opened);
      if (part != Part.ALL && !model.usesThumbnails()) {
        throw new IllegalArgumentException(
            file + ": takes full pictures and has one part only; leave out --part");
      }
      int side = part == Part.CLASSIFIER ? model.inputSize() : model.preprocessing().size();
      Onnx.write(network(model), Tensor.zeros(opened, 1, side, side, 3), out);
      console.out().println(out + ": pictures of " + side + "x" + side + " pixels");
    }
    return 0;
  }

  private Module network(TrainedModel model) {
    return part == Part.ALL && model.usesThumbnails()
        ? new Sequential(model.downscaler(), model.network())
        : model.network();
  }
}
