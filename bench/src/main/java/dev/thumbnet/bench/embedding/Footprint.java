package dev.thumbnet.bench.embedding;

import dev.thumbnet.ThumbClassifier;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.pipeline.TrainedModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The memory of a process that classifies pictures. Arguments: the model, a picture, the weights'
 * format, whether to collect garbage once after loading. Prints megabytes: resident at the start,
 * those of weights and intermediate results, resident some seconds after some hundred pictures, the
 * most there were.
 */
final class Footprint {
  /** Gives back what loading has taken, and keeps little for what will be garbage soon. */
  static final List<String> SMALL_HEAP =
      List.of(
          "-XX:+UseSerialGC",
          "-Xms32m",
          "-Xmn16m",
          "-XX:MinHeapFreeRatio=5",
          "-XX:MaxHeapFreeRatio=10",
          "-XX:-ShrinkHeapInSteps",
          "-XX:TrimNativeHeapInterval=1000");

  private static final int PICTURES = 300;
  private static final long REST = 2500;

  private Footprint() {}

  /** Runs once. */
  public static void main(String[] args) throws Exception {
    double alone = megabytes("VmRSS");
    TrainedModel model = TrainedModel.load(Path.of(args[0]), Device.cpu());
    ThumbClassifier classifier = new ThumbClassifier(model, WeightFormat.valueOf(args[2]));
    model = null; // or its weights would stay
    if (Boolean.parseBoolean(args[3])) {
      System.gc();
    }
    byte[] picture = Files.readAllBytes(Path.of(args[1]));
    for (int i = 0; i < PICTURES; i++) {
      classifier.classify(picture);
    }
    double own = classifier.memoryBytes() / 1e6;
    Thread.sleep(REST);
    System.out.println(alone + " " + own + " " + megabytes("VmRSS") + " " + megabytes("VmHWM"));
  }

  private static double megabytes(String what) throws Exception {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith(what + ":")) {
        return Math.rint(Long.parseLong(line.replaceAll("\\D", "")) * 1.024) / 1e3;
      }
    }
    throw new IllegalStateException("the system does not tell " + what);
  }
}
