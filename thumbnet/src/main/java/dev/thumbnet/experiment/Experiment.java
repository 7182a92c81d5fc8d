package dev.thumbnet.experiment;

import dev.thumbnet.Thumbnailer;
import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.experiment.report.HtmlReport;
import dev.thumbnet.experiment.report.Looks;
import dev.thumbnet.experiment.report.Story;
import dev.thumbnet.experiment.report.TextReport;
import dev.thumbnet.experiment.results.Results;
import dev.thumbnet.experiment.results.Results.DataFacts;
import dev.thumbnet.experiment.results.Results.GalleryEntry;
import dev.thumbnet.experiment.results.Results.Origin;
import dev.thumbnet.experiment.results.Results.PaperCost;
import dev.thumbnet.experiment.results.ResultsFile;
import dev.thumbnet.experiment.results.Row;
import dev.thumbnet.experiment.results.Row.Run;
import dev.thumbnet.measure.Baselines;
import dev.thumbnet.measure.Machine;
import dev.thumbnet.measure.Timing;
import dev.thumbnet.measure.Timings;
import dev.thumbnet.measure.Timings.Candidate;
import dev.thumbnet.method.Setting;
import dev.thumbnet.pipeline.TrainedDownscaler;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.train.TrainingData;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Runs a study: for each data set and each seed the reference, then every entry; where an entry
 * gets the models of others, these before it. What is finished is in {@code results.json} at once
 * and is not computed again when the experiment is resumed; a training that was interrupted goes on
 * from its checkpoint. The numbers are the same with or without interruptions.
 */
public final class Experiment {
  private final Design design;
  private final Device device;
  private final int threads;
  private final ResultsFolder folder;
  private final Invocation invocation;
  private final BooleanSupplier stop;
  private final ExperimentListener listener;

  private final long begin = System.nanoTime();

  /**
   * What is to be computed.
   *
   * @param study the question
   * @param setting what the user chose; its number of classes is replaced by that of each set
   * @param data the data sets, each with another name
   * @param seeds everything is computed once for each
   * @param looks how the study's methods are drawn
   * @param only keys of methods or names of models, without seed and ending, whose rows are wanted
   *     now; what they need is run, too. All rows if there are none
   */
  public record Design(
      Study study,
      Setting setting,
      List<ExperimentData> data,
      List<Long> seeds,
      Looks looks,
      List<String> only) {
    /** A design of which all rows are wanted. */
    public Design(
        Study study, Setting setting, List<ExperimentData> data, List<Long> seeds, Looks looks) {
      this(study, setting, data, seeds, looks, List.of());
    }

    /**
     * Copies the lists and checks them.
     *
     * @throws IllegalArgumentException if something occurs twice, or nothing is there
     */
    public Design {
      data = List.copyOf(data);
      seeds = List.copyOf(seeds);
      only = List.copyOf(only);
      checkDistinct("seed", seeds);
      checkDistinct("data set", data.stream().map(ExperimentData::name).toList());
    }

    private static void checkDistinct(String what, List<?> things) {
      if (things.isEmpty()) {
        throw new IllegalArgumentException("at least one " + what + " is needed");
      }
      if (things.stream().distinct().count() < things.size()) {
        throw new IllegalArgumentException("a " + what + " occurs twice: " + things);
      }
    }
  }

  /**
   * How the experiment was called, for the record.
   *
   * @param command what was typed
   * @param version of the program
   */
  public record Invocation(String command, String version) {}

  /**
   * Prepares an experiment.
   *
   * @param design what to compute
   * @param device where
   * @param threads number of threads of the device, for the record
   * @param folder to write to; made if there is none
   * @param invocation how it was called
   * @param stop asked now and then whether to stop
   * @param listener is told how it gets on
   */
  public Experiment(
      Design design,
      Device device,
      int threads,
      Path folder,
      Invocation invocation,
      BooleanSupplier stop,
      ExperimentListener listener) {
    this.design = design;
    this.device = device;
    this.threads = threads;
    this.folder = new ResultsFolder(folder);
    this.invocation = invocation;
    this.stop = stop;
    this.listener = listener;
  }

  /**
   * Runs what has not been run yet, and writes results and report, of all rows that there are.
   *
   * @param resume whether the folder may hold an experiment that is to be continued
   * @return all results
   * @throws CancellationException if it was stopped; what was done is in the folder
   * @throws IllegalArgumentException if the folder cannot be used, or holds another experiment, or
   *     a training needs a model that no other makes, or rows are wanted that there are not
   */
  public Results run(boolean resume) {
    RunningOrder order = RunningOrder.of(design);
    folder.prepare(resume);
    Results results;
    try {
      results = compute(open(resume), order);
    } catch (CancellationException e) {
      throw new CancellationException(
          e.getMessage() + " in " + folder.root() + "; the same command with --resume goes on");
    }
    listener.onTask("Writing the report");
    Story story = design.study().story(results, order.leftOut(results));
    try {
      HtmlReport.write(results, story, design.looks(), folder.root(), folder.report());
      ResultsFile.writeText(folder.table(), TextReport.markdown(results, story));
    } catch (UncheckedIOException e) {
      throw new UncheckedIOException(
          e.getMessage()
              + "; every number is safe in "
              + folder.results()
              + ", and the same command with --resume writes the report",
          e.getCause());
    }
    return results;
  }

