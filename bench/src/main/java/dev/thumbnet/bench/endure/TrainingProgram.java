package dev.thumbnet.bench.endure;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Commands that train tiny networks, each for a few seconds. */
enum TrainingProgram {
  TRAIN("train --size 32 --width 0.0625 --small-input --epochs 30 --batch 8"),
  DISTILL("distill --ratio 4 --epochs 20 --batch 8"),
  REPRODUCE("reproduce --size 32 --width 0.0625 --ratio 4 --epochs 2 --student-epochs 1 --batch 8");

  private static final String MODEL = "model.safetensors";

  private final String words;

  TrainingProgram(String words) {
    this.words = words;
  }

  /** Returns the model that all but an experiment write. */
  static Path model(Path out) {
    return out.resolve(MODEL);
  }

  /**
   * Returns the words of the command line.
   *
   * @param out folder for what it writes
   */
  List<String> arguments(Path data, Path teacher, Path out) {
    List<String> arguments = new ArrayList<>(Arrays.asList(words.split(" ")));
    arguments.addAll(List.of("--threads", "1", "--resume", "--data", data.toString()));
    Path target = this == REPRODUCE ? out : model(out);
    arguments.addAll(List.of("--out", target.toString()));
    if (this == DISTILL) {
      arguments.addAll(List.of("--teacher", teacher.toString()));
    }
    return arguments;
  }

  /** Whether nothing is left to resume: a model that is there is not overwritten. */
  boolean isComplete(Path out) {
    return this != REPRODUCE && Files.exists(model(out));
  }
}
