package dev.thumbnet.cli;

import dev.thumbnet.cli.option.DataOptions;
import dev.thumbnet.cli.option.DeviceOptions;
import dev.thumbnet.cli.option.DownscalerConverter;
import dev.thumbnet.cli.option.NetworkOptions;
import dev.thumbnet.data.DataSet;
import dev.thumbnet.data.image.ImageDecoder;
import dev.thumbnet.engine.Device;
import dev.thumbnet.experiment.Experiment;
import dev.thumbnet.experiment.ExperimentData;
import dev.thumbnet.experiment.Studies;
import dev.thumbnet.experiment.Study;
import dev.thumbnet.experiment.report.Looks;
import dev.thumbnet.experiment.report.TextReport;
import dev.thumbnet.experiment.results.Results;
import dev.thumbnet.method.Setting;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.train.Recipe;
import dev.thumbnet.train.TrainingData;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code thumbnet reproduce}: a study, at first the paper's table. */
@Command(
    name = "reproduce",
    description = {
      "Runs a study and compares accuracy, multiply-adds and measured time. The paper's: a teacher,"
          + " then students by seven methods at each ratio.",
      "",
      "Without --data it draws its own pictures and takes some minutes. With --data it uses yours;"
          + " that takes as long as such training takes. Everything goes into one folder:"
          + " report.html to look at, results.json with every number, table.md, the trained models."
          + " Finished rows are safe at once; Ctrl-C stops at the next step, and --resume goes on"
          + " exactly there.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  thumbnet reproduce",
      "  thumbnet reproduce --data pictures --width 0.5 --seeds 3 --out runs/mine",
      "  thumbnet reproduce --data pictures --width 0.5 --seeds 3 --out runs/mine --resume"
    },
    mixinStandardHelpOptions = true)
final class ReproduceCommand implements Callable<Integer> {
  /** Side of the pictures unless the user wants another. */
  private static final String SIZE = "128";

  private final Console console;

  @Spec private CommandSpec spec;

