package dev.thumbnet.pipeline;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.io.SafeTensors;
import dev.thumbnet.engine.io.SafeTensorsException;
import dev.thumbnet.engine.io.StateDictException;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.Models;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Makes models of the weights of torchvision's ResNets and VGGs, as {@code
 * safetensors.torch.save_file(model.state_dict(), file)} writes them. Which network it is shows in
 * the names.
 */
public final class TorchvisionWeights {
  private static final String RESNET_HEAD = "fc.weight";
  private static final String VGG_HEAD = "classifier.6.weight";

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
   * @throws SafeTensorsException if the file cannot be read or is damaged
   * @throws ModelException if it holds no network that is known here, or one with another number of
   *     classes
   * @throws StateDictException if weights are missing or have another shape
   */
  public static TrainedModel read(
      Path weights, List<String> classes, Preprocessing shown, Device device) {
    try (SafeTensors file = SafeTensors.open(weights)) {
      Set<String> names = file.tensors().keySet();
      String network = network(weights, names);
      String head = names.contains(RESNET_HEAD) ? RESNET_HEAD : VGG_HEAD;
      int outputs = (int) file.tensor(head).shape()[0];
      List<String> known = classes.isEmpty() ? numbered(outputs) : classes;
      if (known.size() != outputs) {
        throw new ModelException(
            weights
                + " tells "
                + outputs
                + " classes apart, but there are names for "
                + classes.size());
      }
      Classifier classifier = Models.classifier(Architecture.of(network, outputs), device);
      Models.stateDict(classifier).load(file);
      Provenance provenance =
          Provenance.on(device).with("torchvision.weights", weights.getFileName());
      return new TrainedModel(device, classifier, null, known, shown, provenance);
    }
  }

  private static List<String> numbered(int count) {
    return IntStream.range(0, count).mapToObj(i -> "class " + i).toList();
  }

  /** Returns the network that has tensors of these names. */
  static String network(Path file, Set<String> names) {
    if (names.contains(RESNET_HEAD) && names.contains("layer4.0.conv1.weight")) {
      if (names.contains("layer1.0.conv3.weight")) {
        return names.contains("layer3.6.conv1.weight") ? unknown(file) : "resnet50";
      }
      return names.contains("layer3.5.conv1.weight") ? "resnet34" : "resnet18";
    }
    if (names.contains(VGG_HEAD)) {
      // The last normalisation, or else the last convolution, of each.
      if (names.contains("features.41.running_mean")) {
        return "vgg16_bn";
      }
      if (names.contains("features.26.running_mean")) {
        return "vgg11_bn";
      }
      if (names.contains("features.28.weight")) {
        return "vgg16";
      }
      if (names.contains("features.18.weight")) {
        return "vgg11";
      }
    }
    return unknown(file);
  }

  private static String unknown(Path file) {
    throw new ModelException(
        file
            + " holds none of torchvision's networks that are known here: "
            + String.join(", ", Architecture.NAMES));
  }
}
