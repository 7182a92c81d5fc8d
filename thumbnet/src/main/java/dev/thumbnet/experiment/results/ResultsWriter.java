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
import dev.thumbnet.model.Reduction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The second format of {@code results.json}, spelled out name by name: renaming anything in Java
 * does not change a file. {@link ResultsReader} reads it.
 */
final class ResultsWriter {
  static final int FORMAT = 2;

  private ResultsWriter() {}

  static Map<String, Object> json(Results results) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("format", FORMAT);
    json.put("study", study(results.study()));
    json.put("origin", origin(results.origin()));
    json.put("settings", settings(results.setting(), results.seeds()));
    json.put("data", list(results.data(), ResultsWriter::data));
    json.put("methods", list(results.methods(), ResultsWriter::method));
    json.put("rows", list(results.rows(), ResultsWriter::row));
    json.put("paperCosts", list(results.paperCosts(), ResultsWriter::paperCost));
    json.put("gallery", list(results.gallery(), ResultsWriter::galleryEntry));
    return json;
  }

  private static <T, J> List<J> list(List<T> values, Function<T, J> json) {
    return values.stream().map(json).toList();
  }

  private static Map<String, Object> study(StudyFacts study) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("key", study.key());
    json.put("reference", study.reference());
    json.put("subject", study.subject());
    json.put("timed", study.timed());
    return json;
  }

  private static Map<String, Object> origin(Origin origin) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("version", origin.version());
    json.put("command", origin.command());
    json.put("started", origin.started());
    json.put("seconds", origin.seconds());
    json.put("sessions", origin.sessions());
    json.put("finished", origin.finished());
    json.put("machine", machine(origin.machine()));
    return json;
  }

  private static Map<String, Object> machine(Machine machine) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("processor", machine.processor());
    json.put("cores", machine.cores());
    json.put("system", machine.system());
    json.put("java", machine.java());
    json.put("device", machine.device());
    return json;
  }

  private static Map<String, Object> settings(Setting setting, List<Long> seeds) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("network", setting.network().settings());
    json.put("size", setting.size());
    json.put("ratios", list(setting.reductions(), ResultsWriter::ratio));
    json.put("downscaler", setting.downscaler().key());
    json.put("teacher", setting.teacher().settings());
    json.put("student", setting.student().settings());
    json.put("seeds", seeds);
    return json;
  }

  /** Of areas if it is a classic one, otherwise of sides. */
  private static Object ratio(Reduction reduction) {
    if (reduction.isClassic()) {
      return reduction.area();
    }
    return reduction.factor();
  }

  private static Map<String, Object> data(DataFacts data) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", data.name());
    json.put("note", data.note());
    json.put("fingerprint", data.fingerprint());
    json.put("classes", data.classes());
    json.put("trainPictures", data.trainPictures());
    json.put("valPictures", data.valPictures());
    json.put("chance", data.chance());
    json.put("majority", data.majority());
    json.put("nearestNeighbours", data.nearestNeighbours());
    return json;
  }

  private static Map<String, Object> method(MethodFacts method) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("key", method.key());
    json.put("name", method.name());
    json.put("explanation", method.explanation());
    return json;
  }

  private static Map<String, Object> row(Row row) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("data", row.data());
    json.put("method", row.method());
    json.put("name", row.name());
    json.put("point", point(row.point()));
    json.put("thumbnails", row.thumbnails());
    json.put("runs", list(row.runs(), ResultsWriter::run));
    return json;
  }

  private static Map<String, Object> point(OperatingPoint point) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("key", point.key());
    json.put("label", point.label());
    json.put("inputSize", point.inputSize());
    json.put("settings", point.settings());
    return json;
  }

  private static Map<String, @Nullable Object> run(Run run) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("seed", run.seed());
    json.put("acc1", run.acc1());
    json.put("acc5", run.acc5());
    json.put("eightBitAcc1", run.eightBitAcc1());
    json.put("eightBitAgreement", run.eightBitAgreement());
    run.compiled().ifPresent(compiled -> json.put("compiled", compiled(compiled)));
    json.put("trainingSeconds", run.trainingSeconds());
    json.put("cost", cost(run.cost()));
    json.put("timing", run.timing().map(ResultsWriter::timing).orElse(null));
    json.put("model", run.model());
    // As in the first version of this format, which knew neither, unless there is something to say.
    run.right().ifPresent(right -> json.put("right", right(right)));
    if (!run.notes().isEmpty()) {
      json.put("notes", run.notes());
    }
    if (!run.measured().isEmpty()) {
      json.put("measured", run.measured());
    }
    json.put("curve", list(run.curve(), ResultsWriter::curvePoint));
    return json;
  }

  private static Map<String, Object> compiled(Compiled compiled) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("acc1", compiled.acc1());
    json.put("agreement", compiled.agreement());
    return json;
  }

  private static Map<String, Object> right(RightAnswers right) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("pictures", right.pictures());
    json.put("bits", right.text());
    return json;
  }

  private static Map<String, Object> cost(Cost cost) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("macs", cost.macs());
    json.put("downscalerMacs", cost.downscalerMacs());
    json.put("parameters", cost.parameters());
    json.put("downscalerParameters", cost.downscalerParameters());
    return json;
  }

  private static Map<String, Object> timing(Timing timing) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("medianMs", timing.medianMs());
    json.put("fastMs", timing.fastMs());
    json.put("slowMs", timing.slowMs());
    json.put("repeats", timing.repeats());
    json.put("threads", timing.threads());
    return json;
  }

  private static Map<String, @Nullable Object> curvePoint(CurvePoint point) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("phase", point.phase());
    json.put("epoch", point.epoch());
    json.put("loss", point.loss());
    json.put("losses", point.losses());
    json.put("trainAcc1", orNull(point.trainAcc1()));
    json.put("valAcc1", orNull(point.valAcc1()));
    return json;
  }

  private static @Nullable Double orNull(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }

  private static Map<String, Object> paperCost(PaperCost cost) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("label", cost.label());
    json.put("network", cost.network());
    json.put("inputSize", cost.inputSize());
    json.put("macs", cost.macs());
    json.put("downscalerMacs", cost.downscalerMacs());
    json.put("timing", timing(cost.timing()));
    return json;
  }

  private static Map<String, Object> galleryEntry(GalleryEntry entry) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("data", entry.data());
    json.put("label", entry.label());
    json.put("picture", entry.picture());
    json.put("thumbnails", list(entry.thumbnails(), ResultsWriter::thumbnail));
    return json;
  }

  private static Map<String, Object> thumbnail(Thumbnail thumbnail) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("caption", thumbnail.caption());
    json.put("file", thumbnail.file());
    return json;
  }
}
