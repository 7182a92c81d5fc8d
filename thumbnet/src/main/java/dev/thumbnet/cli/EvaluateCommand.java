package dev.thumbnet.cli;

import dev.thumbnet.cli.option.DataOptions;
import dev.thumbnet.cli.option.DeviceOptions;
import dev.thumbnet.cli.option.WeightOptions;
import dev.thumbnet.cli.picture.PictureProgress;
import dev.thumbnet.data.DataSet;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.io.Printable;
import dev.thumbnet.measure.Confusion;
import dev.thumbnet.measure.Evaluation;
import dev.thumbnet.measure.Evaluator;
import dev.thumbnet.measure.Metrics;
import dev.thumbnet.measure.Timing;
import dev.thumbnet.measure.Timings;
import dev.thumbnet.pipeline.CompiledModel;
import dev.thumbnet.pipeline.TrainedModel;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code thumbnet evaluate}: says how good a model is and what it costs. */
@Command(
    name = "evaluate",
    description = {
      "Says how good a model is on the pictures in DIR/val, and what it costs.",
      "",
      "Acc@1 is the share of pictures whose class is the model's first guess, Acc@5 that of those"
          + " whose class is among the first five, which is shown if there are more than five. A"
          + " model for thumbnails is measured twice: with its thumbnails as computed, and with"
          + " thumbnails stored in 8 bits. It is compiled and sees one picture at a time, as in an"
          + " application. Costs include the downscaler; times are medians.",
      "",
      "Ctrl-C stops at once, and what is known of the pictures seen so far is printed. Pictures are"
          + " seen class by class.",
      ""
    },
    footerHeading = "%nExample:%n",
    footer = {"  thumbnet evaluate student.safetensors --data pictures"},
    mixinStandardHelpOptions = true)
final class EvaluateCommand implements Callable<Integer> {
  /** Few, so that the first ones are soon there; changes no result. */
  private static final int BATCH = 8;

  private static final int TIMED_PICTURES = 8;
  private static final int LARGEST_MATRIX = 20;
  private static final int SHOWN_CONFUSIONS = 10;

  private final Console console;

