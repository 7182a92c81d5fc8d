package dev.thumbnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.data.ImageFolder;
import dev.thumbnet.data.image.DecodeLimits;
import dev.thumbnet.data.image.ImageDecoder;
import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.method.Trained;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.method.teacher.TeacherTraining;
import dev.thumbnet.method.thumbnet.StudentOptions;
import dev.thumbnet.method.thumbnet.ThumbNetTraining;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.testing.TestPictures;
import dev.thumbnet.testing.TinyPictures;
import dev.thumbnet.train.Recipe;
import dev.thumbnet.train.RunOptions;
import dev.thumbnet.train.TrainingData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A model that learnt from photographs turned upright, or as they are stored, is shown them in the
 * same way by whoever evaluates or embeds it.
 */
final class OrientationTest {
  private static final Device CPU = Device.cpu();
  private static final int SIZE = 32;

  @TempDir private Path folder;

  /** Photographs of a camera that was held on its side. */
  @BeforeEach
  void takePhotographs() throws IOException {
    TinyPictures tiny = new TinyPictures(12, 4);
    for (int i = 0; i < tiny.size(); i++) {
      byte[] jpeg = TestPictures.encode(enlarged(tiny.get(i)), "jpg");
      for (String part : List.of("train", "val")) {
        Path of = folder.resolve(part).resolve(tiny.classes().get(tiny.label(i)));
        Files.createDirectories(of);
        Files.write(
            of.resolve(i + ".jpg"), TestPictures.withExif(jpeg, TestPictures.exif(6, "MM")));
      }
    }
  }

  private static RgbImage enlarged(RgbImage image) {
    byte[] data = new byte[3 * 48 * 40];
    for (int i = 0; i < data.length / 3; i++) {
      int from = 3 * (i / 48 * 16 / 40 * 16 + i % 48 / 3);
      System.arraycopy(image.data(), from, data, 3 * i, 3);
    }
    return new RgbImage(48, 40, data);
  }

  private TrainingData data(boolean upright) {
    ImageDecoder decoder = new ImageDecoder(DecodeLimits.DEFAULT, upright);
    return TrainingData.photographs(
        new ImageFolder(folder.resolve("train"), decoder, ImageFolder.Broken.FAIL),
        new ImageFolder(folder.resolve("val"), decoder, ImageFolder.Broken.FAIL),
        SIZE);
  }

  private static Trained teacher(TrainingData data) {
    Architecture small = Architecture.of("resnet18", 3).withWidth(1 / 16.0);
    Recipe recipe = Recipe.teacher(2).withBatchSize(6).withLearningRate(.05).withSeed(3);
    return new TeacherTraining(small, data, recipe, CPU).run(RunOptions.plain());
  }

  /** Probabilities that an evaluation during training sees. */
  private static List<float[]> seen(TrainingData data, TrainedModel model) {
    List<float[]> all = new ArrayList<>();
    data.evaluator(1, CPU)
        .evaluate(
            x -> {
              Tensor logits = model.logits(x);
              all.add(logits.toArray());
              return logits;
            });
    return all;
  }

  private static double difference(float[] logits, Classification found) {
    Classification expected =
        Classification.ofLogits(
            found.all().stream().map(Prediction::className).toList(), logits, 0);
    double largest = 0;
    for (int i = 0; i < logits.length; i++) {
      largest =
          Math.max(
              largest,
              Math.abs(expected.all().get(i).probability() - found.all().get(i).probability()));
    }
    return largest;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theEmbeddedClassifierAnswersAsTheEvaluationDoes(boolean upright) throws IOException {
    TrainingData data = data(upright);
    TrainedModel model = teacher(data).model();
    Path file = folder.resolve("model.safetensors");
    model.save(file);
    ThumbClassifier embedded = ThumbClassifier.load(file);
    assertThat(embedded.preprocessing().exifOrientation()).isEqualTo(upright);

    List<float[]> seen = seen(data, model);
    List<float[]> otherwise = seen(data(!upright), model);
    double other = 0;
    for (int i = 0; i < seen.size(); i++) {
      Path picture = ((ImageFolder) data.validation()).file(i);
      Classification found = embedded.classify(picture);
      assertThat(difference(seen.get(i), found)).isLessThan(1e-5);
      assertThat(embedded.classify(Files.readAllBytes(picture))).isEqualTo(found);
      other = Math.max(other, difference(otherwise.get(i), found));
    }
    assertThat(other).isGreaterThan(1e-3);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void thumbnailsAreMadeInTheSameWay(boolean upright) {
    TrainingData data = data(upright);
    TrainedModel teacher = teacher(data).model();
    StudentOptions options = StudentOptions.bicubic(Reduction.FOUR_TO_ONE);
    Recipe recipe = Recipe.student(1).withBatchSize(6);
    TrainedModel student =
        new ThumbNetTraining(context(teacher, data), options, recipe)
            .prepare(RunOptions.plain())
            .run()
            .model();
    Path file = folder.resolve("student.safetensors");
    student.save(file);
    Path picture = ((ImageFolder) data.validation()).file(5);
    RgbImage expected = new ThumbClassifier(student).thumbnail(data.validation().get(5));
    assertThat(Thumbnailer.load(file).thumbnail(picture)).isEqualTo(expected);
    assertThat(ThumbClassifier.load(file).thumbnail(picture)).isEqualTo(expected);
    assertThat(new ThumbClassifier(student).thumbnail(data(!upright).validation().get(5)))
        .isNotEqualTo(expected);

    TrainingData others = data(!upright);
    assertThatThrownBy(() -> new ThumbNetTraining(context(teacher, others), options, recipe))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("EXIF");
  }

  private static TrainingContext context(TrainedModel teacher, TrainingData data) {
    return new TrainingContext(CPU, data, 0, Optional.of(teacher));
  }

  @Test
  void mixturesAreRefused() {
    TrainingData upright = data(true);
    TrainingData stored = data(false);
    assertThatThrownBy(() -> TrainingData.photographs(upright.train(), stored.validation(), SIZE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("EXIF")
        .hasMessageContaining("true, false and true");
  }
}
