package dev.thumbnet.cli;

import dev.thumbnet.Classification;
import dev.thumbnet.Prediction;
import dev.thumbnet.ThumbClassifier;
import dev.thumbnet.cli.option.DeviceOptions;
import dev.thumbnet.cli.option.WeightOptions;
import dev.thumbnet.cli.picture.PictureFiles;
import dev.thumbnet.cli.picture.PictureFiles.Source;
import dev.thumbnet.cli.picture.PictureLoop;
import dev.thumbnet.engine.Device;
import dev.thumbnet.pipeline.TrainedModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code thumbnet classify}: says what pictures show. */
@Command(
    name = "classify",
    description = {
      "Says what pictures show, with a model made by 'train', 'distill' or 'reproduce'.",
      "",
      "Pictures of any size are brought to the size of the model: short side, then the middle. A"
          + " model for thumbnails makes its thumbnail itself; thumbnails that 'downscale' wrote"
          + " are classified with --thumbnail. A file of just a thumbnail's size may be either, and"
          + " is refused until --thumbnail or --picture says which.",
      "",
      "A folder stands for all pictures below it, in the order of their names; - for one picture"
          + " from standard input. Answers are printed as they are found, in the order of the"
          + " pictures. Ctrl-C stops at once. Names that come from another program are passed on by"
          + " xargs.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  thumbnet classify student.safetensors cat.jpg dog.png --top 3",
      "  thumbnet classify student.safetensors photographs --json > answers.json",
      "  curl -s https://example.org/cat.jpg | thumbnet classify student.safetensors -",
      "  find . -name '*.jpg' -print0 | xargs -0 thumbnet classify student.safetensors --",
      "  thumbnet downscale student.safetensors cat.jpg --out small",
      "  thumbnet classify student.safetensors small/cat.png --thumbnail"
    },
    mixinStandardHelpOptions = true)
final class ClassifyCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(index = "0", paramLabel = "MODEL", description = "File of the model.")
  private Path file;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "IMAGE",
      description = "Pictures, folders of pictures, or - for standard input.")
  private List<Path> images;

  @Option(
      names = "--top",
      paramLabel = "K",
      defaultValue = "1",
      description = "How many classes to name for each picture. Default: ${DEFAULT-VALUE}.")
  private int top;

  @ArgGroup private Kind kind = new Kind();

  /** What the files are, where their size does not tell. */
  private static final class Kind {
    @Option(
        names = "--thumbnail",
        description = "The pictures are thumbnails made by 'downscale' with the same model.")
    private boolean thumbnail;

    @Option(
        names = "--picture",
        description =
            "The pictures are no thumbnails, also those of just the size of this model's"
                + " thumbnails.")
    private boolean picture;
  }

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private WeightOptions weights;
  @Mixin private DeviceOptions device;

  ClassifyCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (top < 1) {
      throw new IllegalArgumentException("--top must be at least 1, got " + top);
    }
    PictureFiles files = new PictureFiles(images);
    files.notes().forEach(console::note);
    boolean good;
    try (Device opened = device.open(files.sources().size())) {
      TrainedModel model = TrainedModel.load(file, opened);
      SinglePictures pictures = SinglePictures.of(model);
      if (kind.thumbnail) {
        pictures.checkUsesThumbnails(file);
      }
      ThumbClassifier classifier = new ThumbClassifier(model, weights.format());
      good = classify(files.sources(), source -> answer(classifier, pictures, source));
    }
    return good && files.complete() ? 0 : 1;
  }

  private boolean classify(List<Source> sources, Function<Source, Answer> work) {
    PictureLoop loop = console.loop(device.workers());
    if (!json) {
      return loop.run(sources, Source::file, work, this::print);
    }
    try (Json.Elements elements = new Json.Elements(console)) {
      return loop.run(sources, Source::file, work, elements::add);
    }
  }

  private Answer answer(ThumbClassifier classifier, SinglePictures pictures, Source source) {
    Classification found =
        kind.thumbnail
            ? pictures.thumbnail(source, classifier::classifyThumbnail)
            : pictures.full(source, kind.picture, classifier::classify);
    return new Answer(source.file().toString(), found.top(top));
  }

  private void print(Answer answer) {
    StringBuilder line = new StringBuilder(answer.image() + ":");
    for (Prediction p : answer.predictions()) {
      line.append(String.format(Locale.ROOT, "  %s %.1f %%", p.className(), 100 * p.probability()));
    }
    console.out().println(line);
  }

  /** What is printed for a picture. */
  record Answer(String image, List<Prediction> predictions) {}
}
