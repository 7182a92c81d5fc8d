package dev.thumbnet.pipeline;

import dev.thumbnet.data.ClassNames;
import dev.thumbnet.data.DataSet;
import dev.thumbnet.data.Loader;
import dev.thumbnet.data.LoaderOptions;
import dev.thumbnet.engine.Autograd;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.io.SafeTensors;
import dev.thumbnet.engine.io.SafeTensorsException;
import dev.thumbnet.engine.nn.BatchNormStatistics;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.plan.Cost;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.DownscalerNet;
import dev.thumbnet.model.Models;
import dev.thumbnet.model.Reduction;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A trained network with everything needed to use it: the names of its classes, how pictures are
 * brought before it, and, unless it takes full pictures, the downscaler that makes its thumbnails.
 * The networks are in evaluation mode; then several threads may use a model at once.
 */
public final class TrainedModel {
  private final Device device;
  private final Classifier network;
  private final @Nullable DownscalerNet downscaler;
  private final List<String> classes;
  private final Preprocessing preprocessing;
  private final Provenance provenance;

  /**
   * Makes a model of its parts and puts them into evaluation mode.
   *
   * @param device where the networks are
   * @param network from thumbnails, or full pictures, to logits
   * @param downscaler from pictures to thumbnails; none for a network that takes full pictures
   * @param classes their names, which are brought to the form of {@link ClassNames}
   * @param preprocessing how a full picture is shown
   * @param provenance where the weights come from
   * @throws IllegalArgumentException if the numbers of classes differ
   */
  public TrainedModel(
      Device device,
      Classifier network,
      @Nullable DownscalerNet downscaler,
      List<String> classes,
      Preprocessing preprocessing,
      Provenance provenance) {
    if (network.architecture().classes() != classes.size()) {
      throw new IllegalArgumentException(
          "a network of "
              + network.architecture().classes()
              + " classes does not know these "
              + classes.size()
              + ": "
              + classes);
    }
    this.device = device;
    this.network = network;
    this.downscaler = downscaler;
    this.classes = ClassNames.canonical(classes);
    this.preprocessing = preprocessing;
    this.provenance = provenance;
    network.eval();
    if (downscaler != null) {
      downscaler.eval();
    }
  }

  // ---------------------------------------------------------------- what it is

  /** Returns the device of the networks. */
  public Device device() {
    return device;
  }

  /** Returns the classifier. */
  public Classifier network() {
    return network;
  }

  /** Tells whether the classifier takes thumbnails. */
  public boolean usesThumbnails() {
    return downscaler != null;
  }

  /**
   * Returns the downscaler.
   *
   * @throws IllegalStateException if the classifier takes full pictures
   */
  public DownscalerNet downscaler() {
    if (downscaler == null) {
      throw new IllegalStateException(this + " takes full pictures and has no downscaler");
    }
    return downscaler;
  }

  /** Returns the names of the classes. */
  public List<String> classes() {
    return classes;
  }

  /** Returns how a full picture is shown. */
  public Preprocessing preprocessing() {
    return preprocessing;
  }

  /** Returns where the weights come from. */
  public Provenance provenance() {
    return provenance;
  }

  /** Returns the side of what the classifier takes, in pixels. */
  public int inputSize() {
    return downscaler == null
        ? preprocessing.size()
        : downscaler.reduction().reduce(preprocessing.size());
  }

  /** Returns the multiply-adds for one picture, those of the downscaler included. */
  public long macs() {
    return macs(network, inputSize()) + downscalerMacs();
  }

  /** Returns the multiply-adds of the downscaler for one picture. */
  public long downscalerMacs() {
    return downscaler == null ? 0 : macs(downscaler, preprocessing.size());
  }

  /** Returns how many numbers were learned, those of the downscaler included. */
  public long parameterCount() {
    return network.parameterCount() + downscalerParameterCount();
  }

  /** Returns how many of them are the downscaler's. */
  public long downscalerParameterCount() {
    return downscaler == null ? 0 : downscaler.parameterCount();
  }

  private static long macs(Module module, int side) {
    return Cost.of(module, Shape.of(1, side, side, 3)).macs();
  }

  // ---------------------------------------------------------------- use

  /**
   * Makes thumbnails.
   *
   * @param pictures (n, size, size, 3), normalised
   * @return in the same normalised colours; the pictures themselves if full ones are used
   */
  public Tensor thumbnails(Tensor pictures) {
    if (downscaler == null) {
      return pictures;
    }
    try (Autograd.NoGrad _ = Autograd.noGrad()) {
      return downscaler.forward(pictures);
    }
  }

  /**
   * Classifies thumbnails.
   *
   * @param thumbnails (n, inputSize, inputSize, 3), normalised
   * @return logits (n, classes)
   */
  public Tensor classify(Tensor thumbnails) {
    try (Autograd.NoGrad _ = Autograd.noGrad()) {
      return network.forward(thumbnails);
    }
  }

