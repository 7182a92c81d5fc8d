package dev.thumbnet.method.wavelet;

import dev.thumbnet.data.Batch;
import dev.thumbnet.engine.Autograd;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.optim.ParamGroup;
import dev.thumbnet.loss.Energy;
import dev.thumbnet.loss.Reconstruction;
import dev.thumbnet.measure.Evaluator;
import dev.thumbnet.method.GuidedTraining;
import dev.thumbnet.method.PreparedTraining;
import dev.thumbnet.method.Trained;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.Lwae;
import dev.thumbnet.model.Lwae.Encoder;
import dev.thumbnet.model.Lwae.Subbands;
import dev.thumbnet.model.Models;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.train.Losses;
import dev.thumbnet.train.Phase;
import dev.thumbnet.train.Recipe;
import dev.thumbnet.train.RunOptions;
import dev.thumbnet.train.Trainer.Course;
import dev.thumbnet.train.TrainingData;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Trains an {@link Lwae} in the three stages of its paper (Chen et al., AAAI 2018). Its encoder
 * splits pictures x into CA and CH; a decoder, which is thrown away in the end, rebuilds x̂ from
 * both. With L_REC = mean (x̂ − x)² and L_EN = mean CH²:
 *
 * <ol>
 *   <li>The auto-encoder alone, without labels: L = L_REC + 0.1 · L_EN.
 *   <li>The classifiers, with a frozen encoder, statistics of its normalisation included: the
 *       lesson of {@link GuidedTraining}, L = (1 − d) · CL + d · KD. The network on CA starts from
 *       the teacher's weights; the one on CH and the fusion start by chance.
 *   <li>All of it: L = (1 − d) · CL + d · KD + 0.1 · (L_REC + 0.1 · L_EN).
 * </ol>
 *
 * <p>That there are these losses and stages is the paper's. The authors published no training code,
 * so the weights are ours, and so are the shares of the epochs (a fifth, half, three tenths), the
 * decoder, and that it and L_EN see CA and CH before they are normalised: the normalisation would
 * make up for any scale. The rate of what starts by chance is twice the recipe's in the first two
 * stages, as for other students; each stage goes through the recipe's cycle. Three tenths of that
 * rate in the last stage kept L_REC lower and classified no better in trials on drawn pictures.
 */
public final class WaveletTraining {
  private static final double ENERGY = 0.1;
  private static final double JOINT_RECONSTRUCTION = 0.1;
  private static final double SCRATCH_RATE = 2;

  private static final long NETWORK_STREAM = 1;
  private static final long DECODER_STREAM = 2;

  private final TrainingData data;
  private final Recipe recipe;
  private final Device device;
  private final GuidedTraining guided;
  private final Learners learners;
  private boolean prepared;

  /** All that learns, as one tree. */
  private static final class Learners extends Module {
    private final Lwae network;
    private final WaveletDecoder decoder;

    Learners(Lwae network, WaveletDecoder decoder) {
      this.network = child("network", network);
      this.decoder = child("decoder", decoder);
    }

    @Override
    public Tensor forward(Tensor x) {
      return network.forward(x);
    }
  }

  /**
   * How many epochs of a budget each stage gets. The last one has at least one, then the first,
   * then the second.
   */
  record Stages(int autoEncoder, int classifiers, int joint) {
    private static final double AUTO_ENCODER = 0.2;
    private static final double JOINT = 0.3;

    static Stages of(int epochs) {
      int joint = share(JOINT, epochs);
      int autoEncoder = Math.min(epochs - joint, share(AUTO_ENCODER, epochs));
      return new Stages(autoEncoder, epochs - joint - autoEncoder, joint);
    }

    private static int share(double share, int epochs) {
      return Math.max(1, (int) Math.rint(share * epochs));
    }
  }

  /**
   * Prepares a training.
   *
   * @param context with a teacher T, a ResNet or VGG on full pictures, and the pictures, shown as
   *     they were to T
   * @param recipe how, but for the seed; its epochs are those of all stages together
   * @throws IllegalArgumentException if teacher and pictures do not fit, the teacher is another
   *     network, or pictures or batches are too small for the network
   */
  public WaveletTraining(TrainingContext context, Recipe recipe) {
    Classifier t = context.teacher().network();
    this.guided = new GuidedTraining(context, recipe);
    this.data = context.data();
    this.recipe = recipe.withSeed(context.seed());
    this.device = context.device();
    Lwae.around(t.architecture()).checkTraining(data.preprocessing().size(), recipe.batchSize());
    Rng rng = new Rng(context.seed());
    Lwae network = Models.lwae(t.architecture(), device, rng.split(NETWORK_STREAM));
    network.low().load(t.state());
    this.learners = new Learners(network, new WaveletDecoder(device, rng.split(DECODER_STREAM)));
  }

