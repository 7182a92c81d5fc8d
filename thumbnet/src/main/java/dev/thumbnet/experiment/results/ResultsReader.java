package dev.thumbnet.experiment.results;

import dev.thumbnet.experiment.results.Results.DataFacts;
import dev.thumbnet.experiment.results.Results.GalleryEntry;
import dev.thumbnet.experiment.results.Results.MethodFacts;
import dev.thumbnet.experiment.results.Results.Origin;
import dev.thumbnet.experiment.results.Results.PaperCost;
import dev.thumbnet.experiment.results.Results.StudyFacts;
import dev.thumbnet.experiment.results.Results.Thumbnail;
import dev.thumbnet.experiment.results.Row.Compiled;
import dev.thumbnet.experiment.results.Row.Cost;
import dev.thumbnet.experiment.results.Row.Run;
import dev.thumbnet.measure.Machine;
import dev.thumbnet.measure.RightAnswers;
import dev.thumbnet.measure.Timing;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.Setting;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.train.Recipe;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the format that {@link ResultsWriter} writes; what the first format shares with it, too.
 */
final class ResultsReader {
  /** What all costs at the paper's size were of before files said it. */
  private static final String PAPER_NETWORK = "resnet18, 1000 classes";

  /** No network has more parameters, or needs more multiply-adds for a picture. */
  private static final long MOST = 1_000_000_000_000_000L;

  /** A day for one picture. */
  private static final double SLOWEST_MS = 86_400_000;

  private ResultsReader() {}

  static Results results(JsonObject json) {
    return new Results(
        study(json.object("study")),
        origin(json.object("origin")),
        setting(json.object("settings")),
        json.object("settings").wholes("seeds"),
        json.objects("data", ResultsReader::data),
        json.objects("methods", ResultsReader::method),
        json.objects("rows", ResultsReader::row),
        json.objects("paperCosts", ResultsReader::paperCost),
        json.objects("gallery", ResultsReader::galleryEntry));
  }

  private static StudyFacts study(JsonObject json) {
    return new StudyFacts(
        json.text("key"), json.text("reference"), json.text("subject"), json.truth("timed"));
  }

  static Origin origin(JsonObject json) {
    return new Origin(
        json.text("version"),
        json.text("command"),
        json.moment("started"),
        json.seconds("seconds"),
        json.count("sessions", 1),
        json.truth("finished"),
        machine(json.object("machine")));
  }

  private static Machine machine(JsonObject json) {
    return new Machine(
        json.text("processor"),
        json.count("cores", 1),
        json.text("system"),
        json.text("java"),
        json.text("device"));
  }

  static Setting setting(JsonObject json) {
    List<Reduction> reductions =
        json.elements("ratios").stream().map(ResultsReader::reduction).toList();
    return new Setting(
        Architecture.of(json.object("network").flat()),
        json.integer("size"),
        reductions,
        DownscalerKind.ofKey(json.text("downscaler")),
        recipe(json.object("teacher")),
        recipe(json.object("student")));
  }

  private static Reduction reduction(Object ratio) {
    // One beyond all int is no ratio of areas, either.
    return ratio instanceof Integer area
        ? Reduction.ofArea(area)
        : Reduction.ofFactor(ratio.toString());
  }

  private static Recipe recipe(JsonObject json) {
    return new Recipe(
        json.integer("epochs"),
        json.integer("batchSize"),
        json.number("learningRate"),
        json.number("momentum"),
        json.number("weightDecay"),
        json.number("labelSmoothing"),
        json.number("gradientClip"),
        json.number("emaDecay"),
        json.integer("patience"),
        json.whole("seed"));
  }

  static DataFacts data(JsonObject json) {
    return new DataFacts(
        json.text("name"),
        json.text("note"),
        json.text("fingerprint"),
        json.texts("classes"),
        json.count("trainPictures", 1),
        json.count("valPictures", 1),
        json.percent("chance"),
        json.percent("majority"),
        json.percent("nearestNeighbours"));
  }

  private static MethodFacts method(JsonObject json) {
    return new MethodFacts(json.text("key"), json.text("name"), json.text("explanation"));
  }

  private static Row row(JsonObject json) {
    return new Row(
        json.text("data"),
        json.text("method"),
        json.text("name"),
        point(json.object("point")),
        json.truth("thumbnails"),
        json.objects("runs", ResultsReader::run));
  }

  private static OperatingPoint point(JsonObject json) {
    return new OperatingPoint(
        json.text("key"),
        json.text("label"),
        json.integer("inputSize"),
        json.object("settings").flat());
  }

  private static Run run(JsonObject json) {
    return run(
        json,
        cost(json.object("cost")),
        json.has("timing") ? Optional.of(timing(json.object("timing"))) : Optional.empty());
  }

  /** Reads a run whose cost and timing stand elsewhere. */
  static Run run(JsonObject json, Cost cost, Optional<Timing> timing) {
    return new Run(
        json.whole("seed"),
        json.percent("acc1"),
        json.percent("acc5"),
        json.percent("eightBitAcc1"),
        json.percent("eightBitAgreement"),
        json.has("compiled") ? Optional.of(compiled(json.object("compiled"))) : Optional.empty(),
        json.seconds("trainingSeconds"),
        cost,
        timing,
        json.text("model"),
        json.has("right") ? Optional.of(right(json.object("right"))) : Optional.empty(),
        json.has("notes") ? json.object("notes").flat() : Map.of(),
        json.has("measured") ? json.object("measured").numbers() : Map.of(),
        json.objects("curve", ResultsReader::curvePoint));
  }

  private static Compiled compiled(JsonObject json) {
    return new Compiled(json.percent("acc1"), json.percent("agreement"));
  }

  private static RightAnswers right(JsonObject json) {
    int pictures = json.count("pictures", 1);
    String bits = json.text("bits");
    try {
      return RightAnswers.ofText(pictures, bits);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(json.path() + ": " + e.getMessage(), e);
    }
  }

  static Cost cost(JsonObject json) {
    long macs = json.quantity("macs", MOST);
    long parameters = json.quantity("parameters", MOST);
    return new Cost(
        macs,
        json.quantity("downscalerMacs", macs),
        parameters,
        json.quantity("downscalerParameters", parameters));
  }

  static Timing timing(JsonObject json) {
    double median = json.number("medianMs", Double.MIN_VALUE, SLOWEST_MS);
    return new Timing(
        median,
        json.number("fastMs", 0, median),
        json.number("slowMs", median, SLOWEST_MS),
        json.count("repeats", 1),
        json.count("threads", 1));
  }

  private static CurvePoint curvePoint(JsonObject json) {
    return new CurvePoint(
        json.text("phase"),
        json.count("epoch", 1),
        json.number("loss"),
        json.object("losses").numbers(),
        json.optionalPercent("trainAcc1"),
        json.optionalPercent("valAcc1"));
  }

  private static PaperCost paperCost(JsonObject json) {
    return paperCost(json, json.text("label"));
  }

  static PaperCost paperCost(JsonObject json, String label) {
    return new PaperCost(
        label,
        json.has("network") ? json.text("network") : PAPER_NETWORK,
        json.count("inputSize", 1),
        json.quantity("macs", MOST),
        json.quantity("downscalerMacs", MOST),
        timing(json.object("timing")));
  }

  private static GalleryEntry galleryEntry(JsonObject json) {
    return new GalleryEntry(
        json.text("data"),
        json.text("label"),
        json.text("picture"),
        json.objects("thumbnails", t -> new Thumbnail(t.text("caption"), t.text("file"))));
  }
}
