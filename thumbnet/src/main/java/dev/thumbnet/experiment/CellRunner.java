package dev.thumbnet.experiment;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.experiment.Experiment.Design;
import dev.thumbnet.experiment.RunningOrder.Cell;
import dev.thumbnet.experiment.results.CurvePoint;
import dev.thumbnet.experiment.results.Results.MethodFacts;
import dev.thumbnet.experiment.results.Row;
import dev.thumbnet.experiment.results.Row.Compiled;
import dev.thumbnet.experiment.results.Row.Cost;
import dev.thumbnet.experiment.results.Row.Run;
import dev.thumbnet.measure.Chance;
import dev.thumbnet.measure.Evaluation;
import dev.thumbnet.measure.Evaluator;
import dev.thumbnet.method.Method;
import dev.thumbnet.method.Need;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.PreparedTraining;
import dev.thumbnet.method.Trained;
import dev.thumbnet.method.Training;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.pipeline.CompiledModel;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.train.EpochRecord;
import dev.thumbnet.train.RunOptions;
import dev.thumbnet.train.TrainingResult.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Runs the cells of an experiment, and puts what they give where it is safe. */
final class CellRunner {
  /** Most trainings at once: each keeps its networks, gradients and velocities in memory. */
  static final int SIDE_BY_SIDE = 8;

  private final Design design;
  private final Device device;
  private final ResultsFolder folder;
  private final RunningResults progress;
  private final BooleanSupplier stop;
  private final ExperimentListener listener;

  /**
   * Prepares.
   *
   * @param design of the experiment
   * @param device where to compute
   * @param folder of the experiment
   * @param progress gets the numbers
   * @param stop asked now and then whether to stop
   * @param listener is told what is done
   */
  CellRunner(
      Design design,
      Device device,
      ResultsFolder folder,
      RunningResults progress,
      BooleanSupplier stop,
      ExperimentListener listener) {
    this.design = design;
    this.device = device;
    this.folder = folder;
    this.progress = progress;
    this.stop = stop;
    this.listener = listener;
  }

  /**
   * Runs the trainings of cells of which a point is missing, in their order; a point is missing,
   * too, if its model is no longer there. Cells that learn from the same batches and follow each
   * other are run side by side. The models that they get are read from the experiment's folder.
   *
   * @param cells after those whose models they get
   * @throws CancellationException if it was stopped
   * @throws IllegalArgumentException if there are results that were found with other settings, or a
   *     model is missing that none of the cells makes
   */
  void run(List<Cell> cells) {
    checkModels(cells);
    List<Cell> missing = new ArrayList<>();
    for (Cell cell : cells) {
      noteLostModels(cell);
      if (isDone(cell)) {
        // It may have been killed between the two.
        options(cell).removeCheckpoint();
      } else {
        missing.add(cell);
      }
    }
    for (int from = 0; from < missing.size(); ) {
      from += runFirst(missing.subList(from, missing.size()));
    }
  }

  /** Runs the first of some cells, alone or with those behind it, and returns how many. */
  private int runFirst(List<Cell> cells) {
    Cell first = cells.getFirst();
    TrainingContext context = context(first);
    GroupProgress shown = new GroupProgress(listener);
    Optional<PreparedTraining> one = prepare(first, context, shown);
    if (one.isEmpty()) {
      listener.onTask(task(first));
      RunOptions options = options(first).withListener(listener);
      Training training = first.entry().training();
      finish(List.of(first), context, List.of(() -> training.run(context, options)));
      return 1;
    }
    List<PreparedTraining> group = new ArrayList<>(List.of(one.get()));
    for (Cell next : cells.subList(1, Math.min(cells.size(), SIDE_BY_SIDE))) {
      if (!next.getsAs(first)) {
        break;
      }
      Optional<PreparedTraining> another = prepare(next, context, shown);
      if (another.filter(one.get()::sharesBatches).isEmpty()) {
        shown.leave();
        break;
      }
      group.add(another.get());
    }
    List<Cell> members = cells.subList(0, group.size());
    listener.onTask(members.stream().map(this::task).collect(Collectors.joining("; ")));
    finish(members, context, PreparedTraining.run(group));
    return group.size();
  }

  private Optional<PreparedTraining> prepare(
      Cell cell, TrainingContext context, GroupProgress shown) {
    RunOptions options = options(cell).withListener(shown.member(task(cell)));
    return cell.entry().training().prepare(context, options);
  }

  private RunOptions options(Cell cell) {
    OperatingPoint point = cell.entry().training().points().getFirst();
    return RunOptions.plain()
        .withCheckpoint(folder.checkpoint(fileName(cell, point)))
        .withStop(stop);
  }

