import dev.thumbnet.Prediction;
import dev.thumbnet.ThumbClassifier;
import java.nio.file.Path;

/** Says what pictures show: {@code Recognise MODEL PICTURE...}. */
class Recognise {
  public static void main(String[] args) {
    ThumbClassifier classifier = ThumbClassifier.load(Path.of(args[0]));
    for (int i = 1; i < args.length; i++) {
      Prediction best = classifier.classify(Path.of(args[i])).best();
      System.out.printf("%s: %s, %.1f %%%n", args[i], best.className(), 100 * best.probability());
    }
  }
}
