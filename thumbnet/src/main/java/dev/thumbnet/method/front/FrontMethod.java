package dev.thumbnet.method.front;

import dev.thumbnet.engine.Rng;
import dev.thumbnet.method.GuidedTraining;
import dev.thumbnet.method.Method;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.PreparedTraining;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.Training;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.Models;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.train.Recipe;
import dev.thumbnet.train.RunOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A student without the bottleneck of a thumbnail: its first convolution takes up to 24 channels
 * that are made of patches of the full picture, so many pixels a side as a thumbnail's side is
 * divided by. It starts as its teacher on pictures that are shrunk by the mean of each patch, and
 * learns from labels and the teacher's answers as students on thumbnails do.
 */
public final class FrontMethod implements Method {
  /** What is made of patches is learnt. */
  public static final FrontMethod PATCH =
      new FrontMethod(
          "patch-front",
          "Patch front",
          "patch",
          "There is no thumbnail: the student's first layer turns each patch of the full picture"
              + " into 24 learned numbers, eight times as many as a thumbnail has colours. What a"
              + " learned downscaler of three colours could reach at best.");

  /** What is made of patches is fixed. */
  public static final FrontMethod DCT =
      new FrontMethod(
          "dct-front",
          "DCT front",
          "dct",
          "As Patch front, but nothing of the first layer is learned: it takes the lowest"
              + " frequencies of each patch, up to eight of each colour, as a JPEG file has them.");

  private final String key;
  private final String name;
  private final String form;
  private final String explanation;

  private FrontMethod(String key, String name, String form, String explanation) {
    this.key = key;
    this.name = name;
    this.form = form;
    this.explanation = explanation;
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String explanation() {
    return explanation;
  }

  @Override
  public boolean trainsStudent() {
    return true;
  }

  /**
   * Returns a training for each reduction.
   *
   * @throws IllegalArgumentException if one is not classic or its patches do not fill the pictures,
   *     or the network is no ResNet
   */
  @Override
  public List<Training> trainings(Setting setting) {
    setting.checkThumbnails();
    return setting.reductions().stream()
        .<Training>map(reduction -> new OfFront(setting, network(setting, reduction), reduction))
        .toList();
  }

  /** Tells whether a network can have a front: a ResNet that has none, of whole convolutions. */
  public static boolean takes(Architecture network) {
    return network.hasPlainStem();
  }

  private Architecture network(Setting setting, Reduction reduction) {
    Architecture network = setting.network();
    if (!takes(network)) {
      throw new IllegalArgumentException(
          "only ResNets have a front that have none and whose convolutions are whole, not "
              + network.label()
              + "; take a plain ResNet as the teacher");
    }
    if (!reduction.isClassic()) {
      throw new IllegalArgumentException(
          "a front takes patches of 2 or 4 pixels a side, as thumbnails at 4:1 and 16:1 do, not of "
              + reduction
              + "; take a ratio of 4 or 16");
    }
    return network.withFront(form + reduction.side());
  }

  private record OfFront(Setting setting, Architecture network, Reduction reduction)
      implements Training {
    /** Called as the thumbnails are that cost as much. */
    @Override
    public List<OperatingPoint> points() {
      Map<String, Object> settings = new LinkedHashMap<>();
      settings.put("front", network.own().getOrDefault("front", ""));
      settings.put("start", "the teacher on means of patches");
      settings.putAll(GuidedTraining.settings());
      return List.of(
          new OperatingPoint(
              reduction.area() + "to1", reduction.toString(), setting.size(), settings));
    }

    @Override
    public Optional<PreparedTraining> prepare(TrainingContext context, RunOptions options) {
      Recipe recipe = setting.student();
      Classifier student = Models.classifier(network, context.device(), new Rng(context.seed()));
      Models.inherit(student, context.teacher().network());
      network.checkTraining(setting.size(), recipe.batchSize());
      GuidedTraining training = new GuidedTraining(context, recipe);
      return Optional.of(training.prepare(student, training.provenance("front", student), options));
    }
  }
}