  @Parameters(index = "0", paramLabel = "MODEL", description = "File of the model.")
  private Path file;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "Folder with the folder val, in it one folder of pictures for each class.")
  private Path data;

  @Option(names = "--json", description = "Print JSON; acc5 is there for any number of classes.")
  private boolean json;

  @Mixin private DataOptions pictures;
  @Mixin private WeightOptions weights;
  @Mixin private DeviceOptions device;

  EvaluateCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    try (Device opened = device.open()) {
      TrainedModel model = TrainedModel.load(file, opened);
      DataSet shown = pictures.val(data, model.preprocessing().decoder(), console::note);
      DataSet val = KnownClasses.of(shown, model.classes(), data, file);
      Evaluator evaluator =
          new Evaluator(val, model.preprocessing(), BATCH, device.workers(), opened);
      Found found = measure(model, val, evaluator);
      if (json) {
        Json.print(console, numbers(model, found));
      } else {
        console.out().println(model);
        print(numbers(model, found), val.classes().size());
        print(found.metrics().confusion(), val.classes().stream().map(Printable::line).toList());
      }
      if (!found.complete()) {
        throw new CancellationException(
            isOfAll(found.result(), val)
                ? "stopped before everything was measured"
                : "stopped; the numbers are those of the first "
                    + found.metrics().pictures()
                    + " of "
                    + val.size()
                    + " pictures");
      }
      Outcomes.noteChance(
          console,
          val,
          found.metrics().top1(),
          "do these pictures show what the model was trained on, in the right folders?");
    }
    return 0;
  }

  /**
   * What was measured before the command was stopped, or all.
   *
   * @param pictures how many there are
   * @param result of the pictures seen
   * @param eightBit the same with thumbnails stored in between, if all were seen so
   * @param timing if it came to that
   */
  private record Found(
      int pictures, Evaluation result, @Nullable Evaluation eightBit, @Nullable Timing timing) {
    Metrics metrics() {
      return result.metrics();
    }

    boolean complete() {
      return timing != null;
    }
  }

  private Found measure(TrainedModel model, DataSet val, Evaluator evaluator) {
    CompiledModel compiled = CompiledModel.of(model, 1, weights.format());
    Evaluation result = evaluate(evaluator, compiled, false, val.size());
    @Nullable Evaluation eightBit = null;
    @Nullable Timing timing = null;
    try {
      if (isOfAll(result, val) && model.usesThumbnails()) {
        Evaluation stored = evaluate(evaluator, compiled, true, val.size());
        eightBit = isOfAll(stored, val) ? stored : null;
      }
      if (isOfAll(result, val) && (eightBit != null || !model.usesThumbnails())) {
        timing = time(model, val);
      }
    } catch (CancellationException e) {
      // What was measured before is known and worth to be printed.
    }
    return new Found(val.size(), result, eightBit, timing);
  }

  private static boolean isOfAll(Evaluation result, DataSet pictures) {
    return result.metrics().pictures() == pictures.size();
  }

  private Evaluation evaluate(
      Evaluator evaluator, CompiledModel compiled, boolean stored, int pictures) {
    PictureProgress progress = new PictureProgress(console.err(), console.interactive(), pictures);
    try {
      return evaluator.evaluate(
          compiled, stored, console.interruption()::requested, progress::show);
    } finally {
      progress.clear();
    }
  }

  private Timing time(TrainedModel model, DataSet val) {
    return Timings.measure(
            List.of(new Timings.Candidate(() -> model, weights.format())),
            Timings.pictures(val, model.preprocessing()),
            device.threads(),
            Timings.USUAL,
            console.interruption()::requested)
        .getFirst();
  }

  private Map<String, Object> numbers(TrainedModel model, Found measured) {
    Metrics metrics = measured.metrics();
    Map<String, Object> found = new LinkedHashMap<>();
    found.put("pictures", metrics.pictures());
    if (!measured.complete()) {
      found.put("stopped", true);
      found.put("picturesInAll", measured.pictures());
    }
    found.put("acc1", metrics.top1());
    found.put("acc5", metrics.top5());
    found.put("loss", metrics.loss());
    Evaluation eightBit = measured.eightBit();
    if (eightBit != null) {
      found.put("eightBitAcc1", eightBit.metrics().top1());
      found.put("eightBitAgreement", measured.result().agreement(eightBit));
    }
    found.put("macs", model.macs());
    found.put("downscalerMacs", model.downscalerMacs());
    found.put("parameters", model.parameterCount());
    found.put("downscalerParameters", model.downscalerParameterCount());
    found.put("weights", weights.format().name().toLowerCase(Locale.ROOT));
    Timing timing = measured.timing();
    if (timing != null) {
      found.put("msPerPicture", timing.medianMs());
      found.put("threads", timing.threads());
    }
    if (json) {
      found.put("confusion", matrix(metrics.confusion()));
    }
    return found;
  }

  private void print(Map<String, Object> found, int classes) {
    if (found.containsKey("stopped")) {
      line(found, "stopped", "after %d of %d pictures", "pictures", "picturesInAll");
    }
    line(found, "pictures", "%d", "pictures");
    line(found, "Acc@1", "%.2f %%", "acc1");
    if (Metrics.hasTop5(classes)) {
      line(found, "Acc@5", "%.2f %%", "acc5");
    }
    line(found, "loss", "%.4f", "loss");
    if (found.containsKey("eightBitAcc1")) {
      line(
          found,
          "8-bit thumbnails",
          "Acc@1 %.2f %%, the same answer for %.2f %%",
          "eightBitAcc1",
          "eightBitAgreement");
    }
    line(found, "multiply-adds", "%,d, of which the downscaler %,d", "macs", "downscalerMacs");
    line(
        found,
        "parameters",
        "%,d, of which the downscaler %,d",
        "parameters",
        "downscalerParameters");
    if (found.containsKey("msPerPicture")) {
      line(
          found,
          "time",
          "%.2f ms per picture, on %d threads, with weights as %s",
          "msPerPicture",
          "threads",
          "weights");
    }
  }

  private void line(Map<String, Object> found, String name, String format, String... keys) {
    console.out().printf("%-18s", name);
    console.out().printf(Locale.ROOT, format + "%n", Stream.of(keys).map(found::get).toArray());
  }

  private void print(Confusion confusion, List<String> classes) {
    PrintWriter out = console.out();
    out.println();
    if (confusion.classes() > LARGEST_MATRIX) {
      printWorst(confusion, classes);
      return;
    }
    out.println("Which class (rows) was taken for which (columns, in the same order):");
    int width = classes.stream().mapToInt(String::length).max().orElse(0);
    for (int truth = 0; truth < classes.size(); truth++) {
      out.printf("  %-" + width + "s", classes.get(truth));
      for (int answer = 0; answer < classes.size(); answer++) {
        out.printf(
            " %5s", confusion.count(truth, answer) == 0 ? "." : confusion.count(truth, answer));
      }
      out.println();
    }
  }

  private void printWorst(Confusion confusion, List<String> classes) {
    record Mistake(int truth, int answer, long count) {}
    List<Mistake> mistakes = new ArrayList<>();
    for (int truth = 0; truth < classes.size(); truth++) {
      for (int answer = 0; answer < classes.size(); answer++) {
        if (truth != answer && confusion.count(truth, answer) > 0) {
          mistakes.add(new Mistake(truth, answer, confusion.count(truth, answer)));
        }
      }
    }
    mistakes.sort(Comparator.comparingLong((Mistake m) -> -m.count()));
    console.out().println("Most frequent mistakes:");
    for (Mistake m : mistakes.subList(0, Math.min(SHOWN_CONFUSIONS, mistakes.size()))) {
      console
          .out()
          .printf(
              "  %d times %s was taken for %s%n",
              m.count(), classes.get(m.truth()), classes.get(m.answer()));
    }
  }

  private static long[][] matrix(Confusion confusion) {
    long[][] matrix = new long[confusion.classes()][confusion.classes()];
    for (int truth = 0; truth < matrix.length; truth++) {
      for (int answer = 0; answer < matrix.length; answer++) {
        matrix[truth][answer] = confusion.count(truth, answer);
      }
    }
    return matrix;
  }
}