  private Results compute(RunningResults progress, RunningOrder order) {
    CellRunner runner = new CellRunner(design, device, folder, progress, stop, listener);
    try {
      runner.run(order.cells());
      progress.replace(progress.results().withRows(order.sorted(progress.results().rows())));
      measureAndShow(progress);
      progress.save(order.leftOut(progress.results()).isEmpty());
      return progress.results();
    } catch (CancellationException e) {
      progress.save(false);
      throw e;
    }
  }

  // ---------------------------------------------------------------- beginning

  private RunningResults open(boolean resume) {
    if (Files.exists(folder.results())) {
      Results old = ResultsFile.read(folder.results());
      if (!old.setting().equals(design.setting())
          || !old.seeds().equals(design.seeds())
          || !old.study().equals(design.study().facts())) {
        throw new IllegalArgumentException(
            folder.root()
                + ": holds an experiment with other settings; continue it with the same ones: "
                + old.origin().command());
      }
      checkSame(old.data());
      return progress(old.with(old.origin().resumed(invocation.command(), Machine.here(device))));
    }
    if (resume) {
      listener.onNote(folder.root() + " holds no results yet, so the experiment starts anew");
    }
    listener.onTask("Looking at the pictures");
    List<DataFacts> facts = new ArrayList<>();
    for (ExperimentData set : design.data()) {
      double neighbours =
          Baselines.nearestNeighbours(set.pictures().train(), set.pictures().validation(), stop);
      facts.add(set.facts(neighbours));
    }
    Origin origin =
        new Origin(
            invocation.version(),
            invocation.command(),
            Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
            0,
            1,
            false,
            Machine.here(device));
    RunningResults progress =
        progress(
            new Results(
                design.study().facts(),
                origin,
                design.setting(),
                design.seeds(),
                facts,
                List.of(),
                List.of(),
                List.of(),
                List.of()));
    progress.save(false);
    return progress;
  }

  private RunningResults progress(Results results) {
    return new RunningResults(results, folder.results(), begin);
  }

  private void checkSame(List<DataFacts> old) {
    boolean same = old.size() == design.data().size();
    for (int i = 0; same && i < old.size(); i++) {
      DataFacts now = design.data().get(i).facts(old.get(i).nearestNeighbours());
      same = now.samePictures(old.get(i));
    }
    if (!same) {
      throw new IllegalArgumentException(
          folder.root()
              + ": holds an experiment with other pictures: "
              + old.stream().map(DataFacts::name).collect(Collectors.joining(", ")));
    }
  }

  // ---------------------------------------------------------------- the end

  private void measureAndShow(RunningResults progress) {
    if (design.study().timed()) {
      listener.onTask("Measuring times");
      Results untimed = progress.results();
      progress.replace(untimed.withRows(timedRows(untimed.rows())));
    }
    List<PaperCost> costs =
        PaperCosts.measure(design.study().atPaperSize(design.setting(), device), threads, stop);
    Results results = progress.results();
    List<GalleryEntry> gallery = new ArrayList<>();
    for (int i = 0; i < design.data().size(); i++) {
      try {
        gallery.addAll(gallery(design.data().get(i), results.rows(results.data().get(i))));
      } catch (UncheckedIOException e) {
        // Pictures to look at: the numbers are worth a report without them.
        listener.onNote("the gallery is left out: " + e.getMessage());
      }
    }
    progress.replace(results.with(costs, gallery));
  }

  /** Every run of every row is timed, all in turns. */
  private List<Row> timedRows(List<Row> rows) {
    List<Candidate> models = new ArrayList<>();
    for (Row row : rows) {
      WeightFormat format = row.point().weightFormat();
      row.runs().forEach(run -> models.add(new Candidate(() -> load(run), format)));
    }
    TrainingData first = design.data().getFirst().pictures();
    List<RgbImage> pictures = Timings.pictures(first.validation(), first.preprocessing());
    Iterator<Timing> timings =
        Timings.measure(models, pictures, threads, Timings.USUAL, stop).iterator();
    return rows.stream()
        .map(row -> row.withRuns(row.runs().stream().map(r -> r.with(timings.next())).toList()))
        .toList();
  }

  private TrainedModel load(Run run) {
    return TrainedModel.load(folder.root().resolve(run.model()), device);
  }

  private List<GalleryEntry> gallery(ExperimentData set, List<Row> rows) {
    List<Gallery.Maker> makers = new ArrayList<>();
    for (Row row : rows) {
      if (row.thumbnails() && design.study().inGallery(row)) {
        TrainedModel model = load(row.runs().getFirst());
        makers.add(
            new Gallery.Maker(
                row.method() + "-" + row.point().key(),
                row.title(),
                new Thumbnailer(TrainedDownscaler.of(model))));
      }
    }
    return makers.isEmpty()
        ? List.of()
        : Gallery.write(
            set.name(),
            design.data().size() == 1 ? "" : set.name() + "-",
            set.pictures().validation(),
            set.pictures().preprocessing(),
            makers,
            folder.root());
  }
}
