package dev.thumbnet.experiment;

import dev.thumbnet.engine.Device;
import dev.thumbnet.experiment.report.Finding;
import dev.thumbnet.experiment.report.Looks;
import dev.thumbnet.experiment.results.Comparison;
import dev.thumbnet.experiment.results.Results;
import dev.thumbnet.experiment.results.Row;
import dev.thumbnet.method.Method;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.teacher.TeacherMethod;
import dev.thumbnet.method.thumbnet.StudentMethod;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.testing.TinyPictures;
import dev.thumbnet.train.Recipe;
import dev.thumbnet.train.StepReport;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** Experiments of a second or two. */
final class Toys {
  static final Setting SETTING =
      new Setting(
          TinyPictures.architecture().withWidth(0.125),
          TinyPictures.SIDE,
          List.of(Reduction.FOUR_TO_ONE),
          DownscalerKind.PLAIN,
          Recipe.teacher(2).withBatchSize(6),
          Recipe.student(2).withBatchSize(6));

  static final ExperimentData STRIPES = new ExperimentData("stripes", "", TinyPictures.data(24));

  static final ExperimentData FEWER = new ExperimentData("fewer", "", TinyPictures.data(12));

  private Toys() {}

  /** A study of some entries, which says nothing of them. */
  record Listing(Function<Setting, List<Study.Entry>> list) implements Study {
    @Override
    public String key() {
      return "listing";
    }

    @Override
    public String name() {
      return "Some methods";
    }

    @Override
    public String introduction() {
      return "What do they do?";
    }

    @Override
    public String conditions() {
      return "Nothing holds for all rows.";
    }

    @Override
    public Method reference() {
      return TeacherMethod.ORIGINAL;
    }

    @Override
    public Method subject() {
      return StudentMethod.SUPERVISED;
    }

    @Override
    public List<Entry> entries(Setting setting) {
      return list.apply(setting);
    }

    @Override
    public boolean inGallery(Row row) {
      return false;
    }

    @Override
    public List<Finding> findings(Results results, List<Comparison> pairs) {
      return List.of();
    }
  }

  static Experiment.Design design(
      Study study, List<ExperimentData> data, List<Long> seeds, Looks looks) {
    return new Experiment.Design(study, SETTING, data, seeds, looks);
  }

  static Results run(
      Experiment.Design design,
      Path folder,
      boolean resume,
      BooleanSupplier stop,
      ExperimentListener listener) {
    return new Experiment(
            design, Device.cpu(), 2, folder, new Experiment.Invocation("test", "0"), stop, listener)
        .run(resume);
  }

  static Results run(Experiment.Design design, Path folder) {
    return run(design, folder, false, () -> false, new ExperimentListener() {});
  }

  /** Runs it in many sessions, each of which is stopped after so many steps of trainings. */
  static Results runInSessions(Experiment.Design design, Path folder, int steps) {
    while (true) {
      int[] done = {0};
      ExperimentListener counter =
          new ExperimentListener() {
            @Override
            public void onStep(StepReport report) {
              done[0]++;
            }
          };
      try {
        return run(design, folder, true, () -> done[0] >= steps, counter);
      } catch (CancellationException e) {
        // It goes on in the next one.
      }
    }
  }
}