  /**
   * Makes thumbnails and classifies them.
   *
   * @param pictures (n, size, size, 3), normalised
   * @return logits (n, classes)
   */
  public Tensor logits(Tensor pictures) {
    return classify(thumbnails(pictures));
  }

  // ---------------------------------------------------------------- variants

  /**
   * Returns a copy of the classifier, unchanged, that is shown bicubic thumbnails for which it was
   * not trained: what a network does without any adaptation.
   *
   * @param reduction how much smaller they are
   */
  public TrainedModel onThumbnails(Reduction reduction) {
    Classifier copy = Models.classifier(network.architecture(), device);
    copy.load(network.state());
    DownscalerNet bicubic =
        Models.downscaler(DownscalerKind.BICUBIC, reduction, preprocessing.colors(), device, null);
    return new TrainedModel(
        device,
        copy,
        bicubic,
        classes,
        preprocessing,
        provenance.with("onThumbnails.factor", reduction.factor()));
  }

  /**
   * Estimates the statistics of the classifier's batch normalisation anew from pictures, which must
   * fit the resolution it is used at. No weight changes.
   *
   * @param pictures from the training set, taken in a random order
   * @param batches how many batches to look at, 200 being plenty; at most one pass
   * @param batchSize pictures in a batch
   * @param seed decides the order
   */
  public void reestimateBatchNorm(DataSet pictures, int batches, int batchSize, long seed) {
    reestimate(network, this::thumbnails, pictures, batches, batchSize, seed);
  }

  /**
   * As {@link #reestimateBatchNorm(DataSet, int, int, long)}, from what is left of a loader's
   * epoch.
   */
  public void reestimateBatchNorm(Loader loader) {
    BatchNormStatistics.reestimate(network, () -> batches(loader, this::thumbnails));
  }

  /**
   * As {@link #reestimateBatchNorm(DataSet, int, int, long)}, for the batch normalisation of the
   * downscaler, but for layers that it has from a teacher and leaves as they are; that of the
   * classifier stays.
   *
   * @throws IllegalStateException if the classifier takes full pictures
   */
  public void reestimateDownscaler(DataSet pictures, int batches, int batchSize, long seed) {
    reestimate(downscaler(), UnaryOperator.identity(), pictures, batches, batchSize, seed);
  }

  /**
   * Estimates the statistics of a part.
   *
   * @param before makes what the part takes of pictures
   */
  private void reestimate(
      Module part,
      UnaryOperator<Tensor> before,
      DataSet pictures,
      int batches,
      int batchSize,
      long seed) {
    LoaderOptions order = LoaderOptions.training(Math.min(batchSize, pictures.size()), seed);
    try (Loader loader =
        new Loader(
            pictures,
            preprocessing.transform(),
            preprocessing.normalize(),
            preprocessing.size(),
            order)) {
      loader.startEpoch(0, Math.max(0, loader.batches() - batches));
      BatchNormStatistics.reestimate(part, () -> batches(loader, before));
    }
  }

  private Iterator<Tensor> batches(Loader loader, UnaryOperator<Tensor> before) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return loader.hasNext();
      }

      @Override
      public Tensor next() {
        return before.apply(loader.next().on(device));
      }
    };
  }

  // ---------------------------------------------------------------- files

  /**
   * Writes the model as one file, complete or not at all. It is a safetensors file in PyTorch's
   * layouts; that of a network for full pictures has torchvision's names, otherwise names start
   * with {@code student.} and {@code downscaler.}.
   *
   * @throws SafeTensorsException if the file cannot be written
   */
  public void save(Path file) {
    ModelFile.write(this, file);
  }

  /**
   * Reads what {@link #save} wrote.
   *
   * @param device where the networks are to be
   * @throws SafeTensorsException if the file cannot be read or is damaged, or one of its numbers is
   *     impossible
   * @throws ModelException if it is no model of this program, its metadata make no sense or its
   *     weights are not those of its network; the message names the key and its value
   */
  public static TrainedModel load(Path file, Device device) {
    try (SafeTensors opened = SafeTensors.open(file)) {
      return ModelFile.read(opened, file.toString(), device);
    }
  }

  /**
   * As {@link #load(Path, Device)}, from a stream, which is read to its end and not closed.
   *
   * @param name what error messages call the model
   */
  public static TrainedModel load(InputStream in, String name, Device device) {
    try (SafeTensors opened = SafeTensors.read(in, name)) {
      return ModelFile.read(opened, name, device);
    }
  }

  @Override
  public String toString() {
    return network.architecture()
        + (downscaler == null
            ? ", full pictures of " + preprocessing.size()
            : ", thumbnails of " + inputSize() + " from " + preprocessing.size())
        + " pixels";
  }
}
