package dev.thumbnet.pipeline;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.io.SafeTensors;
import dev.thumbnet.engine.io.SafeTensorsException;
import dev.thumbnet.engine.plan.Cost;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.Models;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Makes models of the weights of torchvision's ResNets and VGGs, as {@code
 * safetensors.torch.save_file(model.state_dict(), file)} writes them. Which network it is shows in
 * names and shapes. Names may have a common prefix, such as {@code module.} of a model that was
 * trained on several GPUs; counters that inference does not use may be missing or of any shape, and
 * what cannot be a layer of the network is left out with a warning.
 */
public final class TorchvisionWeights {
  private static final System.Logger LOG = System.getLogger(TorchvisionWeights.class.getName());

  private TorchvisionWeights() {}

  /**
   * Reads weights.
   *
   * @param weights the file
   * @param classes names of the classes, in the order of the network's outputs; empty to call them
   *     "class 0", "class 1" and so on
   * @param shown how pictures are shown, {@code Preprocessing.photographs(224)} for networks that
   *     saw ImageNet
   * @param device where the network is to be
   * @throws SafeTensorsException if the file cannot be read or is damaged, or one of its numbers is
   *     impossible
   * @throws ModelException if it holds no network that is known here, or one with another number of
   *     classes, or one that takes no such pictures; the message says what it holds
   */
  public static TrainedModel read(
      Path weights, List<String> classes, Preprocessing shown, Device device) {
    try (SafeTensors file = SafeTensors.open(weights)) {
      Recognition found = Recognition.of(file, weights.toString());
      Architecture architecture = found.architecture();
      List<String> known = classes.isEmpty() ? numbered(architecture.classes()) : classes;
      if (known.size() != architecture.classes()) {
        throw new ModelException(
            weights
                + " tells "
                + architecture.classes()
                + " classes apart, but there are names for "
                + classes.size());
      }
      checkTakes(weights, architecture, shown.size());
      if (!found.fit().ignored().isEmpty()) {
        LOG.log(
            System.Logger.Level.WARNING,
            weights
                + ": left out what a "
                + architecture.name()
                + " does not have: "
                + Fit.shown(found.fit().ignored()));
      }
      Classifier classifier = Models.classifier(architecture, device);
      Models.stateDict(classifier).loadOwn(file.under(found.prefix()));
      Provenance provenance =
          Provenance.on(device).with("torchvision.weights", weights.getFileName());
      if (!found.prefix().isEmpty()) {
        provenance = provenance.with("torchvision.prefix", found.prefix());
      }
      return new TrainedModel(device, classifier, null, known, shown, provenance);
    }
  }

  private static void checkTakes(Path weights, Architecture architecture, int size) {
    Classifier meta = Models.classifier(architecture, Device.meta());
    meta.eval();
    try {
      Cost.of(meta, Shape.of(1, size, size, 3));
    } catch (IllegalArgumentException e) {
      throw new ModelException(
          weights
              + " holds a "
              + architecture.name()
              + ", which takes no pictures of "
              + size
              + " pixels: "
              + e.getMessage());
    }
  }

  private static List<String> numbered(int count) {
    return IntStream.range(0, count).mapToObj(i -> "class " + i).toList();
  }
}
