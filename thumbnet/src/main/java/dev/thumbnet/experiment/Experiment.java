package dev.thumbnet.experiment;

import dev.thumbnet.data.DataSet;
import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.experiment.Method.Training;
import dev.thumbnet.experiment.Results.Cost;
import dev.thumbnet.experiment.Results.CurvePoint;
import dev.thumbnet.experiment.Results.DataFacts;
import dev.thumbnet.experiment.Results.GalleryEntry;
import dev.thumbnet.experiment.Results.Origin;
import dev.thumbnet.experiment.Results.PaperCost;
import dev.thumbnet.experiment.Results.SeedRun;
import dev.thumbnet.measure.Baselines;
import dev.thumbnet.measure.Evaluation;
import dev.thumbnet.measure.Evaluator;
import dev.thumbnet.measure.Machine;
import dev.thumbnet.measure.Timing;
import dev.thumbnet.measure.Timings;
import dev.thumbnet.method.Trained;
import dev.thumbnet.method.teacher.TeacherTraining;
import dev.thumbnet.method.thumbnet.StudentOptions;
import dev.thumbnet.method.thumbnet.ThumbNetTraining;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.train.EpochRecord;
import dev.thumbnet.train.RunOptions;
import dev.thumbnet.train.TrainingResult.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * Computes the paper's table: the teacher, then each method at each ratio, for each seed. What is
 * finished is in {@code results.json} at once and is not computed again when the experiment is
 * resumed; a training that was interrupted goes on from its checkpoint. The numbers are the same
 * with or without interruptions.
 */
public final class Experiment {
  /** Batches that are enough to estimate the statistics of batch normalisation. */
  private static final int STATISTICS_BATCHES = 200;

  private static final int TIMED_PICTURES = 8;

  private final Settings settings;
  private final ExperimentData data;
  private final Device device;
  private final int threads;
  private final ResultsFolder folder;
  private final Invocation invocation;
  private final BooleanSupplier stop;
  private final ExperimentListener listener;

  private final long begin = System.nanoTime();
  private double secondsBefore;
  private Results results;

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
   * @param settings what to compute
   * @param data on which pictures
   * @param device where
   * @param threads number of threads of the device, for the record
   * @param folder to write to; made if there is none
   * @param invocation how it was called
   * @param stop asked now and then whether to stop
   * @param listener is told how it gets on
   */
  public Experiment(
      Settings settings,
      ExperimentData data,
      Device device,
      int threads,
      Path folder,
      Invocation invocation,
      BooleanSupplier stop,
      ExperimentListener listener) {
    this.settings = settings;
    this.data = data;
    this.device = device;
    this.threads = threads;
    this.folder = new ResultsFolder(folder);
    this.invocation = invocation;
    this.stop = stop;
    this.listener = listener;
  }

  /**
   * Runs what has not been run yet, and writes results and report.
   *
   * @param resume whether the folder may hold an experiment that is to be continued
   * @return all results
   * @throws CancellationException if it was stopped; what was done is in the folder
   * @throws IllegalArgumentException if the folder cannot be used, or holds another experiment
   */
  public Results run(boolean resume) {
    folder.prepare(resume);
    try {
      open();
      for (long seed : settings.seeds()) {
        TrainedModel teacher = teacher(seed);
        for (Reduction reduction : settings.reductions()) {
          for (Method method : Method.AT_EACH_RATIO) {
            row(method, reduction, seed, teacher);
          }
        }
      }
      measureAndShow();
      save(true);
    } catch (CancellationException e) {
      if (results != null) {
        save(false);
      }
      throw new CancellationException(
          e.getMessage() + " in " + folder.root() + "; the same command with --resume goes on");
    }
    listener.onTask("Writing the report");
    HtmlReport.write(results, folder.root(), folder.report());
    ResultsFile.writeText(folder.table(), MarkdownTable.of(results));
    return results;
  }

  // ---------------------------------------------------------------- beginning

  private void open() {
    if (Files.exists(folder.results())) {
      Results old = ResultsFile.read(folder.results());
      if (!old.settings().equals(settings)) {
        throw new IllegalArgumentException(
            folder.root()
                + ": holds an experiment with other settings; continue it with the same ones: "
                + old.origin().command());
      }
      Origin p = old.origin();
      secondsBefore = p.seconds();
      results =
          old.with(
              new Origin(
                  p.version(),
                  p.command(),
                  p.started(),
                  p.seconds(),
                  p.sessions() + 1,
                  false,
                  Machine.here(device)));
      if (!facts(old.data().nearestNeighbours()).equals(old.data())) {
        throw new IllegalArgumentException(
            folder.root() + ": holds an experiment with other pictures: " + old.data().name());
      }
      return;
    }
    listener.onTask("Looking at the pictures");
    double neighbours =
        Baselines.nearestNeighbours(data.pictures().train(), data.pictures().validation(), stop);
    Origin origin =
        new Origin(
            invocation.version(),
            invocation.command(),
            Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
            0,
            1,
            false,
            Machine.here(device));
    results =
        new Results(
            Results.FORMAT,
            origin,
            settings,
            facts(neighbours),
            List.of(),
            List.of(),
            List.of(),
            List.of());
    save(false);
  }

  private DataFacts facts(double neighbours) {
    DataSet train = data.pictures().train();
    DataSet val = data.pictures().validation();
    return new DataFacts(
        data.name(),
        data.note(),
        Provenance.fingerprint(train) + "; " + Provenance.fingerprint(val),
        train.classes(),
        train.size(),
        val.size(),
        Baselines.chance(val),
        Baselines.majority(train, val),
        neighbours);
  }

