package dev.thumbnet.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.experiment.report.Comparisons;
import dev.thumbnet.experiment.report.Finding;
import dev.thumbnet.experiment.report.Looks;
import dev.thumbnet.experiment.results.Comparison;
import dev.thumbnet.experiment.results.CurvePoint;
import dev.thumbnet.experiment.results.Results;
import dev.thumbnet.experiment.results.Row;
import dev.thumbnet.experiment.results.Row.Run;
import dev.thumbnet.method.Method;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.slimmable.NarrowMethod;
import dev.thumbnet.method.slimmable.SlimmableMethod;
import dev.thumbnet.method.teacher.TeacherMethod;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.testing.TinyPictures;
import dev.thumbnet.train.Recipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks of several widths in an experiment: each row has its own cost, accuracy and curve. */
final class SlimmableStudyTest {
  private static final List<Method> METHODS =
      List.of(NarrowMethod.NARROW, SlimmableMethod.SLIMMABLE, SlimmableMethod.US_NET);

  static final Setting SETTING =
      new Setting(
          TinyPictures.architecture(),
          TinyPictures.SIDE,
          List.of(Reduction.FOUR_TO_ONE),
          DownscalerKind.PLAIN,
          Recipe.teacher(2).withBatchSize(6),
          Recipe.student(2).withBatchSize(6));

  @TempDir private Path temp;

  private static final class Widths implements Study {
    @Override
    public String key() {
      return "widths";
    }

    @Override
    public String name() {
      return "Widths";
    }

    @Override
    public String introduction() {
      return "How narrow may a network be?";
    }

    @Override
    public String conditions() {
      return "All see full pictures.";
    }

    @Override
    public Method reference() {
      return TeacherMethod.ORIGINAL;
    }

    @Override
    public Method subject() {
      return SlimmableMethod.SLIMMABLE;
    }

    @Override
    public List<Entry> entries(Setting setting) {
      return METHODS.stream().flatMap(method -> Entry.all(method, setting).stream()).toList();
    }

    @Override
    public boolean timed() {
      return false;
    }

    @Override
    public boolean inGallery(Row row) {
      return false;
    }

    @Override
    public List<Finding> findings(Results found, List<Comparison> pairs) {
      return new Comparisons(found).ofSubject(List.of("narrow"));
    }
  }

  private static Results run(Path folder, boolean resume, BooleanSupplier stop) {
    Experiment.Design design =
        new Experiment.Design(new Widths(), SETTING, List.of(Toys.STRIPES), List.of(1L), Looks.ALL);
    return Toys.run(design, folder, resume, stop, new ExperimentListener() {});
  }

  @Test
  void eachWidthIsARowWithAndWithoutInterruptions() {
    Path straight = temp.resolve("straight");
    Results results = run(straight, false, () -> false);
    assertThat(results.rows())
        .extracting(row -> row.method() + " " + row.point().key())
        .containsExactly(
            "original full",
            "narrow w0.75",
            "narrow w0.5",
            "narrow w0.25",
            "slimmable w1",
            "slimmable w0.75",
            "slimmable w0.5",
            "slimmable w0.25",
            "us-net w1",
            "us-net w0.75",
            "us-net w0.5",
            "us-net w0.25");
    List<Long> macs = new ArrayList<>();
    for (Row row : results.rows()) {
      Run run = row.runs().getFirst();
      macs.add(run.cost().macs());
      CurvePoint last = run.curve().getLast();
      assertThat(run.curve()).hasSize(2);
      if (row.method().equals("us-net")) {
        assertThat(last.valAcc1()).isPresent(); // before the statistics were measured
      } else {
        assertThat(last.valAcc1()).as(row.title()).hasValue(run.acc1());
      }
      assertThat(last.trainAcc1().isPresent()).isEqualTo(row.method().matches("original|narrow"));
    }
    assertThat(macs.subList(1, 4)).isEqualTo(macs.subList(5, 8)).isEqualTo(macs.subList(9, 12));
    assertThat(macs.subList(0, 4)).doesNotHaveDuplicates();

    Path interrupted = temp.resolve("interrupted");
    Results resumed = null;
    int sessions = 0;
    while (resumed == null) {
      int[] questions = {0};
      int patience = 15 + 5 * ++sessions;
      try {
        resumed = run(interrupted, true, () -> ++questions[0] > patience);
      } catch (CancellationException e) {
        assertThat(e).hasMessageContaining("--resume");
      }
    }
    assertThat(sessions).isGreaterThan(3);
    assertThat(ExperimentTest.numbers(resumed)).isEqualTo(ExperimentTest.numbers(results));
    for (Row row : resumed.rows()) {
      for (Run run : row.runs()) {
        assertThat(interrupted.resolve(run.model()))
            .hasSameBinaryContentAs(straight.resolve(run.model()));
      }
    }
  }
}
