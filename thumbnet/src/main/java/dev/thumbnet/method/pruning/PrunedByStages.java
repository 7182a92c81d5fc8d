package dev.thumbnet.method.pruning;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.Trained;
import dev.thumbnet.method.Training;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.Classifier.InnerConvolution;
import dev.thumbnet.train.EpochRecord;
import dev.thumbnet.train.Recipe;
import dev.thumbnet.train.RunOptions;
import dev.thumbnet.train.TrainingResult;
import dev.thumbnet.train.TrainingResult.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * ThiNet (Luo et al., TPAMI 2018): convolution after convolution loses the channels that the next
 * one misses least, and the network is trained in between and longer at the end.
 *
 * <p>The epochs of a student are those of the whole. As its authors do for ResNets, half of them,
 * rounded down, goes to the stages between, in equal shares of whole epochs; all that is left over
 * goes to the end. If there are fewer of them than convolutions, several convolutions lose channels
 * in a stage, each choice made on what the one before has left. Each stage has the learning rates
 * of a training of its own, up to the peak of every student.
 *
 * <p>Each stage has a checkpoint of its own. Choices are not kept but made again when training is
 * resumed, of the same weights and draws.
 */
record PrunedByStages(ThinNetwork thin) implements Training {
  private static final long CHOICES = 1;
  private static final long STAGES = 2;

  /**
   * How epochs are divided.
   *
   * @param convolutions that lose channels
   * @param stages trainings before the last
   * @param epochs of each stage
   * @param last epochs of the training at the end
   */
  record EpochShares(int convolutions, int stages, int epochs, int last) {
    static EpochShares of(int epochs, int convolutions) {
      int between = epochs / 2;
      int stages = Math.min(convolutions, between);
      int each = stages == 0 ? 0 : between / stages;
      return new EpochShares(convolutions, stages, each, epochs - stages * each);
    }

    /** Returns the first convolution that loses channels before a stage. */
    int first(int stage) {
      return stage * convolutions / stages;
    }
  }

  private EpochShares shares() {
    return EpochShares.of(thin.setting().student().epochs(), thin.at().counts().size());
  }

  @Override
  public List<OperatingPoint> points() {
    return List.of(thin.at().operatingPoint(thin.setting().size(), ownSettings()));
  }

  /** What only this method has, by the names that files have, which never change. */
  private Map<String, Object> ownSettings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("picturesOfClass", SampledOutputs.PICTURES);
    settings.put("positionsInPicture", SampledOutputs.POSITIONS);
    settings.put("equationsOfChannel", SampledOutputs.EQUATIONS);
    settings.put("stages", shares().stages());
    settings.put("stageEpochs", shares().epochs());
    settings.put("lastEpochs", shares().last());
    return settings;
  }

  @Override
  public Trained run(TrainingContext context, RunOptions options) {
    thin.check(context);
    return new Stages(context, options).run();
  }

  /** One run. */
  private final class Stages {
    private final TrainingContext context;
    private final RunOptions options;
    private final Device device;
    private final Recipe recipe = thin.setting().student();
    private final EpochShares shares = shares();
    private final List<EpochRecord> history = new ArrayList<>();

    Stages(TrainingContext context, RunOptions options) {
      this.context = context;
      this.options = options;
      this.device = context.device();
    }

    Trained run() {
      Rng seeds = new Rng(context.seed()).split(STAGES);
      Classifier network = context.teacher().network();
      for (int stage = 0; stage < shares.stages(); stage++) {
        network = pruned(network, shares.first(stage), shares.first(stage + 1));
        Trained trained =
            train(
                network,
                shares.epochs(),
                "stage " + (stage + 1) + " of " + shares.stages(),
                context.withSeed(seeds.split(stage).nextLong()),
                options.stage("stage-" + (stage + 1)));
        if (trained.result().outcome() == Outcome.STOPPED) {
          return trained;
        }
      }
      if (shares.stages() == 0) {
        network = pruned(network, 0, shares.convolutions());
      }
      return train(network, shares.last(), "last stage", context, options);
    }

    /** Returns the network after convolutions from one up to, not with, another lose channels. */
    private Classifier pruned(Classifier network, int from, int to) {
      Classifier pruned = network;
      for (int i = from; i < to; i++) {
        pruned = pruned(pruned, i);
      }
      return pruned;
    }

    private Classifier pruned(Classifier network, int number) {
      List<InnerConvolution> inner = network.innerConvolutions();
      List<Choice> choices = new ArrayList<>();
      for (InnerConvolution convolution : inner) {
        choices.add(Choice.all(convolution.channels()));
      }
      Rng rng = new Rng(context.seed()).split(CHOICES).split(number);
      Equations equations =
          new SampledOutputs(network, inner.get(number), device, rng)
              .equations(context.data(), recipe.batchSize());
      choices.set(number, equations.choose(thin.at().counts().get(number)));
      return Slicing.slice(network, choices, device);
    }

    /** Trains a part, with pictures in an order of its own. */
    private Trained train(
        Classifier network, int epochs, String part, TrainingContext own, RunOptions run) {
      Map<String, Object> more = ownSettings();
      more.put("part", part);
      int before = history.size();
      Trained trained =
          thin.prepare(
                  network,
                  recipe.withEpochs(epochs),
                  more,
                  own,
                  StageListener.tell(run, part, before, recipe.epochs()))
              .run();
      trained
          .result()
          .history()
          .forEach(epoch -> history.add(StageListener.counted(epoch, part, before)));
      return new Trained(trained.model(), new TrainingResult(trained.result().outcome(), history));
    }
  }
}