  @Option(
      names = "--study",
      paramLabel = "NAME",
      description = {"What to compare. Default: the first of these.", "${COMPLETION-CANDIDATES}"},
      completionCandidates = StudyNames.class)
  private @Nullable String study;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Folder with the folders train and val, each with one folder of pictures for each class."
              + " May be given several times: then everything is computed for each."
              + " Default: pictures drawn by the program.")
  private List<Path> data = List.of();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "runs/reproduce",
      description = "New folder for all that comes out. Default: ${DEFAULT-VALUE}.")
  private Path out;

  @Option(names = "--resume", description = "Continue the experiment in the folder if it is there.")
  private boolean resume;

  @Option(
      names = "--only",
      paramLabel = "NAME",
      split = ",",
      description =
          "Run only these rows of the study, and what they need: keys of methods or names of"
              + " models, without seed and ending. --resume with others, or none, adds the rest.")
  private List<String> only = List.of();

  @Option(
      names = "--width",
      paramLabel = "FACTOR",
      description = "Factor for the number of channels. Default: 1.0, for drawn pictures 0.25.")
  private @Nullable Double width;

  @Option(
      names = "--size",
      paramLabel = "PIXELS",
      defaultValue = SIZE,
      description = "Side of the full pictures. Default: ${DEFAULT-VALUE}.")
  private int size;

  @Option(
      names = "--ratio",
      paramLabel = "N",
      split = ",",
      defaultValue = "4,16",
      description =
          "Ratios of the areas of picture and thumbnail, of 4 and 16. Default: ${DEFAULT-VALUE}.")
  private List<Integer> ratios;

  @Option(
      names = "--downscaler",
      paramLabel = "KIND",
      defaultValue = DownscalerConverter.DEFAULT,
      converter = DownscalerConverter.class,
      description = DownscalerConverter.DESCRIPTION)
  private DownscalerKind downscaler;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description =
          "Passes over the training pictures for the teacher. Default: 40, for drawn pictures 20.")
  private @Nullable Integer epochs;

  @Option(
      names = "--student-epochs",
      paramLabel = "N",
      description = "The same for each student. Default: half of --epochs.")
  private @Nullable Integer studentEpochs;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description =
          "Pictures per step. Default: 128 for the teacher, 64 for students; for drawn pictures"
              + " 32.")
  private @Nullable Integer batch;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "How many times to compute the table, with seeds 1 to N; the report then shows mean and"
              + " standard deviation. Default: ${DEFAULT-VALUE}.")
  private int seeds;

  @Option(
      names = "--per-class",
      paramLabel = "N",
      defaultValue = "100",
      description =
          "Drawn pictures: how many of each class to learn from; half as many decide accuracies."
              + " Default: ${DEFAULT-VALUE}.")
  private int perClass;

  @Mixin private NetworkOptions network;
  @Mixin private DataOptions pictures;
  @Mixin private DeviceOptions device;

  ReproduceCommand(Console console) {
    this.console = console;
  }

  /** The studies, for the help. */
  static final class StudyNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Studies.ALL.stream().map(s -> s.key() + ": " + s.name()).iterator();
    }
  }

  @Override
  public Integer call() {
    Study chosen = study == null ? Studies.ALL.getFirst() : Studies.of(study);
    List<ExperimentData> sets =
        data.isEmpty() ? List.of(drawn()) : data.stream().map(this::photographs).toList();
    Experiment.Design design =
        new Experiment.Design(
            chosen,
            setting(sets),
            sets,
            LongStream.rangeClosed(1, seeds).boxed().toList(),
            Looks.ALL,
            only);
    TrainingProgress progress = new TrainingProgress(console);
    try (Device opened = device.open()) {
      Results results =
          new Experiment(
                  design,
                  opened,
                  device.threads(),
                  out,
                  new Experiment.Invocation(command(), Main.Version.text()),
                  console.interruption()::requested,
                  progress)
              .run(resume);
      console.out().print(TextReport.console(results));
      console.out().println("Report: " + out.resolve("report.html"));
    } finally {
      progress.close();
    }
    return 0;
  }

  private ExperimentData drawn() {
    return ExperimentData.synthetic(size, perClass, Math.max(1, perClass / 2), 1);
  }

  private ExperimentData photographs(Path folder) {
    ImageDecoder decoder = new ImageDecoder();
    DataSet train = pictures.train(folder, decoder, console::note);
    DataSet val = pictures.val(folder, decoder, console::note);
    return new ExperimentData(
        folder.toAbsolutePath().normalize().getFileName().toString(),
        "",
        TrainingData.photographs(train, val, size));
  }

  private Setting setting(List<ExperimentData> sets) {
    boolean own = !data.isEmpty();
    int teacherEpochs = epochs != null ? epochs : own ? 40 : 20;
    int perStudent = studentEpochs != null ? studentEpochs : Math.max(1, teacherEpochs / 2);
    Recipe teacher = Recipe.teacher(teacherEpochs);
    Recipe student = Recipe.student(perStudent);
    if (batch != null || !own) {
      int size = batch != null ? batch : 32;
      teacher = teacher.withBatchSize(size);
      student = student.withBatchSize(size);
    }
    int fewest = sets.stream().mapToInt(set -> set.pictures().train().size()).min().orElseThrow();
    if (fewest < Math.max(teacher.batchSize(), student.batchSize())) {
      console.note(
          "batches have at most " + fewest + " pictures, for there are no more to learn from");
    }
    int classes = sets.getFirst().pictures().train().classes().size();
    return new Setting(
        network.architecture(classes, width != null ? width : own ? 1 : 0.25),
        size,
        ratios.stream().map(Reduction::ofArea).toList(),
        downscaler,
        teacher.forPictures(fewest),
        student.forPictures(fewest));
  }

  private String command() {
    return "thumbnet "
        + String.join(" ", spec.commandLine().getParent().getParseResult().originalArgs());
  }
}
