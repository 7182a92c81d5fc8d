package example.recognise;

import dev.thumbnet.Prediction;
import dev.thumbnet.ThumbClassifier;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Says what a picture shows: {@code Main MODEL PICTURE}. */
public final class Main {
  private Main() {}

  /** Reads the model from a stream, as an application would that carries it as a resource. */
  public static void main(String[] args) throws IOException {
    ThumbClassifier classifier;
    try (InputStream model = Files.newInputStream(Path.of(args[0]))) {
      classifier = ThumbClassifier.load(model, args[0]);
    }
    for (Prediction prediction : classifier.classify(Path.of(args[1])).top(3)) {
      System.out.println(prediction);
    }
  }
}