  private void save(boolean finished) {
    Origin p = results.origin();
    double seconds = secondsBefore + (System.nanoTime() - begin) / 1e9;
    results =
        results.with(
            new Origin(
                p.version(),
                p.command(),
                p.started(),
                seconds,
                p.sessions(),
                finished,
                p.machine()));
    ResultsFile.write(results, folder.results());
  }

  // ---------------------------------------------------------------- the rows

  private TrainedModel teacher(long seed) {
    Method method = Method.ORIGINAL;
    if (results.run(method.key(), null, seed).isPresent()) {
      return TrainedModel.load(modelPath(method, null, seed), device);
    }
    String name = name(method, null, seed);
    listener.onTask("Teacher on full pictures" + ofSeed(seed));
    Trained trained =
        new TeacherTraining(
                settings.network(), data.pictures(), settings.teacher().withSeed(seed), device)
            .run(options(name));
    record(method, null, seed, null, checked(trained), trained);
    return trained.model();
  }

  private void row(Method method, Reduction reduction, long seed, TrainedModel teacher) {
    if (results.run(method.key(), reduction, seed).isPresent()) {
      return;
    }
    listener.onTask(method.name() + " at " + reduction + ofSeed(seed));
    if (method.training() == Training.STUDENT) {
      StudentOptions student = method.recipe().options(settings.downscaler(), reduction);
      Trained trained =
          new ThumbNetTraining(teacher, student, data.pictures(), settings.student().withSeed(seed))
              .run(options(name(method, reduction, seed)));
      record(method, reduction, seed, student, checked(trained), trained);
    } else {
      TrainedModel model = teacher.onThumbnails(reduction);
      if (method.training() == Training.STATISTICS) {
        model.reestimateBatchNorm(
            data.pictures().train(), STATISTICS_BATCHES, settings.student().batchSize(), seed);
      }
      record(method, reduction, seed, null, model, null);
    }
  }

  private RunOptions options(String name) {
    return RunOptions.plain()
        .withCheckpoint(folder.checkpoint(name))
        .withStop(stop)
        .withListener(listener);
  }

  private static TrainedModel checked(Trained trained) {
    if (trained.result().outcome() == Outcome.STOPPED) {
      throw new CancellationException("stopped, a checkpoint is written");
    }
    return trained.model();
  }

  /** Measures a model and puts it and its numbers where they are safe. */
  private void record(
      Method method,
      Reduction reduction,
      long seed,
      StudentOptions student,
      TrainedModel model,
      Trained trained) {
    List<EpochRecord> history = trained == null ? List.of() : trained.result().history();
    Evaluator evaluator = data.pictures().evaluator(settings.student().batchSize(), device);
    Evaluation full = evaluator.evaluate(model);
    Evaluation eightBit = model.usesThumbnails() ? evaluator.evaluateEightBit(model) : full;
    Path file = modelPath(method, reduction, seed);
    model.save(file);
    SeedRun run =
        new SeedRun(
            seed,
            full.metrics().top1(),
            full.metrics().top5(),
            eightBit.metrics().top1(),
            full.agreement(eightBit),
            history.stream().mapToDouble(EpochRecord::seconds).sum(),
            folder.root().relativize(file).toString(),
            history.stream().map(CurvePoint::of).toList());
    results = results.plus(method.key(), reduction, model.inputSize(), student, cost(model), run);
    save(false);
    options(name(method, reduction, seed)).removeCheckpoint();
    listener.onNote(String.format(Locale.ROOT, "Acc@1 %.1f %%", run.acc1()));
  }

  private static Cost cost(TrainedModel model) {
    long downscaler = model.usesThumbnails() ? model.downscaler().parameterCount() : 0;
    return new Cost(
        model.macs(),
        model.downscalerMacs(),
        model.network().parameterCount() + downscaler,
        downscaler);
  }

  private String ofSeed(long seed) {
    return settings.seeds().size() == 1 ? "" : ", seed " + seed;
  }

  private String name(Method method, Reduction reduction, long seed) {
    String row =
        method.equals(Method.ORIGINAL) ? "teacher" : method.key() + "-" + reduction.area() + "to1";
    return settings.seeds().size() == 1 ? row : row + "-seed" + seed;
  }

  private Path modelPath(Method method, Reduction reduction, long seed) {
    return folder.root().resolve("models").resolve(name(method, reduction, seed) + ".safetensors");
  }

  // ---------------------------------------------------------------- the end

  private void measureAndShow() {
    listener.onTask("Measuring times");
    long seed = settings.seeds().getFirst();
    Map<String, TrainedModel> models = new LinkedHashMap<>();
    models.put(
        Results.pipeline(Method.ORIGINAL, null),
        TrainedModel.load(modelPath(Method.ORIGINAL, null, seed), device));
    List<Gallery.Maker> makers = new ArrayList<>();
    for (Reduction reduction : settings.reductions()) {
      for (Method method : List.of(Method.BICUBIC, Method.THUMBNET)) {
        TrainedModel model = TrainedModel.load(modelPath(method, reduction, seed), device);
        models.put(Results.pipeline(method, reduction), model);
        makers.add(new Gallery.Maker(method, reduction, model));
      }
    }
    DataSet val = data.pictures().validation();
    List<RgbImage> pictures = new ArrayList<>();
    for (int i = 0; i < Math.min(TIMED_PICTURES, val.size()); i++) {
      pictures.add(data.pictures().preprocessing().crop(val.get(i)));
    }
    List<Timing> timings =
        Timings.measure(models, WeightFormat.F32, pictures, threads, Timings.USUAL, stop);
    List<PaperCost> costs = PaperCosts.measure(settings, device, threads, stop);
    List<GalleryEntry> gallery = Gallery.write(val, makers, folder.root());
    results = results.with(timings, costs, gallery);
  }
}
