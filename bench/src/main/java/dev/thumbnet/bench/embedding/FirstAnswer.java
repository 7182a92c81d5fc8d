package dev.thumbnet.bench.embedding;

import dev.thumbnet.ThumbClassifier;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.pipeline.TrainedModel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A program that classifies pictures, from its start on. Arguments: the model, a picture, the time
 * in milliseconds at which the JVM was asked for, how many further calls, the format of weights,
 * how many milliseconds it rests before the first call. Prints the milliseconds from there to main,
 * to the model read, to the classifier made, to the first answer, then how long each call took.
 */
final class FirstAnswer {
  private FirstAnswer() {}

  /** Runs once. */
  public static void main(String[] args) throws Exception {
    long asked = Long.parseLong(args[2]);
    StringBuilder line = new StringBuilder();
    append(line, System.currentTimeMillis() - asked);
    TrainedModel model = TrainedModel.load(Path.of(args[0]), Device.cpu());
    append(line, System.currentTimeMillis() - asked);
    ThumbClassifier classifier = new ThumbClassifier(model, WeightFormat.valueOf(args[4]));
    append(line, System.currentTimeMillis() - asked);
    byte[] picture = Files.readAllBytes(Path.of(args[1]));
    Thread.sleep(Long.parseLong(args[5]));
    double[] calls = new double[1 + Integer.parseInt(args[3])];
    for (int i = 0; i < calls.length; i++) {
      long before = System.nanoTime();
      classifier.classify(picture).best();
      calls[i] = (System.nanoTime() - before) / 1e6;
      if (i == 0) {
        append(line, System.currentTimeMillis() - asked);
      }
    }
    for (double call : calls) {
      append(line, call);
    }
    System.out.println(line);
  }

  private static void append(StringBuilder line, double milliseconds) {
    line.append(Math.round(10 * milliseconds) / 10.0).append(' ');
  }
}
