package dev.thumbnet.cli;

import dev.thumbnet.cli.option.DeviceOptions;
import dev.thumbnet.cli.option.ThumbnailSizes;
import dev.thumbnet.data.ClassNames;
import dev.thumbnet.engine.Device;
import dev.thumbnet.pipeline.Preprocessing;
import dev.thumbnet.pipeline.TorchvisionWeights;
import dev.thumbnet.pipeline.TrainedModel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code thumbnet import}: makes a model of torchvision's weights. */
@Command(
    name = "import",
    description = {
      "Makes a model of the weights of a ResNet or VGG of torchvision, which all other commands"
          + " take, for instance as a teacher.",
      "",
      "Which network it is shows in the names and shapes of the tensors, which may have a common"
          + " prefix, such as 'module.'. In Python, the weights are written by",
      "  safetensors.torch.save_file(model.state_dict(), 'resnet18.safetensors')",
      "and the names of the classes of torchvision's own weights by",
      "  print('\\n'.join(torchvision.models.ResNet18_Weights.DEFAULT.meta['categories']))",
      ""
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  thumbnet import resnet18.safetensors --classes imagenet.txt --out teacher.safetensors"
    },
    mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      index = "0",
      paramLabel = "WEIGHTS",
      description = "Safetensors file with the network's state.")
  private Path weights;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "The model to write.")
  private Path out;

  @Option(
      names = "--classes",
      paramLabel = "FILE",
      description =
          "Text file in UTF-8 with the name of a class on each line, in the order of the network's"
              + " outputs. Without it classes have numbers.")
  private @Nullable Path classes;

  @Option(
      names = "--size",
      paramLabel = "PIXELS",
      defaultValue = "224",
      description = "Side of the square that the network sees. Default: ${DEFAULT-VALUE}.")
  private int size;

  @Option(
      names = "--short-side",
      paramLabel = "PIXELS",
      description =
          "To what short side pictures are resized before the square is cut out. Default: eight"
              + " sevenths of --size, which is 256 for 224.")
  private @Nullable Integer shortSide;

  @Mixin private DeviceOptions device;

  ImportCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    OutputFile.checkNew(out);
    Preprocessing usual = Preprocessing.photographs(size);
    Preprocessing shown =
        shortSide == null ? usual : new Preprocessing(shortSide, size, usual.normalize());
    try (Device opened = device.open()) {
      TrainedModel model = TorchvisionWeights.read(weights, names(), shown, opened);
      model.network().architecture().checkSide(size);
      ThumbnailSizes.warn(model.network().architecture(), size, console::note);
      model.save(out);
      console.out().println(out + ": " + model);
    }
    return 0;
  }

  private List<String> names() {
    if (classes == null) {
      return List.of();
    }
    try {
      return ClassNames.read(classes);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--classes " + e.getMessage(), e);
    }
  }
}