  /**
   * Saves and measures what cells have given.
   *
   * @throws CancellationException if some were stopped; the others are safe then
   * @throws ArithmeticException if one has diverged, likewise
   */
  private void finish(List<Cell> cells, TrainingContext context, List<Supplier<Trained>> given) {
    boolean stopped = false;
    Optional<ArithmeticException> diverged = Optional.empty();
    for (int i = 0; i < cells.size(); i++) {
      try {
        Trained trained = given.get(i).get();
        if (trained.result().outcome() == Outcome.STOPPED) {
          stopped = true;
        } else {
          finish(cells.get(i), context, trained);
        }
      } catch (ArithmeticException e) {
        ArithmeticException named =
            new ArithmeticException(task(cells.get(i)) + ": " + e.getMessage());
        named.initCause(e);
        diverged = Optional.of(named);
      }
    }
    if (stopped) {
      throw new CancellationException("stopped, a checkpoint is written");
    }
    if (diverged.isPresent()) {
      throw diverged.get();
    }
  }

  private void finish(Cell cell, TrainingContext context, Trained trained) {
    List<OperatingPoint> points = cell.entry().training().points();
    checkPromised(cell.entry().method(), points, trained.models());
    if (!trained.notes().isEmpty()) {
      listener.onNote(
          trained.notes().entrySet().stream()
              .map(note -> note.getKey() + " " + note.getValue())
              .collect(Collectors.joining(", ")));
    }
    RunOptions options = options(cell);
    for (int i = 0; i < points.size(); i++) {
      if (!isDone(cell, points.get(i))) {
        TrainedModel model = trained.models().get(i);
        Optional<Need> given = context.need(model);
        Path file = folder.model(fileName(cell, points.get(i)));
        if (given.isPresent()) {
          file = file(run(cell, given.get())); // it is another's, and stays there
        } else {
          options.saveResult(file, model::save);
        }
        record(cell, points.get(i), model, file, trained.histories().get(i), trained);
      }
    }
    options.removeCheckpoint();
  }

  /** What is not run now is measured with the others all the same, and must be there. */
  private void checkModels(List<Cell> cells) {
    for (Row row : progress.results().rows()) {
      for (Run run : row.runs()) {
        if (!hasModel(run) && cells.stream().noneMatch(cell -> cell.gives(row, run.seed()))) {
          throw new IllegalArgumentException(
              file(run)
                  + ": this model of "
                  + row.title()
                  + " is not there; put it back, or have it computed again: --resume without"
                  + " --only");
        }
      }
    }
  }

  private void noteLostModels(Cell cell) {
    for (OperatingPoint point : cell.entry().training().points()) {
      found(cell, point)
          .filter(run -> !hasModel(run))
          .ifPresent(
              run ->
                  listener.onNote(
                      file(run)
                          + " is not there, so "
                          + Row.title(cell.entry().method().name(), point)
                          + " is computed again; what was learnt from it stays as it is"));
    }
  }

  private Path file(Run run) {
    return folder.root().resolve(run.model());
  }

  private boolean hasModel(Run run) {
    return Files.isRegularFile(file(run));
  }

  private boolean isDone(Cell cell) {
    return cell.entry().training().points().stream().allMatch(point -> isDone(cell, point));
  }

  /** Tells whether there are results of a method at a point, and the model itself. */
  private boolean isDone(Cell cell, OperatingPoint point) {
    return found(cell, point).filter(this::hasModel).isPresent();
  }

  /**
   * Returns the results of a method at a point, if there are any.
   *
   * @throws IllegalArgumentException if they were found with other settings
   */
  private Optional<Run> found(Cell cell, OperatingPoint point) {
    Optional<Row> row =
        progress.results().row(cell.set().name(), cell.entry().method().key(), point.key());
    row.ifPresent(found -> found.checkRunsAs(point));
    return row.flatMap(found -> found.run(cell.seed()));
  }

  private TrainingContext context(Cell cell) {
    Map<Need, TrainedModel> models = new LinkedHashMap<>();
    cell.entry().needs().forEach(need -> models.put(need, load(cell, need)));
    return new TrainingContext(
        device,
        cell.set().pictures(),
        cell.seed(),
        cell.teacher().map(teacher -> load(cell, teacher)),
        models);
  }

  /** A model that a cell gets, of a cell that has been run. */
  private TrainedModel load(Cell cell, Need need) {
    return TrainedModel.load(file(run(cell, need)), device);
  }

  private Run run(Cell cell, Need need) {
    return progress
        .results()
        .row(need.data().orElse(cell.set().name()), need.method(), need.point())
        .flatMap(row -> row.run(cell.seed()))
        .orElseThrow(() -> new IllegalStateException(need + " has not been run"));
  }

