package dev.thumbnet.cli;

import dev.thumbnet.experiment.ExperimentListener;
import dev.thumbnet.measure.Metrics;
import dev.thumbnet.train.EpochRecord;
import dev.thumbnet.train.StepReport;
import dev.thumbnet.train.TrainingResult;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Shows how far long work is: a bar that moves where a person watches, and a line for every epoch
 * in any case.
 */
final class TrainingProgress implements ExperimentListener {
  private final PrintWriter err;
  private final boolean interactive;
  private String task = "Training";
  private @Nullable ProgressBar bar;
  private long stepsDone;
  private @Nullable StepReport last;

  TrainingProgress(Console console) {
    this.err = console.err();
    this.interactive = console.interactive();
  }

  @Override
  public void onTask(String name) {
    task = name;
    err.println(name);
    err.flush();
  }

  @Override
  public void onNote(String text) {
    err.println("  " + text);
    err.flush();
  }

  @Override
  public void onStart(long done, long steps) {
    close(); // of a trial that diverged
    stepsDone = done;
    if (done > 0) {
      onNote("continued after step " + done + " of " + steps);
    }
    if (interactive) {
      bar =
          new ProgressBarBuilder()
              .setTaskName("  steps")
              .setInitialMax(steps)
              .startsFrom(done, Duration.ZERO)
              .setStyle(ProgressBarStyle.ASCII)
              .clearDisplayOnFinish()
              .build();
    }
  }

  @Override
  public void onStep(StepReport report) {
    stepsDone++;
    last = report;
    if (bar != null) {
      bar.stepTo(stepsDone);
      bar.setExtraMessage(String.format(Locale.ROOT, " loss %.3f", report.loss()));
    }
  }

  @Override
  public void onEpoch(EpochRecord epoch) {
    note(describe(epoch));
  }

  @Override
  public void onEpoch(String name, EpochRecord epoch) {
    note(name + ", " + describe(epoch));
  }

  private void note(String text) {
    if (bar != null) {
      bar.pause();
    }
    onNote(text);
    if (bar != null) {
      bar.resume();
    }
  }

  private String describe(EpochRecord epoch) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "epoch %d%s, %s: loss %.4f",
            epoch.epoch(),
            last == null ? "" : " of " + last.epochs(),
            epoch.phase(),
            epoch.loss()));
    String score = epoch.score().name();
    text.append(describe(", training ", score, epoch.trainingScore()));
    text.append(describe(", validation ", score, epoch.score().value()));
    if (last != null) {
      text.append(
          String.format(
              Locale.ROOT,
              " (%.0f pictures/s, %s left)",
              last.picturesPerSecond(),
              duration(last.remaining())));
    }
    return text.toString();
  }

  /** Accuracies are in percent and need no name; nothing is said of what was not measured. */
  private static String describe(String of, String score, double value) {
    if (Double.isNaN(value)) {
      return "";
    }
    return of
        + (score.isEmpty() || score.equals(Metrics.ACC_1)
            ? String.format(Locale.ROOT, "%.1f %%", value)
            : String.format(Locale.ROOT, "%s %.4g", score, value));
  }

  @Override
  public void onEnd(TrainingResult result) {
    if (bar != null) {
      bar.close();
      bar = null;
    }
    last = null;
  }

  /** Takes away a bar that an error left behind. */
  void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }

  private static String duration(Duration d) {
    long s = d.toSeconds();
    if (s < 60) {
      return s + " s";
    }
    return s < 3600
        ? String.format(Locale.ROOT, "%d min %02d s", s / 60, s % 60)
        : String.format(Locale.ROOT, "%d h %02d min", s / 3600, s / 60 % 60);
  }
}
