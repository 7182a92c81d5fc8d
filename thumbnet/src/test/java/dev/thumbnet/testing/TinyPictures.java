package dev.thumbnet.testing;

import dev.thumbnet.data.DataSet;
import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.method.teacher.TeacherTraining;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.train.Recipe;
import dev.thumbnet.train.RunOptions;
import dev.thumbnet.train.TrainingData;
import java.util.List;

/** Pictures of 16 pixels with stripes that are easy to tell apart, for fast tests. */
public record TinyPictures(int size, long seed) implements DataSet {
  public static final int SIDE = 16;
  private static final List<String> CLASSES = List.of("rows", "columns", "plain");

  public static TrainingData data() {
    return data(CLASSES.size() * 8);
  }

  public static TrainingData data(int pictures) {
    return TrainingData.unscaled(new TinyPictures(pictures, 1), new TinyPictures(21, 2), SIDE);
  }

  public static Architecture architecture() {
    return Architecture.of("resnet18", CLASSES.size()).withWidth(1 / 16.0);
  }

  /** A teacher that was trained a little. */
  public static TrainedModel teacher(Device device) {
    Recipe recipe = Recipe.teacher(2).withBatchSize(6).withLearningRate(.05).withSeed(11);
    return new TeacherTraining(architecture(), data(), recipe, device)
        .run(RunOptions.plain())
        .model();
  }

  @Override
  public List<String> classes() {
    return CLASSES;
  }

  @Override
  public int label(int index) {
    return index % CLASSES.size();
  }

  @Override
  public String name(int index) {
    return "tiny/" + index;
  }

  @Override
  public RgbImage get(int index) {
    Rng rng = new Rng(seed).split(index);
    int period = 4 + rng.nextInt(3);
    int phase = rng.nextInt(period);
    byte[] data = new byte[3 * SIDE * SIDE];
    for (int i = 0; i < data.length; i++) {
      int x = i / 3 % SIDE;
      int y = i / 3 / SIDE;
      int place = label(index) == 0 ? y : x;
      int light = label(index) == 2 ? 120 : (place + phase) % period < period / 2 ? 200 : 40;
      data[i] = (byte) (light + rng.nextInt(40));
    }
    return new RgbImage(SIDE, SIDE, data);
  }
}
