package dev.thumbnet.cli;

import dev.thumbnet.pipeline.TrainedModel;
import java.nio.file.Path;
import java.util.Locale;

/** Tells how a training ended. */
final class Outcomes {
  private Outcomes() {}

  static void print(Console console, Path out, TrainedModel model, double acc1, double acc5) {
    console
        .out()
        .printf(
            Locale.ROOT,
            "%s: %s, validation Acc@1 %.2f %%, Acc@5 %.2f %%%n",
            out,
            model,
            acc1,
            acc5);
  }
}
