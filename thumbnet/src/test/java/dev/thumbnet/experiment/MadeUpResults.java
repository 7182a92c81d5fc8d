package dev.thumbnet.experiment;

import dev.thumbnet.experiment.Results.Cost;
import dev.thumbnet.experiment.Results.CurvePoint;
import dev.thumbnet.experiment.Results.DataFacts;
import dev.thumbnet.experiment.Results.GalleryEntry;
import dev.thumbnet.experiment.Results.Origin;
import dev.thumbnet.experiment.Results.PaperCost;
import dev.thumbnet.experiment.Results.SeedRun;
import dev.thumbnet.experiment.Results.Thumbnail;
import dev.thumbnet.measure.Machine;
import dev.thumbnet.measure.Timing;
import dev.thumbnet.method.thumbnet.StudentOptions;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.train.Recipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Results that no experiment gave: for tests of files and reports only. */
final class MadeUpResults {
  static final String NASTY_CLASS = "<script>alert('&\"')</script>";

  private MadeUpResults() {}

  /** A whole table with the given seeds; every number differs from every other. */
  static Results of(List<Long> seeds) {
    Settings settings =
        new Settings(
            Architecture.of("resnet18", 2).withWidth(0.25),
            128,
            List.of(Reduction.values()),
            DownscalerKind.RESIDUAL,
            Recipe.teacher(5),
            Recipe.student(4),
            seeds);
    Machine machine = new Machine("a processor", 2, "an OS", "a JVM", "cpu: vector, 16 lanes");
    Origin origin =
        new Origin("0.0", "thumbnet reproduce", "2026-01-02T03:04:05Z", 401.5, 2, true, machine);
    DataFacts data =
        new DataFacts(
            "made-up data",
            "Nobody saw them.",
            "sha256 12",
            List.of("disc", NASTY_CLASS),
            1200,
            480,
            50,
            51.5,
            60.25);
    Results results =
        new Results(
            Results.FORMAT, origin, settings, data, List.of(), List.of(), List.of(), List.of());
    double acc = 90;
    for (long seed : seeds) {
      Cost full = new Cost(44_200_000, 0, 701_000, 0);
      results = results.plus("original", null, 128, null, full, run("original-1", seed, acc, true));
      for (Reduction reduction : settings.reductions()) {
        int ratio = reduction.area();
        acc = 80 - ratio;
        for (Method method : Method.AT_EACH_RATIO) {
          acc += 1.5;
          boolean learned = method.thumbnail() == Method.Thumbnail.LEARNED;
          Cost cost =
              new Cost(
                  48_000_000 / ratio, learned ? 9_800_000 / ratio : 0, 701_000, learned ? 2419 : 0);
          StudentOptions student =
              method.recipe() == null
                  ? null
                  : method.recipe().options(settings.downscaler(), reduction);
          SeedRun run = run(method.key() + "-" + ratio, seed, acc + seed / 10.0, student != null);
          results =
              results.plus(
                  method.key(), reduction, reduction.reduce(settings.size()), student, cost, run);
        }
      }
    }
    return results;
  }

  private static SeedRun run(String name, long seed, double acc, boolean trained) {
    List<CurvePoint> curve = new ArrayList<>();
    for (int epoch = 1; trained && epoch <= 5; epoch++) {
      curve.add(
          new CurvePoint(
              "supervised",
              epoch,
              2.0 / epoch,
              Map.of("CL", 2.0 / epoch),
              epoch == 1 ? null : acc - 20.0 / epoch,
              acc - 30.0 / epoch + 6));
    }
    return new SeedRun(
        seed, acc, acc + 5, acc - 0.25, 98.5, trained ? 30 : 0, "models/" + name + ".st", curve);
  }

  static List<Timing> timings() {
    return List.of(
        new Timing("full", 6.5, 6.1, 7.4, 50, 2),
        new Timing("bicubic-4", 2.1, 2.0, 2.2, 50, 2),
        new Timing("learned-4", 2.6, 2.5, 2.7, 50, 2),
        new Timing("bicubic-16", 0.9, 0.8, 1.0, 50, 2),
        new Timing("learned-16", 1.3, 1.2, 1.4, 50, 2));
  }

  static List<PaperCost> paperCosts() {
    return List.of(
        new PaperCost(224, 1_814_000_000, 0, timings().get(0)),
        new PaperCost(112, 485_000_000, 0, timings().get(1)),
        new PaperCost(112, 515_000_000, 30_100_000, timings().get(2)));
  }

  static GalleryEntry galleryEntry() {
    return new GalleryEntry(
        NASTY_CLASS,
        "gallery/1.png",
        List.of(
            new Thumbnail("bicubic", Reduction.FOUR_TO_ONE, "gallery/1b.png"),
            new Thumbnail("thumbnet", Reduction.FOUR_TO_ONE, "gallery/1t.png")));
  }
}
