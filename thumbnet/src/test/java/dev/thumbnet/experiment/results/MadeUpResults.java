package dev.thumbnet.experiment.results;

import dev.thumbnet.experiment.Studies;
import dev.thumbnet.experiment.Study;
import dev.thumbnet.experiment.Study.Entry;
import dev.thumbnet.experiment.results.Results.DataFacts;
import dev.thumbnet.experiment.results.Results.GalleryEntry;
import dev.thumbnet.experiment.results.Results.MethodFacts;
import dev.thumbnet.experiment.results.Results.Origin;
import dev.thumbnet.experiment.results.Results.PaperCost;
import dev.thumbnet.experiment.results.Results.StudyFacts;
import dev.thumbnet.experiment.results.Results.Thumbnail;
import dev.thumbnet.experiment.results.Row.Cost;
import dev.thumbnet.experiment.results.Row.Run;
import dev.thumbnet.measure.Machine;
import dev.thumbnet.measure.RightAnswers;
import dev.thumbnet.measure.Timing;
import dev.thumbnet.method.Method;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.Setting;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.train.Recipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Results that no experiment gave: for tests of files and reports only. */
public final class MadeUpResults {
  public static final String NASTY_CLASS = "<script>alert('&\"')</script>";
  public static final String DATA = "made-up data";
  public static final Study PAPER = Studies.of("paper");

  public static final Setting SETTING =
      new Setting(
          Architecture.of("resnet18", 2).withWidth(0.25),
          128,
          Reduction.CLASSIC,
          DownscalerKind.RESIDUAL,
          Recipe.teacher(5),
          Recipe.student(4));

  private MadeUpResults() {}

  /** Without rows. */
  public static Results empty(boolean timed, List<Long> seeds) {
    Machine machine = new Machine("a processor", 2, "an OS", "a JVM", "cpu: vector, 16 lanes");
    Origin origin =
        new Origin("0.0", "thumbnet reproduce", "2026-01-02T03:04:05Z", 401.5, 2, true, machine);
    DataFacts data =
        new DataFacts(
            DATA,
            "Nobody saw them.",
            "sha256 12",
            List.of("disc", NASTY_CLASS, "ring", "star", "cross", "moon"),
            1200,
            480,
            50,
            51.5,
            60.25);
    return new Results(
        new StudyFacts("paper", "original", "thumbnet", timed),
        origin,
        SETTING,
        seeds,
        List.of(data),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  /** A whole table with the given seeds; the accuracies of all rows differ. */
  public static Results of(boolean timed, List<Long> seeds) {
    Results results = empty(timed, seeds);
    for (long seed : seeds) {
      Method original = PAPER.reference();
      results =
          plus(
              results,
              original,
              original.points(SETTING).getFirst(),
              run(seed, 90, new Cost(44_200_000, 0, 701_000, 0), time(timed, 6.5), true));
      double acc = 80;
      for (Entry entry : PAPER.entries(SETTING)) {
        OperatingPoint point = entry.training().points().getFirst();
        int ratio = point.key().equals("4to1") ? 4 : 16;
        acc = entry.method().key().equals("direct") ? 80 - ratio + 1.5 : acc + 1.5;
        boolean learned = "RESIDUAL".equals(point.settings().get("downscaler"));
        Cost cost =
            new Cost(
                48_000_000 / ratio, learned ? 9_800_000 / ratio : 0, 701_000, learned ? 2419 : 0);
        Optional<Timing> timing = time(timed, 8.4 / ratio + (learned ? 0.5 : 0));
        results =
            plus(
                results,
                entry.method(),
                point,
                run(seed, acc + seed / 10.0, cost, timing, entry.method().trainsStudent()));
      }
    }
    return results;
  }

  /** Complete, with pictures. */
  public static Results complete(List<Long> seeds) {
    return of(true, seeds).with(paperCosts(), List.of(galleryEntry()));
  }

  /** The same with a run of a row more. */
  public static Results plus(Results results, Method method, OperatingPoint point, Run run) {
    boolean thumbnails = point.inputSize() < SETTING.size();
    return results.plus(
        new MethodFacts(method.key(), method.name(), method.explanation()),
        new Row(DATA, method.key(), method.name(), point, thumbnails, List.of(run)));
  }

  public static Run run(
      long seed, double acc, Cost cost, Optional<Timing> timing, boolean trained) {
    List<CurvePoint> curve = new ArrayList<>();
    for (int epoch = 1; trained && epoch <= 5; epoch++) {
      curve.add(
          new CurvePoint(
              "supervised",
              epoch,
              2.0 / epoch,
              Map.of("CL", 2.0 / epoch),
              epoch == 1 ? OptionalDouble.empty() : OptionalDouble.of(acc - 20.0 / epoch),
              OptionalDouble.of(acc - 30.0 / epoch + 6)));
    }
    return new Run(
        seed,
        acc,
        Math.min(100, acc + 5),
        acc - 0.25,
        98.5,
        Optional.empty(),
        trained ? 30 : 0,
        cost,
        timing,
        "models/some.safetensors",
        Optional.empty(),
        Map.of(),
        Map.of(),
        curve);
  }

  /**
   * The same with the answers to each picture, which give the accuracies, but for rounding; a more
   * accurate row is right about the pictures of a less accurate one and some more.
   */
  public static Results withAnswers(Results results) {
    int pictures = results.data().getFirst().valPictures();
    return results.withRows(
        results.rows().stream()
            .map(
                row ->
                    row.withRuns(
                        row.runs().stream().map(run -> withAnswers(run, pictures)).toList()))
            .toList());
  }

  private static Run withAnswers(Run run, int pictures) {
    long right = Math.round(run.acc1() * pictures / 100);
    // 7 divides no number of pictures that is used, so every place is taken once.
    RightAnswers answers = RightAnswers.of(pictures, i -> 7 * i % pictures < right);
    return new Run(
        run.seed(),
        answers.accuracy(),
        run.acc5(),
        run.eightBitAcc1(),
        run.eightBitAgreement(),
        Optional.of(new Row.Compiled(answers.accuracy(), 100)),
        run.trainingSeconds(),
        run.cost(),
        run.timing(),
        run.model(),
        Optional.of(answers),
        Map.of("peakRatePer256", 0.01, "trials", 3, "diverged", true, "why", "made up"),
        Map.of("bits", 1.5, "psnr", -0.25),
        run.curve());
  }

  private static Optional<Timing> time(boolean timed, double ms) {
    return timed ? Optional.of(timing(ms)) : Optional.empty();
  }

  public static Timing timing(double ms) {
    return new Timing(ms, ms * 0.9, ms * 1.1, 50, 2);
  }

  static List<PaperCost> paperCosts() {
    return List.of(
        new PaperCost("none", "resnet18, 1000 classes", 224, 1_814_000_000, 0, timing(40)),
        new PaperCost("bicubic 4:1", "resnet18, 1000 classes", 112, 485_000_000, 0, timing(12.5)),
        new PaperCost(
            "learned 4:1", "resnet18, 1000 classes", 112, 515_000_000, 30_100_000, timing(16)));
  }

  static GalleryEntry galleryEntry() {
    return new GalleryEntry(
        DATA,
        NASTY_CLASS,
        "gallery/1.png",
        List.of(
            new Thumbnail("Bicubic 4:1", "gallery/1b.png"),
            new Thumbnail("ThumbNet 4:1", "gallery/1t.png")));
  }
}
