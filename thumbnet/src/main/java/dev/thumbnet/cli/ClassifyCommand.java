package dev.thumbnet.cli;

import dev.thumbnet.Classification;
import dev.thumbnet.Prediction;
import dev.thumbnet.ThumbClassifier;
import dev.thumbnet.cli.option.DeviceOptions;
import dev.thumbnet.cli.option.WeightOptions;
import dev.thumbnet.data.image.ImageException;
import dev.thumbnet.engine.Device;
import dev.thumbnet.pipeline.TrainedModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
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
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  thumbnet classify student.safetensors cat.jpg dog.png --top 3",
      "  thumbnet downscale student.safetensors cat.jpg --out small",
      "  thumbnet classify student.safetensors small/cat.png --thumbnail"
    },
    mixinStandardHelpOptions = true)
final class ClassifyCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(index = "0", paramLabel = "MODEL", description = "File of the model.")
  private Path file;

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "IMAGE", description = "Pictures.")
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
    List<Answer> answers = new ArrayList<>();
    boolean failed = false;
    try (Device opened = device.open()) {
      TrainedModel model = ModelFiles.load(file, opened);
      SinglePictures pictures = SinglePictures.of(model);
      if (kind.thumbnail) {
        pictures.checkUsesThumbnails(file);
      }
      ThumbClassifier classifier = new ThumbClassifier(model, weights.format());
      for (Path image : images) {
        try {
          Classification found =
              kind.thumbnail
                  ? classifier.classifyThumbnail(pictures.thumbnail(image))
                  : classifier.classify(pictures.full(image, kind.picture));
          answers.add(new Answer(image.toString(), found.top(top)));
        } catch (ImageException | IllegalArgumentException e) {
          // The other pictures are still worth an answer.
          console.err().println("thumbnet: " + e.getMessage());
          failed = true;
        }
      }
    }
    if (json) {
      Json.print(console, answers);
    } else {
      answers.forEach(this::print);
    }
    return failed ? 1 : 0;
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
