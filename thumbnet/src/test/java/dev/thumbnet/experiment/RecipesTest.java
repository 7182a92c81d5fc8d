package dev.thumbnet.experiment;

import static dev.thumbnet.experiment.report.Cells.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.thumbnet.data.Loader;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.op.Ops;
import dev.thumbnet.engine.optim.ParamGroup;
import dev.thumbnet.experiment.report.Cells;
import dev.thumbnet.experiment.report.Comparisons;
import dev.thumbnet.experiment.report.Finding;
import dev.thumbnet.experiment.report.Look;
import dev.thumbnet.experiment.report.Look.Shape;
import dev.thumbnet.experiment.report.Looks;
import dev.thumbnet.experiment.report.TextReport;
import dev.thumbnet.experiment.results.Comparison;
import dev.thumbnet.experiment.results.Results;
import dev.thumbnet.experiment.results.Row;
import dev.thumbnet.experiment.results.Row.Run;
import dev.thumbnet.method.Method;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.Trained;
import dev.thumbnet.method.Training;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.method.teacher.TeacherMethod;
import dev.thumbnet.method.teacher.TeacherTraining;
import dev.thumbnet.method.thumbnet.StudentMethod;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Models;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.testing.TinyPictures;
import dev.thumbnet.train.Losses;
import dev.thumbnet.train.Phase;
import dev.thumbnet.train.Recipe;
import dev.thumbnet.train.RunOptions;
import dev.thumbnet.train.Trainer;
import dev.thumbnet.train.Trainer.Course;
import dev.thumbnet.train.TrainingResult;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/**
 * The recipes of {@code ARCHITECTURE.md} for a loss, a method, a study and a data set, followed
 * with toys: a method unlike those of the paper, with thinner networks on the full picture and two
 * points from one training, on two sets of pictures with two seeds. It must come out right in all
 * that shows it.
 */
final class RecipesTest {
  private static final int COLOUR = 0xAA3377;
  private static final Looks LOOKS =
      Looks.ALL.with("thin", new Look(Optional.of(new Color(COLOUR)), Shape.WEDGE, false));

  private static final Setting SETTING =
      new Setting(
          TinyPictures.architecture().withWidth(0.125),
          TinyPictures.SIDE,
          List.of(Reduction.FOUR_TO_ONE),
          DownscalerKind.PLAIN,
          Recipe.teacher(2).withBatchSize(6),
          Recipe.student(2).withBatchSize(6));

  private static final List<ExperimentData> DATA =
      List.of(
          new ExperimentData("stripes", "", TinyPictures.data(24)),
          new ExperimentData("fewer stripes", "", TinyPictures.data(12)));

  @TempDir private static Path temp;

  private static Results results;
  private static Document page;

  /** Networks of half and a quarter of the channels: one is trained, one left to chance. */
  private static final class Thin implements Method {
    @Override
    public String key() {
      return "thin";
    }

    @Override
    public String name() {
      return "Thin";
    }

    @Override
    public String explanation() {
      return "A network with fewer channels looks at the full picture.";
    }

    @Override
    public boolean trainsStudent() {
      return false;
    }

    @Override
    public List<Training> trainings(Setting setting) {
      return List.of(new BothWidths(setting));
    }
  }

  private record BothWidths(Setting setting) implements Training {
    @Override
    public List<OperatingPoint> points() {
      return List.of(point("half", 0.5), point("quarter", 0.25));
    }

    private OperatingPoint point(String key, double factor) {
      return new OperatingPoint(key, key, setting.size(), Map.of("factor", factor));
    }

    private Architecture narrow(double factor) {
      return setting.network().withWidth(setting.network().width() * factor);
    }

    @Override
    public Trained run(TrainingContext context, RunOptions options) {
      Recipe recipe = setting.teacher().withSeed(context.seed());
      Trained half =
          new TeacherTraining(narrow(0.5), context.data(), recipe, context.device()).run(options);
      TrainedModel quarter =
          new TrainedModel(
              context.device(),
              Models.classifier(narrow(0.25), context.device(), new Rng(context.seed())),
              null,
              context.data().train().classes(),
              context.data().preprocessing(),
              Provenance.on(context.device()));
      return new Trained(List.of(half.model(), quarter), half.result());
    }
  }

  private static final class Widths implements Study {
    private static final Method THIN = new Thin();

    @Override
    public String key() {
      return "widths";
    }

    @Override
    public String name() {
      return "Narrow networks";
    }

