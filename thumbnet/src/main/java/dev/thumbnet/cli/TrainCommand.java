package dev.thumbnet.cli;

import dev.thumbnet.cli.option.DataOptions;
import dev.thumbnet.cli.option.DeviceOptions;
import dev.thumbnet.cli.option.NetworkOptions;
import dev.thumbnet.cli.option.ThumbnailSizes;
import dev.thumbnet.cli.option.TrainingOptions;
import dev.thumbnet.data.DataSet;
import dev.thumbnet.data.image.ImageDecoder;
import dev.thumbnet.engine.Device;
import dev.thumbnet.measure.Metrics;
import dev.thumbnet.measure.Score;
import dev.thumbnet.method.Trained;
import dev.thumbnet.method.teacher.TeacherTraining;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.train.Recipe;
import dev.thumbnet.train.TrainingData;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code thumbnet train}: makes a teacher. */
@Command(
    name = "train",
    description = {
      "Trains a network on full pictures, from scratch: the teacher of 'distill'.",
      "",
      "Pictures are read from DIR/train and DIR/val, one folder for each class; what else is there"
          + " is left out, and named. Ctrl-C stops at the next step; a checkpoint beside the model,"
          + " written every minute, lets --resume go on exactly there.",
      ""
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  thumbnet train --data pictures --out teacher.safetensors --size 128 --width 0.5",
      "  thumbnet evaluate teacher.safetensors --data pictures"
    },
    mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "Folder with the folders train and val.")
  private Path data;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "Model to write, for example teacher.safetensors.")
  private Path out;

  @Option(
      names = "--width",
      paramLabel = "FACTOR",
      defaultValue = "1.0",
      description =
          "Factor for the number of channels; 0.25 is about 16 times faster than 1. Default:"
              + " ${DEFAULT-VALUE}.")
  private double width;

  @Option(
      names = "--size",
      paramLabel = "PIXELS",
      defaultValue = "128",
      description = "Side of the squares that pictures are brought to. Default: ${DEFAULT-VALUE}.")
  private int size;

  @Mixin private NetworkOptions network;
  @Mixin private TrainingOptions training;
  @Mixin private DataOptions pictures;
  @Mixin private DeviceOptions device;

  TrainCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    OutputFile.checkNew(out);
    Recipe usual = Recipe.teacher(training.epochs());
    ImageDecoder decoder = new ImageDecoder();
    DataSet train = pictures.train(data, decoder, console::note);
    DataSet val = pictures.val(data, decoder, console::note);
    Architecture architecture = network.architecture(train.classes().size(), width);
    Recipe recipe = training.complete(usual, train, console::note);
    architecture.checkTraining(size, recipe.batchSize());
    TrainingData set = TrainingData.photographs(train, val, size);
    ThumbnailSizes.warn(architecture, size, console::note);
    try (Device opened = device.open()) {
      Trained trained =
          SingleTraining.run(
              out,
              training.resume(),
              console,
              run -> new TeacherTraining(architecture, set, recipe, opened).run(run));
      Score last = trained.result().history().getLast().score();
      Outcomes.print(
          console, out, trained.model(), val, last.value(Metrics.ACC_1), last.value(Metrics.ACC_5));
    }
    return 0;
  }
}