  /** Returns what it does, by the names that an operating point's settings have. */
  static Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("autoEncoderShare", Stages.AUTO_ENCODER);
    settings.put("jointShare", Stages.JOINT);
    settings.put("energy", ENERGY);
    settings.put("jointReconstruction", JOINT_RECONSTRUCTION);
    settings.put("scratchRate", SCRATCH_RATE);
    settings.putAll(GuidedTraining.settings());
    return settings;
  }

  /**
   * Prepares to train, or to go on from a checkpoint. Works once, for it is this one's network that
   * learns.
   *
   * @throws IllegalStateException if this was called before
   */
  public PreparedTraining prepare(RunOptions options) {
    if (prepared) {
      throw new IllegalStateException("this training has been prepared; make a new one");
    }
    prepared = true;
    Provenance provenance = guided.provenance("lwae", learners.network).withAll("lwae", settings());
    TrainedModel model = guided.model(learners.network, provenance);
    return new PreparedTraining(
        data,
        recipe.batchSize(),
        new Course(learners, device, recipe.seed(), provenance, phases(model), options),
        result -> new Trained(model, result));
  }

  // ---------------------------------------------------------------- the stages

  private List<Phase> phases(TrainedModel model) {
    Stages stages = Stages.of(recipe.epochs());
    Evaluator evaluator = data.evaluator(recipe.batchSize(), device);
    List<Phase> phases = new ArrayList<>();
    if (stages.autoEncoder() > 0) {
      phases.add(
          recipe.earlyPhase(
              "auto-encoder",
              stages.autoEncoder(),
              (x, _) -> autoEncoder(x),
              this::ofAutoEncoder,
              null));
    }
    if (stages.classifiers() > 0) {
      phases.add(
          recipe.earlyPhase(
              "classifiers",
              stages.classifiers(),
              this::classifiers,
              this::ofClassifiers,
              () -> evaluator.evaluate(model).metrics().score()));
    }
    phases.add(
        recipe.lastPhase(
            "joint",
            stages.joint(),
            this::joint,
            this::ofAll,
            () -> evaluator.evaluate(model).metrics().score()));
    return phases;
  }

  private List<ParamGroup> ofAutoEncoder() {
    List<ParamGroup> groups = new ArrayList<>();
    add(groups, "encoder.", learners.network.encoder(), SCRATCH_RATE);
    add(groups, "decoder.", learners.decoder, SCRATCH_RATE);
    return groups;
  }

  private List<ParamGroup> ofClassifiers() {
    List<ParamGroup> groups = new ArrayList<>();
    add(groups, "low.", learners.network.low(), 1);
    add(groups, "high.", learners.network.high(), SCRATCH_RATE);
    add(groups, "fusion.", learners.network.fusion(), SCRATCH_RATE);
    return groups;
  }

  private List<ParamGroup> ofAll() {
    List<ParamGroup> groups = new ArrayList<>();
    add(groups, "network.", learners.network, 1);
    add(groups, "decoder.", learners.decoder, 1);
    return groups;
  }

  private void add(List<ParamGroup> groups, String prefix, Module part, double rate) {
    groups.addAll(ParamGroup.split(prefix, part, recipe.weightDecay(), rate));
  }

  // ---------------------------------------------------------------- the steps

  /** L = L_REC + e · L_EN. The normalisation learns its statistics, for the next stage. */
  private Losses autoEncoder(Tensor x) {
    Encoder encoder = learners.network.encoder();
    Subbands raw = encoder.split(x);
    try (Autograd.NoGrad _ = Autograd.noGrad()) {
      encoder.normalise(raw);
    }
    return addRebuilding(new Losses(), 1, x, raw);
  }

  /** L = (1 − d) · CL + d · KD. */
  private Losses classifiers(Tensor x, Batch batch) {
    Encoder encoder = learners.network.encoder();
    encoder.eval(); // each epoch begins in training mode, in which statistics would change
    Subbands subbands;
    try (Autograd.NoGrad _ = Autograd.noGrad()) {
      subbands = encoder.normalise(encoder.split(x));
    }
    return guided.losses(learners.network.classify(subbands), guided.answers(x), batch);
  }

  /** L = (1 − d) · CL + d · KD + r · (L_REC + e · L_EN). */
  private Losses joint(Tensor x, Batch batch) {
    Encoder encoder = learners.network.encoder();
    Subbands raw = encoder.split(x);
    Tensor logits = learners.network.classify(encoder.normalise(raw));
    Losses losses = guided.losses(logits, guided.answers(x), batch);
    return addRebuilding(losses, JOINT_RECONSTRUCTION, x, raw);
  }

  private Losses addRebuilding(Losses losses, double weight, Tensor x, Subbands raw) {
    Tensor rebuilt = learners.decoder.rebuild(raw, x.dim(1), x.dim(2));
    return losses
        .add("REC", weight, Reconstruction.of(x, rebuilt))
        .add("EN", weight * ENERGY, Energy.of(raw.high()));
  }
}
