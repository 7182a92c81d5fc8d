package dev.thumbnet.experiment;

import static dev.thumbnet.experiment.report.Texts.format;
import static dev.thumbnet.experiment.report.Texts.words;

import dev.thumbnet.experiment.report.Comparisons;
import dev.thumbnet.experiment.report.Finding;
import dev.thumbnet.experiment.report.MeasuredTable;
import dev.thumbnet.experiment.report.MeasuredTable.Quantity;
import dev.thumbnet.experiment.results.Comparison;
import dev.thumbnet.experiment.results.Results;
import dev.thumbnet.experiment.results.Results.DataFacts;
import dev.thumbnet.experiment.results.Row;
import dev.thumbnet.experiment.results.Row.Run;
import dev.thumbnet.measure.FrequencyResponse.Colour;
import dev.thumbnet.method.Method;
import dev.thumbnet.method.Need;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.Training;
import dev.thumbnet.method.information.Information;
import dev.thumbnet.method.information.ProbeMethod;
import dev.thumbnet.method.teacher.TeacherMethod;
import dev.thumbnet.method.thumbnet.StudentMethod;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Reduction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a thumbnail has lost: of the class, of the picture, of waves, and what it costs to store it.
 */
final class InformationStudy implements Study {
  private static final StudentMethod SOURCE = StudentMethod.THUMBNET;
  private static final ProbeMethod PROBE = ProbeMethod.PROBE;

  /** Besides the setting's. */
  private static final Reduction SMALLEST = Reduction.EIGHTH;

  private static final DownscalerKind ORDINARY = DownscalerKind.BICUBIC;
  private static final List<DownscalerKind> OTHERS =
      List.of(DownscalerKind.AREA, DownscalerKind.NEAREST);

  private static final double FINE = 0.5;
  private static final double TOO_FINE = 1.5;

  @Override
  public String key() {
    return "information";
  }

  @Override
  public String name() {
    return "What a thumbnail has lost";
  }

  @Override
  public String introduction() {
    return "A thumbnail has fewer pixels than its picture. What is lost: of what the picture shows,"
        + " of its details, of its colours? ThumbNet's downscaler is looked at beside bicubic"
        + " resizing, means of areas, and single pixels (nearest), at half, a quarter and an eighth"
        + " of the side.";
  }

  @Override
  public String conditions() {
    return "Thumbnails no longer change. The learned ones are those of a finished ThumbNet of the"
        + " same pictures. All probes are the same network from the same start, however small the"
        + " thumbnails are, and learn from labels alone, on the same pictures in the same order,"
        + " for the students' epochs at the teacher's rate; so do all decoders, three convolutions"
        + " of 32 channels each. A probe finds at least so much, and a longer training may find"
        + " more. JPEG files are of quality 90, by Java's own writer, with colours at half the"
        + " resolution; WebP is left out, for nothing here writes it.";
  }

  @Override
  public Method reference() {
    return TeacherMethod.ORIGINAL;
  }

  @Override
  public Method subject() {
    return PROBE;
  }

  @Override
  public List<Entry> entries(Setting setting) {
    setting.checkThumbnails();
    Set<Reduction> reductions = new LinkedHashSet<>(setting.reductions());
    if (hasSmallest(setting)) {
      reductions.add(SMALLEST);
    }
    return reductions.stream().flatMap(reduction -> entries(setting, reduction).stream()).toList();
  }

  private static boolean hasSmallest(Setting setting) {
    return SMALLEST.divides(setting.size())
        && setting.network().takes(SMALLEST.reduce(setting.size()));
  }

  private static List<Entry> entries(Setting setting, Reduction reduction) {
    List<Entry> entries = new ArrayList<>();
    DownscalerKind learned = setting.downscaler();
    if (learned.makes(reduction)) {
      Training source = SOURCE.at(setting, reduction.reduce(setting.size()), 1);
      Need need = new Need(SOURCE.key(), source.points().getFirst().key());
      entries.add(new Entry(SOURCE, source));
      entries.add(
          new Entry(
              PROBE, PROBE.at(setting, reduction, learned, Optional.of(need)), List.of(need)));
    }
    entries.add(new Entry(PROBE, PROBE.at(setting, reduction, ORDINARY, Optional.empty())));
    OTHERS.stream()
        .filter(kind -> kind.makes(reduction))
        .forEach(
            kind ->
                entries.add(
                    new Entry(PROBE, PROBE.at(setting, reduction, kind, Optional.empty()))));
    return entries;
  }

  @Override
  public boolean timed() {
    return false;
  }

  @Override
  public boolean inGallery(Row row) {
    return isProbe(row);
  }

  private static boolean isProbe(Row row) {
    return row.method().equals(PROBE.key());
  }

  private static DownscalerKind kind(Row row) {
    return DownscalerKind.ofKey(String.valueOf(row.point().settings().get("downscaler")));
  }

