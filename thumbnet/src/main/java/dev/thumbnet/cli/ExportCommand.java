package dev.thumbnet.cli;

import dev.thumbnet.cli.option.DeviceOptions;
import dev.thumbnet.data.transform.Normalize;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.Sequential;
import dev.thumbnet.engine.onnx.Onnx;
import dev.thumbnet.pipeline.TrainedModel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code thumbnet export}: writes a model as ONNX. */
@Command(
    name = "export",
    description = {
      "Writes a model in the ONNX format, for other programs.",
      "",
      "The input of the ONNX model is a batch of any number n of pictures, (n, 3, size, size),"
          + " whose colours are normalised as the command prints it; the output is a row of logits"
          + " for each picture, (n, classes). The names of the classes, the size and the colours'"
          + " mean and std are in the metadata of the ONNX model, lists as JSON.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  thumbnet export student.safetensors --out student.onnx",
      "  thumbnet export student.safetensors --part classifier --out classifier.onnx"
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

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "ONNX file to write, for example student.onnx.")
  private Path out;

  @Option(
      names = "--part",
      paramLabel = "PART",
      defaultValue = "all",
      description =
          "What to write: all, which takes full pictures; or classifier, the part of a model for"
              + " thumbnails that takes thumbnails. Default: ${DEFAULT-VALUE}.")
  private Part part;

  @Mixin private DeviceOptions device;

  ExportCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    OutputFile.checkNew(out);
    try (Device opened = device.open()) {
      TrainedModel model = TrainedModel.load(file, opened);
      if (part != Part.ALL && !model.usesThumbnails()) {
        throw new IllegalArgumentException(
            file + ": takes full pictures and has only one part; leave out --part");
      }
      int side = part == Part.CLASSIFIER ? model.inputSize() : model.preprocessing().size();
      Normalize colours = model.preprocessing().normalize();
      Tensor example = Tensor.zeros(opened, 1, side, side, 3);
      Onnx.write(network(model), example, metadata(model, side, colours), out);
      console
          .out()
          .println(
              out
                  + ": takes "
                  + (part == Part.CLASSIFIER ? "thumbnails" : "pictures")
                  + " of "
                  + side
                  + "x"
                  + side
                  + " pixels; red, green and blue from 0 to 1, minus "
                  + Arrays.toString(colours.mean())
                  + ", divided by "
                  + Arrays.toString(colours.std()));
    }
    return 0;
  }

  /** Returns what users of the ONNX model need to know, lists as JSON. */
  private static Map<String, String> metadata(TrainedModel model, int side, Normalize colours) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("classes", Json.line(model.classes()));
    metadata.put("size", Integer.toString(side));
    metadata.put("mean", Arrays.toString(colours.mean()));
    metadata.put("std", Arrays.toString(colours.std()));
    return metadata;
  }

  private Module network(TrainedModel model) {
    return part == Part.ALL && model.usesThumbnails()
        ? new Sequential(model.downscaler(), model.network())
        : model.network();
  }
}
