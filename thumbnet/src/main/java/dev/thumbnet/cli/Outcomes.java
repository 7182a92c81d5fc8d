package dev.thumbnet.cli;

import dev.thumbnet.data.DataSet;
import dev.thumbnet.measure.Chance;
import dev.thumbnet.measure.Metrics;
import dev.thumbnet.pipeline.TrainedModel;
import java.nio.file.Path;
import java.util.Locale;

/** Tells how a training ended. */
final class Outcomes {
  private Outcomes() {}

  /**
   * Prints what a training has made.
   *
   * @param val the pictures that the accuracies were found on
   */
  static void print(
      Console console, Path out, TrainedModel model, DataSet val, double acc1, double acc5) {
    String top5 =
        Metrics.hasTop5(val.classes().size())
            ? String.format(Locale.ROOT, ", Acc@5 %.2f %%", acc5)
            : "";
    console
        .out()
        .printf(Locale.ROOT, "%s: %s, validation Acc@1 %.2f %%%s%n", out, model, acc1, top5);
    noteChance(
        console,
        val,
        acc1,
        "train longer (--epochs), at another learning rate (--lr), or with more pictures");
  }

  /**
   * Says so if an accuracy is one that guesses have.
   *
   * @param val the pictures that it was found on
   * @param advice what to do about it
   */
  static void noteChance(Console console, DataSet val, double acc1, String advice) {
    Chance chance = Chance.of(val);
    if (chance.explains(acc1)) {
      console.note(
          String.format(
              Locale.ROOT,
              "an Acc@1 of %.1f %% on %d pictures is no better than guessing, which has about"
                  + " %.1f %%; %s",
              acc1,
              chance.pictures(),
              chance.percent(),
              advice));
    }
  }
}
