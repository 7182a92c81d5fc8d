package dev.thumbnet.method.information;

import dev.thumbnet.data.Batch;
import dev.thumbnet.engine.Autograd;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.op.Ops;
import dev.thumbnet.engine.optim.ParamGroup;
import dev.thumbnet.loss.CrossEntropy;
import dev.thumbnet.measure.Evaluator;
import dev.thumbnet.measure.Metrics;
import dev.thumbnet.method.LearntDownscaler;
import dev.thumbnet.method.Need;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.PreparedTraining;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.Trained;
import dev.thumbnet.method.Training;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.DownscalerNet;
import dev.thumbnet.model.Models;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.train.Losses;
import dev.thumbnet.train.Phase;
import dev.thumbnet.train.Recipe;
import dev.thumbnet.train.RunOptions;
import dev.thumbnet.train.Trainer.Course;
import dev.thumbnet.train.TrainingData;
import dev.thumbnet.train.TrainingResult.Outcome;
import java.util.List;
import java.util.Optional;

/**
 * Two networks learn from thumbnails z = E(x) that no longer change, one after the other, each for
 * the students' epochs at a rate for starts by chance: the probe S names classes, L = CL; the
 * decoder D guesses pictures, L = mean (D(z) − x)². Then all is measured.
 *
 * @param setting with network and recipe
 * @param reduction how much smaller thumbnails are
 * @param kind what makes them
 * @param source whose E it is; none if nothing in it is learnt
 * @param point what that is called
 */
record ProbeTraining(
    Setting setting,
    Reduction reduction,
    DownscalerKind kind,
    Optional<Need> source,
    OperatingPoint point)
    implements Training {
  private static final long PROBE_STREAM = 1;
  private static final long DECODER_STREAM = 2;

  @Override
  public List<OperatingPoint> points() {
    return List.of(point);
  }

  @Override
  public Trained run(TrainingContext context, RunOptions options) {
    Rng rng = new Rng(context.seed());
    Recipe recipe = setting.fromScratch().withSeed(context.seed());
    setting.network().checkTraining(point.inputSize(), recipe.batchSize());
    TrainedModel model = model(context, recipe, rng.split(PROBE_STREAM));
    Trained probe = probe(model, recipe, context.data(), options.stage("probe"));
    if (probe.result().outcome() == Outcome.STOPPED) {
      return probe;
    }
    Decoder decoder = new Decoder(reduction.side(), context.device(), rng.split(DECODER_STREAM));
    Trained decoded = decoder(decoder, model, recipe, context.data(), options.stage("decoder"));
    if (decoded.result().outcome() == Outcome.STOPPED) {
      return decoded;
    }
    Evaluator evaluator = context.data().evaluator(recipe.batchSize(), context.device());
    return probe.withMeasured(
        Information.of(model, decoder, context.data().validation(), evaluator));
  }

  private TrainedModel model(TrainingContext context, Recipe recipe, Rng rng) {
    TrainingData data = context.data();
    DownscalerNet e =
        source
            .map(
                need ->
                    LearntDownscaler.copy(
                        context.model(need), kind, reduction, data.preprocessing()))
            .orElseGet(
                () ->
                    Models.downscaler(
                        kind, reduction, data.preprocessing().colors(), context.device(), null));
    e.freeze();
    Classifier s = Models.classifier(setting.network(), context.device(), rng);
    Provenance provenance =
        data.describe(
            Provenance.on(context.device())
                .with("training", "probe")
                .withAll("network", setting.network().settings())
                .with("downscaler", kind.key())
                .with("factor", reduction.factor())
                .with("frozenDownscaler", Provenance.fingerprint(e))
                .withAll("recipe", recipe.settings()));
    return new TrainedModel(
        context.device(), s, e, data.train().classes(), data.preprocessing(), provenance);
  }

  private static Tensor thumbnails(TrainedModel model, Tensor x) {
    try (Autograd.NoGrad _ = Autograd.noGrad()) {
      return model.downscaler().forward(x);
    }
  }

  private static Trained probe(
      TrainedModel model, Recipe recipe, TrainingData data, RunOptions options) {
    Classifier s = model.network();
    CrossEntropy crossEntropy = new CrossEntropy(recipe.labelSmoothing());
    Evaluator evaluator = data.evaluator(recipe.batchSize(), model.device());
    Phase phase =
        recipe.lastPhase(
            "supervised",
            recipe.epochs(),
            (x, batch) -> named(s.forward(thumbnails(model, x)), batch, crossEntropy),
            () -> ParamGroup.split("", s, recipe.weightDecay()),
            () -> evaluator.evaluate(model).metrics().score());
    return train(s, phase, model, recipe, data, options);
  }

  private static Losses named(Tensor logits, Batch batch, CrossEntropy crossEntropy) {
    int[] labels = batch.labels();
    return new Losses()
        .add("CL", 1, crossEntropy.of(logits, labels))
        .scoring(() -> Metrics.sumOfTop1(logits.toDoubleArray(), labels));
  }

  private static Trained decoder(
      Decoder decoder, TrainedModel model, Recipe recipe, TrainingData data, RunOptions options) {
    Phase phase =
        recipe.earlyPhase(
            "decoder",
            recipe.epochs(),
            (x, _) -> new Losses().add("MSE", 1, Ops.mse(decoder.forward(thumbnails(model, x)), x)),
            () -> ParamGroup.split("", decoder, recipe.weightDecay()),
            null);
    return train(decoder, phase, model, recipe, data, options);
  }

  private static Trained train(
      Module learns,
      Phase phase,
      TrainedModel model,
      Recipe recipe,
      TrainingData data,
      RunOptions options) {
    Course course =
        new Course(
            learns,
            model.device(),
            recipe.seed(),
            model.provenance().with("phase", phase.name()),
            List.of(phase),
            options);
    return new PreparedTraining(
            data, recipe.batchSize(), course, result -> new Trained(model, result))
        .run();
  }
}
