package dev.thumbnet.cli;

import dev.thumbnet.cli.option.DataOptions;
import dev.thumbnet.cli.option.DeviceOptions;
import dev.thumbnet.cli.option.DownscalerConverter;
import dev.thumbnet.cli.option.TrainingOptions;
import dev.thumbnet.data.DataSet;
import dev.thumbnet.data.image.ImageDecoder;
import dev.thumbnet.engine.Device;
import dev.thumbnet.experiment.Methods;
import dev.thumbnet.measure.Metrics;
import dev.thumbnet.method.Method;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.Trained;
import dev.thumbnet.method.Training;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.method.thumbnet.StudentMethod;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.train.Recipe;
import dev.thumbnet.train.TrainingData;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code thumbnet distill}: makes a downscaler and a student. */
@Command(
    name = "distill",
    description = {
      "Trains a student with the help of a teacher: by ThumbNet a downscaler and a network that"
          + " classifies its thumbnails, or by another method.",
      "",
      "The student starts from the teacher; pictures and their size are the teacher's. Ctrl-C stops"
          + " at the next step; --resume goes on exactly there.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  thumbnet distill --teacher teacher.safetensors --data pictures --ratio 16 \\",
      "    --out student.safetensors",
      "  thumbnet distill --teacher teacher.safetensors --data pictures --method thinet \\",
      "    --point 2x --out thin.safetensors",
      "  thumbnet evaluate student.safetensors --data pictures"
    },
    mixinStandardHelpOptions = true)
final class DistillCommand implements Callable<Integer> {
  private static final int USUAL_RATIO = 4;

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
      names = "--method",
      paramLabel = "KEY",
      completionCandidates = MethodKeys.class,
      description =
          "How to train: ${COMPLETION-CANDIDATES}. Default: thumbnet, or bicubic-distill with"
              + " --side.")
  private @Nullable String method;

  @Option(
      names = "--point",
      paramLabel = "KEY",
      description =
          "Where to run a method that offers several operating points; without it, they are"
              + " listed.")
  private @Nullable String point;

  @Option(
      names = "--ratio",
      paramLabel = "N",
      description =
          "Ratio of the areas of picture and thumbnail: 4 (half the side) or 16 (a quarter);"
              + " without meaning for methods without thumbnails."
              + " Default: 4.")
  private @Nullable Integer ratio;

  @Option(
      names = "--side",
      paramLabel = "PIXELS",
      description =
          "Side of the thumbnails, instead of a ratio: any below that of the pictures, for methods"
              + " with bicubic thumbnails.")
  private @Nullable Integer side;

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

  /** The methods that can be chosen, for the help. */
  static final class MethodKeys implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return students().iterator();
    }
  }

  private static List<String> students() {
    return Methods.ALL.stream().filter(Method::trainsStudent).map(Method::key).toList();
  }

  @Override
  public Integer call() {
    OutputFile.checkNew(out);
    Method chosen = method();
    Reduction ofRatio = Reduction.ofArea(ratio == null ? USUAL_RATIO : ratio);
    if (ratio != null && side != null) {
      throw new IllegalArgumentException(
          "--ratio and --side both say how large thumbnails are; leave one out");
    }
    Recipe usual = Recipe.student(training.epochs());
    try (Device opened = device.open()) {
      TrainedModel t = TrainedModel.load(teacher, opened);
      ImageDecoder decoder = t.preprocessing().decoder();
      DataSet train = pictures.train(data, decoder, console::note);
      DataSet val = pictures.val(data, decoder, console::note);
      Recipe recipe = training.complete(usual, train, console::note);
      int size = t.preprocessing().size();
      Reduction reduction = side == null ? ofRatio : new Reduction(size, side);
      Setting setting =
          new Setting(
              t.network().architecture(),
              size,
              List.of(reduction),
              downscaler,
              training.complete(Recipe.teacher(training.epochs()), train.size()),
              recipe);
      OperatingPoint at = point(chosen, setting);
      Training work = chosen.training(setting, at);
      TrainingData set = TrainingData.shownAs(t.preprocessing(), train, val);
      TrainingContext context = new TrainingContext(opened, set, recipe.seed(), Optional.of(t));
      Trained trained =
          SingleTraining.run(
              out,
              training.resume(),
              console,
              run -> {
                Trained all = work.run(context, run);
                return new Trained(all.models().get(work.points().indexOf(at)), all.result());
              });
      // The training's last epoch may have measured another of its points.
      Metrics found = set.evaluator(recipe.batchSize(), opened).evaluate(trained.model()).metrics();
      Outcomes.print(console, out, trained.model(), val, found.top1(), found.top5());
    }
    return 0;
  }

  private Method method() {
    Method usual = side == null ? StudentMethod.THUMBNET : StudentMethod.BICUBIC_DISTILL;
    Method chosen = method == null ? usual : Methods.of(method);
    if (!chosen.trainsStudent()) {
      throw new IllegalArgumentException(
          "--method "
              + chosen.key()
              + ": trains no student; choose of "
              + String.join(", ", students()));
    }
    return chosen;
  }

  private OperatingPoint point(Method chosen, Setting setting) {
    List<OperatingPoint> points = chosen.points(setting);
    if (points.isEmpty()) {
      throw new IllegalArgumentException(
          "--method " + chosen.key() + ": reaches none of its operating points with this teacher");
    }
    if (point == null && points.size() == 1) {
      return points.getFirst();
    }
    return points.stream()
        .filter(p -> p.key().equals(point))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "--method "
                        + chosen.key()
                        + ": choose one with --point, of "
                        + String.join(", ", points.stream().map(OperatingPoint::key).toList())));
  }
}