    @Override
    public String introduction() {
      return "Are fewer channels as good as fewer pixels?";
    }

    @Override
    public String conditions() {
      return "Nothing holds for all rows.";
    }

    @Override
    public Method reference() {
      return TeacherMethod.ORIGINAL;
    }

    @Override
    public Method subject() {
      return THIN;
    }

    @Override
    public List<Entry> entries(Setting setting) {
      List<Entry> entries = new ArrayList<>(Entry.all(THIN, setting));
      entries.addAll(Entry.all(StudentMethod.BICUBIC, setting));
      return entries;
    }

    @Override
    public boolean inGallery(Row row) {
      return true;
    }

    @Override
    public List<Finding> findings(Results found, List<Comparison> pairs) {
      return new Comparisons(found).ofSubject(List.of("bicubic"));
    }
  }

  private static Results run(Path folder, boolean resume, BooleanSupplier stop) {
    return new Experiment(
            new Experiment.Design(new Widths(), SETTING, DATA, List.of(1L, 2L), LOOKS),
            Device.cpu(),
            2,
            folder,
            new Experiment.Invocation("test", "0"),
            stop,
            new ExperimentListener() {})
        .run(resume);
  }

  @BeforeAll
  static void runTheStudy() throws Exception {
    results = run(temp.resolve("straight"), false, () -> false);
    page = Cells.parse(Files.readString(temp.resolve("straight/report.html")));
  }

  private static Row row(String method, String point) {
    return results.row("stripes", method, point).orElseThrow();
  }

  @Test
  void theRowsAreMethodsAtPointsOnSetsWithSeeds() {
    assertThat(results.rows()).hasSize(8).allMatch(row -> row.runs().size() == 2);
    assertThat(results.rows(results.data().get(1)))
        .extracting(Row::title)
        .containsExactly("Original", "Thin half", "Thin quarter", "Bicubic 4:1");
    assertThat(row("thin", "quarter").point().settings()).isEqualTo(Map.of("factor", 0.25));
    assertThat(row("thin", "quarter").thumbnails()).isFalse();
    assertThat(row("bicubic", "4to1").thumbnails()).isTrue();
    assertThat(results.rows())
        .flatExtracting(Row::runs)
        .extracting(Run::model)
        .doesNotHaveDuplicates()
        .contains("models/thin-quarter-fewer stripes-seed2.safetensors")
        .allMatch(file -> Files.exists(temp.resolve("straight").resolve(file)));
  }

  @Test
  void everyRowHasItsOwnTime() {
    Run original = row("original", "full").runs().getFirst();
    Run half = row("thin", "half").runs().getFirst();
    Run quarter = row("thin", "quarter").runs().getFirst();
    assertThat(List.of(original.timing(), half.timing(), quarter.timing()))
        .doesNotHaveDuplicates()
        .allMatch(Optional::isPresent);
    // The same network with other weights is the same program.
    assertThat(row("thin", "half").runs().getLast().timing()).isEqualTo(half.timing());
    assertThat(half.cost().macs()).isLessThan(original.cost().macs());
    assertThat(quarter.cost().macs()).isLessThan(half.cost().macs());
  }

  @Test
  void tablesShowItAsItIs() {
    Row half = row("thin", "half");
    Row original = row("original", "full");
    Map<String, String> html = Cells.row(Cells.ofHtml(page, "Method"), "Thin half");
    String markdown = TextReport.markdown(results, new Widths().story(results, List.of()));
    String console = TextReport.console(results).replace("stripes:\n", "");
    assertThat(html)
        .containsEntry("sees, pixels", "16 × 16")
        .containsEntry("Acc@1, percent", half.acc1().toString())
        .containsEntry("Acc@1, 8 bits", "–")
        .containsEntry("of which E, MMAC", "–")
        .containsEntry("MMAC", String.format("%.2f", half.macs() / 1e6))
        .containsEntry(
            "MAC ratio, to Original", String.format("%.1f", original.macs() / half.macs()))
        .containsEntry("Time, ms", String.format("%.2f", half.milliseconds()));
    assertThat(original.macs() / half.macs()).isGreaterThan(2);
    assertThat(Cells.row(Cells.ofMarkdown(markdown), "Thin half")).isEqualTo(html);
    assertThat(html).containsAllEntriesOf(Cells.row(Cells.ofConsole(console), "Thin half"));
    assertThat(texts(page, "th"))
        .contains(
            "Full size: the network sees 16 × 16 pixels", "4:1: the network sees 8 × 8 pixels");
  }

