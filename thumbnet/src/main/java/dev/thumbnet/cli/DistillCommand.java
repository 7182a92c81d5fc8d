package dev.thumbnet.cli;

import dev.thumbnet.data.DataSet;
import dev.thumbnet.data.image.ImageDecoder;
import dev.thumbnet.engine.Device;
import dev.thumbnet.method.Trained;
import dev.thumbnet.method.thumbnet.StudentOptions;
import dev.thumbnet.method.thumbnet.ThumbNetTraining;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.train.Recipe;
import dev.thumbnet.train.TrainingData;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code thumbnet distill}: makes a downscaler and a student. */
@Command(
    name = "distill",
    description = {
      "Trains a downscaler and a student network that classifies its thumbnails, with the help of a"
          + " teacher: ThumbNet.",
      "",
      "The student has the teacher's architecture and starts with its weights; pictures and their"
          + " size are the teacher's. Ctrl-C stops at the next step; --resume goes on exactly"
          + " there.",
      ""
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  thumbnet distill --teacher teacher.safetensors --data pictures --ratio 16 \\",
      "    --out student.safetensors",
      "  thumbnet evaluate student.safetensors --data pictures"
    },
    mixinStandardHelpOptions = true)
final class DistillCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--teacher",
      required = true,
      paramLabel = "FILE",
      description = "Model made by 'train'.")
  private Path teacher;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "Folder with the folders train and val, with the teacher's classes.")
  private Path data;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "Model to write, for example student.safetensors.")
  private Path out;

  @Option(
      names = "--ratio",
      paramLabel = "N",
      defaultValue = "4",
      description =
          "Ratio of the areas of picture and thumbnail: 4 (half the side) or 16 (a quarter)."
              + " Default: ${DEFAULT-VALUE}.")
  private int ratio;

  @Option(
      names = "--downscaler",
      paramLabel = "KIND",
      defaultValue = DownscalerConverter.DEFAULT,
      converter = DownscalerConverter.class,
      description = DownscalerConverter.DESCRIPTION)
  private DownscalerKind downscaler;

  @Mixin private TrainingOptions training;
  @Mixin private DataOptions pictures;
  @Mixin private DeviceOptions device;

  DistillCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    OutputFile.checkNew(out);
    StudentOptions method = StudentOptions.thumbNet(downscaler, Reduction.ofArea(ratio));
    Recipe recipe = training.complete(Recipe.student(training.epochs()));
    try (Device opened = device.open()) {
      TrainedModel t = ModelFiles.load(teacher, opened);
      ImageDecoder decoder = t.preprocessing().decoder();
      DataSet train = pictures.train(data, decoder);
      DataSet val = pictures.val(data, decoder);
      TrainingData set = TrainingData.photographs(train, val, t.preprocessing().size());
      Trained trained =
          training.train(
              out, console, run -> new ThumbNetTraining(t, method, set, recipe).run(run));
      Outcomes.print(console, out, trained);
    }
    return 0;
  }
}
