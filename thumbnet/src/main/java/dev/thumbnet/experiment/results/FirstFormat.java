package dev.thumbnet.experiment.results;

import dev.thumbnet.experiment.results.Results.DataFacts;
import dev.thumbnet.experiment.results.Results.GalleryEntry;
import dev.thumbnet.experiment.results.Results.MethodFacts;
import dev.thumbnet.experiment.results.Results.PaperCost;
import dev.thumbnet.experiment.results.Results.StudyFacts;
import dev.thumbnet.experiment.results.Results.Thumbnail;
import dev.thumbnet.experiment.results.Row.Cost;
import dev.thumbnet.measure.Timing;
import dev.thumbnet.method.Method;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.direct.DirectMethod;
import dev.thumbnet.method.teacher.TeacherMethod;
import dev.thumbnet.method.thumbnet.StudentMethod;
import dev.thumbnet.model.Reduction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Converts the first format of {@code results.json}. It knew the paper's eight methods only, one
 * data set, and areas divided by 4 and 16; costs stood once for all seeds of a row, and timings in
 * a list of their own, one for each kind of thumbnail and ratio, because all rows with the same
 * kind ran the same program.
 */
final class FirstFormat {
  private static final String FULL = "full";
  private static final String BICUBIC = "bicubic-";
  private static final String LEARNED = "learned-";

  /** What a method was, and how the timings of its rows were called: this, then the ratio. */
  private record Known(Method method, String timing) {
    boolean thumbnails() {
      return !timing.equals(FULL);
    }

    String timing(int ratio) {
      return thumbnails() ? timing + ratio : timing;
    }

    /** The settings of a method that trains nothing; they were not in the file. */
    Map<String, Object> settings(Setting setting, int ratio) {
      Setting at = thumbnails() ? setting.with(Reduction.ofArea(ratio)) : setting;
      return method.points(at).getFirst().settings();
    }

    MethodFacts facts() {
      return new MethodFacts(method.key(), method.name(), method.explanation());
    }
  }

  private static final List<Known> METHODS =
      List.of(
          new Known(TeacherMethod.ORIGINAL, FULL),
          new Known(DirectMethod.DIRECT, BICUBIC),
          new Known(DirectMethod.REESTIMATED, BICUBIC),
          new Known(StudentMethod.BICUBIC, BICUBIC),
          new Known(StudentMethod.SUPERVISED, LEARNED),
          new Known(StudentMethod.BICUBIC_DISTILL, BICUBIC),
          new Known(StudentMethod.SUPERVISED_DISTILL, LEARNED),
          new Known(StudentMethod.THUMBNET, LEARNED));

  private final JsonObject json;
  private final DataFacts data;
  private final Setting setting;
  private final int size;
  private final Map<String, Timing> timings = new LinkedHashMap<>();

  private FirstFormat(JsonObject json) {
    this.json = json;
    this.data = ResultsReader.data(json.object("data"));
    this.setting = ResultsReader.setting(json.object("settings"));
    this.size = setting.size();
    json.objects("timings", t -> timings.put(t.text("pipeline"), ResultsReader.timing(t)));
  }

  static Results results(JsonObject json) {
    return new FirstFormat(json).convert();
  }

  private Results convert() {
    List<Row> rows = json.objects("rows", this::row);
    List<MethodFacts> methods =
        rows.stream()
            .map(Row::method)
            .distinct()
            .map(FirstFormat::known)
            .map(Known::facts)
            .toList();
    return new Results(
        new StudyFacts("paper", "original", "thumbnet", true),
        ResultsReader.origin(json.object("origin")),
        setting,
        json.object("settings").wholes("seeds"),
        List.of(data),
        methods,
        rows,
        json.objects("paperCosts", FirstFormat::paperCost),
        json.objects("gallery", this::galleryEntry));
  }

  private static Known known(String key) {
    return METHODS.stream()
        .filter(known -> known.method().key().equals(key))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("the first format had no method '" + key + "'"));
  }

  private Row row(JsonObject row) {
    Known known = known(row.text("method"));
    int ratio = row.integer("ratio");
    Map<String, Object> settings =
        row.has("student") ? row.object("student").flat() : known.settings(setting, ratio);
    OperatingPoint point =
        known.thumbnails()
            ? OperatingPoint.thumbnail(Reduction.ofArea(ratio), size, settings)
            : OperatingPoint.fullSize(size, settings);
    if (point.inputSize() != row.integer("inputSize")) {
      throw new IllegalArgumentException(row.path() + ".inputSize does not fit its ratio");
    }
    Cost cost = ResultsReader.cost(row.object("cost"));
    Optional<Timing> timing = Optional.ofNullable(timings.get(known.timing(ratio)));
    return new Row(
        data.name(),
        known.method().key(),
        known.method().name(),
        point,
        known.thumbnails(),
        row.objects("runs", run -> ResultsReader.run(run, cost, timing)));
  }

  private static PaperCost paperCost(JsonObject cost) {
    String timing = cost.object("timing").text("pipeline");
    return ResultsReader.paperCost(
        cost,
        timing.equals(FULL)
            ? "none"
            : timing.replace(BICUBIC, "bicubic ").replace(LEARNED, "learned ") + ":1");
  }

  private GalleryEntry galleryEntry(JsonObject entry) {
    return new GalleryEntry(
        data.name(),
        entry.text("label"),
        entry.text("picture"),
        entry.objects("thumbnails", FirstFormat::thumbnail));
  }

  private static Thumbnail thumbnail(JsonObject thumbnail) {
    String name = known(thumbnail.text("method")).method().name();
    return new Thumbnail(
        name + " " + Reduction.ofArea(thumbnail.integer("ratio")), thumbnail.text("file"));
  }
}