  @Test
  void chartsAndLegendShowItAndNoOther() throws IOException {
    assertThat(texts(page, "p"))
        .anyMatch(text -> text.contains("─▼─ Thin") && !text.contains("ThumbNet"));
    // The first charts are costs and times of both sets, then, behind the gallery, training curves.
    for (int i = 0; i < 4; i++) {
      assertThat(pixels(image(i), COLOUR)).isGreaterThan(100);
      assertThat(pixels(image(i), 0x00A376)).as("the colour of ThumbNet").isZero();
    }
  }

  private static BufferedImage image(int index) throws IOException {
    Element image = (Element) page.getElementsByTagName("img").item(index);
    String data = image.getAttribute("src").substring("data:image/png;base64,".length());
    return ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(data)));
  }

  private static int pixels(BufferedImage image, int rgb) {
    int count = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        count += (image.getRGB(x, y) & 0xFFFFFF) == rgb ? 1 : 0;
      }
    }
    return count;
  }

  @Test
  void findingsSayWhatIsCompared() {
    // Of what is trained for two epochs, some only guesses, which is said before.
    List<String> findings =
        texts(page, "li").stream().filter(text -> !text.contains(" only guesses. ")).toList();
    assertThat(findings).hasSize(4);
    assertThat(findings.getFirst())
        .startsWith("half, stripes. From 16 × 16 pixels Thin names the right class for ")
        .contains("; Original, from 16 × 16 pixels, for ")
        .doesNotContain("ThumbNet", "downscaler", "8 bits", "Bicubic");
    assertThat(texts(page, "p")).contains("Are fewer channels as good as fewer pixels?");
    assertThat(texts(page, "figcaption")).contains("Bicubic 4:1").doesNotContain("Thin half");
  }

  @Test
  void interruptionsChangeNoNumber() {
    Path folder = temp.resolve("interrupted");
    Results resumed = null;
    int sessions = 0;
    while (resumed == null) {
      int[] questions = {0};
      int patience = 40 + 9 * ++sessions;
      try {
        resumed = run(folder, true, () -> ++questions[0] > patience);
      } catch (CancellationException e) {
        assertThat(e).hasMessageContaining("--resume");
      }
    }
    assertThat(sessions).isGreaterThan(3);
    assertThat(ExperimentTest.numbers(resumed)).isEqualTo(ExperimentTest.numbers(results));
    for (Row row : resumed.rows()) {
      for (Run run : row.runs()) {
        assertThat(folder.resolve(run.model()))
            .hasSameBinaryContentAs(temp.resolve("straight").resolve(run.model()));
      }
    }
  }

  /** A toy loss, L = mean(s²) over all logits s: a network should not be too sure of itself. */
  private static final class LogitDecay {
    static Tensor of(Tensor logits) {
      return Ops.mean(Ops.square(logits));
    }
  }

  @Test
  void aNewLossIsMinimisedAndReported() {
    Tensor logits =
        Tensor.of(Device.reference(), new double[] {1, -2, 3, 0}, 2, 2).requiresGrad(true);
    Tensor loss = LogitDecay.of(logits);
    assertThat(loss.item()).isEqualTo(14 / 4.0);
    loss.backward();
    assertThat(logits.grad().toDoubleArray()).containsExactly(0.5, -1, 1.5, 0);

    Device device = Device.cpu();
    Recipe recipe = Recipe.teacher(3).withBatchSize(6);
    Classifier network = Models.classifier(TinyPictures.architecture(), device, new Rng(1));
    Phase phase =
        new Phase(
            "decay",
            recipe.epochs(),
            (x, _) -> new Losses().add("LD", 0.5, LogitDecay.of(network.forward(x))),
            () -> recipe.optimizer(ParamGroup.split("", network, recipe.weightDecay())),
            recipe::schedule,
            recipe.gradientClip(),
            0,
            0,
            null);
    try (Loader loader = TinyPictures.data().loader(recipe.batchSize(), 1)) {
      TrainingResult result =
          Trainer.train(
              loader,
              new Course(
                  network, device, 1, Provenance.on(device), List.of(phase), RunOptions.plain()));
      List<Double> means =
          result.history().stream().map(epoch -> epoch.losses().get("LD")).toList();
      assertThat(means).hasSize(3);
      assertThat(means.getLast()).isPositive().isLessThan(means.getFirst());
      assertThat(result.history().getFirst().loss()).isCloseTo(means.getFirst() / 2, within(1e-6));
    }
  }
}
