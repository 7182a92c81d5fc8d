package dev.thumbnet.cli;

import dev.thumbnet.measure.Metrics;
import dev.thumbnet.method.Trained;
import dev.thumbnet.train.EpochRecord;
import java.nio.file.Path;
import java.util.Locale;

/** Tells how a training ended. */
final class Outcomes {
  private Outcomes() {}

  static void print(Console console, Path out, Trained trained) {
    EpochRecord last = trained.result().history().getLast();
    console
        .out()
        .printf(
            Locale.ROOT,
            "%s: %s, validation Acc@1 %.2f %%, Acc@5 %.2f %%%n",
            out,
            trained.model(),
            last.score().value(Metrics.ACC_1),
            last.score().value(Metrics.ACC_5));
  }
}