  @Override
  public List<MeasuredTable> tables() {
    Quantity png = new Quantity(Information.PNG_BYTES, "PNG", "bytes", 0);
    return List.of(
        new MeasuredTable(
            "What is left in a thumbnail",
            "Bits: what the probe finds in a thumbnail of the class, at least; the entropy of the"
                + " labels less its cross entropy. PSNR: how well the decoder guesses the picture;"
                + " 3 dB more are half the square error. Files are of one thumbnail, in the mean;"
                + " with PNG files the probe is as accurate as with 8 bits. Each JPEG file has"
                + " about 600 bytes of headers and tables, whatever it shows: most of it, if the"
                + " thumbnail is small.",
            List.of(
                new Quantity(Information.BITS, "Bits", "of the class", 2),
                new Quantity(Information.PSNR, "PSNR", "dB", 1),
                png,
                new Quantity(Information.JPEG_BYTES, "JPEG", "bytes", 0),
                new Quantity(Information.JPEG_ACC, "Acc@1", "from JPEG", 1)),
            Optional.of(png)),
        new MeasuredTable(
            "What becomes of waves",
            "Gain: what is left in a thumbnail of a wave of half the frequency that its pixels can"
                + " show, 1 being all of it. Wrong detail: what a wave of one and a half times that"
                + " frequency, which no thumbnail can show, leaves there all the same, as another"
                + " wave. Of light and dark, red against green, and blue against yellow. All"
                + " frequencies are in results.json.",
            List.of(
                number(Information.gain(Colour.GREY, FINE), "Gain, grey"),
                number(Information.gain(Colour.RED_GREEN, FINE), "Gain, red–green"),
                number(Information.gain(Colour.BLUE_YELLOW, FINE), "Gain, blue–yellow"),
                number(Information.wrong(Colour.GREY, TOO_FINE), "Wrong, grey"),
                number(Information.wrong(Colour.RED_GREEN, TOO_FINE), "Wrong, red–green"),
                number(Information.wrong(Colour.BLUE_YELLOW, TOO_FINE), "Wrong, blue–yellow")),
            Optional.empty()));
  }

  private static Quantity number(String name, String header) {
    return new Quantity(name, header, "", 2);
  }

  /** Each kind of thumbnails beside bicubic ones of the same size. */
  @Override
  public List<Comparison> comparisons(Results results) {
    List<Comparison> pairs = new ArrayList<>();
    for (DataFacts set : results.data()) {
      List<Row> probes = results.rows(set).stream().filter(InformationStudy::isProbe).toList();
      for (Row row : probes) {
        probes.stream()
            .filter(other -> kind(row) != ORDINARY && kind(other) == ORDINARY)
            .filter(other -> other.point().inputSize() == row.point().inputSize())
            .forEach(other -> pairs.add(Comparison.of(row, other, set)));
      }
    }
    return pairs;
  }

  /** For each set and size what each kind of thumbnails has left. */
  @Override
  public List<Finding> findings(Results results, List<Comparison> pairs) {
    List<Finding> findings = new ArrayList<>();
    for (DataFacts set : results.data()) {
      Map<Integer, List<Row>> bySize =
          results.rows(set).stream()
              .filter(InformationStudy::isProbe)
              .collect(
                  Collectors.groupingBy(
                      row -> row.point().inputSize(), LinkedHashMap::new, Collectors.toList()));
      bySize.forEach(
          (side, rows) ->
              findings.add(
                  new Finding(
                      format("%d pixels a side", side) + Comparisons.where(results, set),
                      rows.stream()
                          .map(row -> sentence(row, pairs))
                          .collect(Collectors.joining(" ")))));
    }
    findings.addAll(leftOut(results.setting()));
    return findings;
  }

  private static String sentence(Row row, List<Comparison> pairs) {
    return format(
        "%s: %.2f bits of the class, %s %% right%s, pictures guessed to %.1f dB, %.0f bytes as"
            + " PNG.",
        kind(row).label(),
        mean(row, Information.BITS),
        row.acc1(),
        pairs.stream()
            .filter(pair -> pair.row() == row)
            .map(pair -> " (beside " + ORDINARY.label() + " " + words(pair) + ")")
            .collect(Collectors.joining()),
        mean(row, Information.PSNR),
        mean(row, Information.PNG_BYTES));
  }

  private static double mean(Row row, String name) {
    return row.over((Run run) -> run.measured(name)).mean();
  }

  private static List<Finding> leftOut(Setting setting) {
    List<String> sentences = new ArrayList<>();
    if (!hasSmallest(setting)) {
      sentences.add(
          format(
              "Pictures of %d pixels have no thumbnails of an eighth of the side that %s takes.",
              setting.size(), setting.networkLabel()));
    } else if (!setting.downscaler().makes(SMALLEST)) {
      sentences.add(
          format(
              "The downscaler %s makes no thumbnails of an eighth of the side.",
              setting.downscalerLabel()));
    }
    return sentences.isEmpty()
        ? List.of()
        : List.of(new Finding("Left out", String.join(" ", sentences)));
  }
}
