package dev.thumbnet.method.teacher;

import dev.thumbnet.data.Batch;
import dev.thumbnet.data.Loader;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.optim.ParamGroup;
import dev.thumbnet.loss.CrossEntropy;
import dev.thumbnet.measure.Evaluator;
import dev.thumbnet.measure.Metrics;
import dev.thumbnet.method.Trained;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.Models;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.train.Losses;
import dev.thumbnet.train.Phase;
import dev.thumbnet.train.Recipe;
import dev.thumbnet.train.RunOptions;
import dev.thumbnet.train.Trainer;
import dev.thumbnet.train.Trainer.Course;
import dev.thumbnet.train.TrainingData;
import java.util.List;

/** Trains the teacher T: a classifier on full pictures, from labels, from scratch. */
public final class TeacherTraining {
  private final TrainingData data;
  private final Recipe recipe;
  private final Device device;
  private final Classifier network;
  private final CrossEntropy crossEntropy;
  private boolean started;

  /**
   * Prepares a training.
   *
   * @param architecture what to train
   * @param data with which pictures
   * @param recipe how; {@link Recipe#teacher} is a start
   * @param device where
   * @throws IllegalArgumentException if pictures or batches are too small for the network
   */
  public TeacherTraining(
      Architecture architecture, TrainingData data, Recipe recipe, Device device) {
    architecture.checkTraining(data.preprocessing().size(), recipe.batchSize());
    this.data = data;
    this.recipe = recipe;
    this.device = device;
    this.network = Models.classifier(architecture, device, new Rng(recipe.seed()));
    this.crossEntropy = new CrossEntropy(recipe.labelSmoothing());
  }

  /**
   * Trains, or goes on from a checkpoint. Works once.
   *
   * @throws ArithmeticException if training diverges
   * @throws IllegalStateException if the checkpoint belongs to another training, or this one has
   *     been run
   */
  public Trained run(RunOptions options) {
    if (started) {
      throw new IllegalStateException("this training has been run; make a new one");
    }
    started = true;
    Provenance provenance =
        data.describe(
            Provenance.on(device)
                .with("training", "teacher")
                .withAll("network", network.architecture().settings())
                .withAll("recipe", recipe.settings()));
    TrainedModel model =
        new TrainedModel(
            device, network, null, data.train().classes(), data.preprocessing(), provenance);
    Evaluator evaluator = data.evaluator(recipe.batchSize(), device);
    Phase phase =
        recipe.lastPhase(
            "supervised",
            recipe.epochs(),
            this::losses,
            () -> ParamGroup.split("", network, recipe.weightDecay()),
            () -> evaluator.evaluate(model).metrics().score());
    try (Loader loader = data.loader(recipe.batchSize(), recipe.seed())) {
      Course course =
          new Course(network, device, recipe.seed(), provenance, List.of(phase), options);
      return new Trained(model, Trainer.train(loader, course));
    }
  }

  private Losses losses(Tensor pictures, Batch batch) {
    Tensor logits = network.forward(pictures);
    int[] labels = batch.labels();
    return new Losses()
        .add("CL", 1, crossEntropy.of(logits, labels))
        .scoring(() -> Metrics.sumOfTop1(logits.toDoubleArray(), labels));
  }
}