  private static void checkPromised(
      Method method, List<OperatingPoint> points, List<TrainedModel> models) {
    List<Integer> promised = points.stream().map(OperatingPoint::inputSize).toList();
    List<Integer> kept = models.stream().map(TrainedModel::inputSize).toList();
    if (!promised.equals(kept)) {
      throw new IllegalStateException(
          method.key() + " promised networks that see " + promised + " pixels, and gave " + kept);
    }
  }

  private String task(Cell cell) {
    String where =
        cell.entry().training().points().stream()
            .map(point -> point.label().isEmpty() ? "full size" : point.label())
            .collect(Collectors.joining(", "));
    return cell.entry().method().name()
        + " at "
        + where
        + (design.data().size() == 1 ? "" : " on " + cell.set().name())
        + (design.seeds().size() == 1 ? "" : ", seed " + cell.seed());
  }

  private String fileName(Cell cell, OperatingPoint point) {
    return cell.entry().method().fileName(point)
        + (design.data().size() == 1 ? "" : "-" + cell.set().name())
        + (design.seeds().size() == 1 ? "" : "-seed" + cell.seed());
  }

  /** Measures a model that is saved, and puts its numbers where they are safe, too. */
  private void record(
      Cell cell,
      OperatingPoint point,
      TrainedModel model,
      Path file,
      List<EpochRecord> history,
      Trained trained) {
    Evaluator evaluator =
        cell.set().pictures().evaluator(design.setting().student().batchSize(), device);
    WeightFormat format = point.weightFormat();
    Measured measured =
        format == WeightFormat.F32
            ? Measured.of(model, evaluator, stop)
            : Measured.of(
                CompiledModel.of(model, 1, format), model.usesThumbnails(), evaluator, stop);
    Evaluation full = measured.full;
    Evaluation eightBit = measured.eightBit;
    Run run =
        new Run(
            cell.seed(),
            full.metrics().top1(),
            full.metrics().top5(),
            eightBit.metrics().top1(),
            full.agreement(eightBit),
            measured.compiled,
            history.stream().mapToDouble(EpochRecord::seconds).sum(),
            cost(model),
            Optional.empty(),
            folder.root().relativize(file).toString(),
            Optional.of(full.right(cell.set().pictures().validation())),
            trained.notes(),
            trained.measured(),
            history.stream().map(CurvePoint::of).toList());
    Method method = cell.entry().method();
    progress.replace(
        progress
            .results()
            .plus(
                new MethodFacts(method.key(), method.name(), method.explanation()),
                new Row(
                    cell.set().name(),
                    method.key(),
                    method.name(),
                    point,
                    model.usesThumbnails(),
                    List.of(run))));
    progress.save(false);
    listener.onNote(
        String.format(
            Locale.ROOT,
            "%s: Acc@1 %.1f %%%s",
            method.name() + (point.label().isEmpty() ? "" : " at " + point.label()),
            run.acc1(),
            Chance.of(cell.set().pictures().validation()).explains(run.acc1())
                ? ", no better than guessing"
                : ""));
  }

  /**
   * What a model answered.
   *
   * @param eightBit with thumbnails that were stored in between, if there are any
   * @param compiled what the compiled model did, if the model itself was measured
   */
  private record Measured(Evaluation full, Evaluation eightBit, Optional<Compiled> compiled) {
    static Measured of(TrainedModel model, Evaluator evaluator, BooleanSupplier stop) {
      Evaluation full = evaluator.evaluate(model);
      Evaluation eightBit = model.usesThumbnails() ? evaluator.evaluateEightBit(model) : full;
      Evaluation compiled =
          evaluate(CompiledModel.of(model, 1, WeightFormat.F32), false, evaluator, stop);
      return new Measured(
          full,
          eightBit,
          Optional.of(new Compiled(compiled.metrics().top1(), full.agreement(compiled))));
    }

    /** Of a compiled one, as an application uses it. */
    static Measured of(
        CompiledModel model, boolean thumbnails, Evaluator evaluator, BooleanSupplier stop) {
      Evaluation full = evaluate(model, false, evaluator, stop);
      return new Measured(
          full, thumbnails ? evaluate(model, true, evaluator, stop) : full, Optional.empty());
    }

    /** Of all pictures: numbers of the first few would pass for those of the set. */
    private static Evaluation evaluate(
        CompiledModel model, boolean stored, Evaluator evaluator, BooleanSupplier stop) {
      Evaluation found = evaluator.evaluate(model, stored, stop, _ -> {});
      if (found.metrics().pictures() < evaluator.pictures()) {
        throw new CancellationException("stopped while measuring accuracy");
      }
      return found;
    }
  }

  private static Cost cost(TrainedModel model) {
    return new Cost(
        model.macs(),
        model.downscalerMacs(),
        model.parameterCount(),
        model.downscalerParameterCount());
  }
}
