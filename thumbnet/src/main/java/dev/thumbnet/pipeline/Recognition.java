package dev.thumbnet.pipeline;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.io.SafeTensors;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.Models;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which of the known networks a file of weights holds, and under which prefix of names: the tensors
 * are compared with those of each network, without reading them.
 *
 * @param architecture with as many classes as the file's last layer has
 * @param prefix what stands before the names of the network
 * @param fit how well they go together
 */
record Recognition(Architecture architecture, String prefix, Fit fit) {
  /** Stands for the number of classes where the file does not tell it. */
  private static final int UNKNOWN_CLASSES = 1000;

  /** More make no array. */
  private static final long MOST_CLASSES = 100_000;

  /** What other networks have in their names, each before what it might be mistaken for. */
  private static final Map<String, String> OTHERS = new LinkedHashMap<>();

  static {
    OTHERS.put("rpn.", "a detector (Faster R-CNN)");
    OTHERS.put("classifier.0.convs.", "a network for segmentation (DeepLab)");
    OTHERS.put("features.denseblock1.", "a DenseNet");
    OTHERS.put("encoder_layer_0.", "a vision transformer");
    OTHERS.put("visual.transformer.", "CLIP");
    OTHERS.put("down_blocks.", "a diffusion model");
    OTHERS.put("self_attn.", "a language model");
    OTHERS.put("transformer.h.", "a language model");
    OTHERS.put("layer_scale", "a ConvNeXt");
    OTHERS.put(".attn.", "a vision transformer");
    OTHERS.put("attention.", "a transformer");
    OTHERS.put("Mixed_5b.", "an Inception network");
    OTHERS.put("inception3a.", "a GoogLeNet");
    OTHERS.put(".squeeze.", "a SqueezeNet");
    OTHERS.put("stage2.0.branch1.", "a ShuffleNet");
    OTHERS.put("trunk_output.", "a RegNet");
    OTHERS.put(".se.", "a network with squeeze-and-excitation");
    OTHERS.put("features.1.0.block.", "an EfficientNet");
    OTHERS.put("features.1.block.", "a MobileNet");
    OTHERS.put("features.1.conv.", "a MobileNet");
  }

  /**
   * Recognises a network.
   *
   * @param name of the file, for messages
   * @throws ModelException if it is none of those known, or several; the message says what it is
   */
  static Recognition of(SafeTensors file, String name) {
    if (ModelMetadata.isModel(file.metadata())) {
      throw new ModelException(name + " is a model of this program already; use it as it is");
    }
    List<Recognition> all = new ArrayList<>();
    for (String network : Architecture.NAMES) {
      all.addAll(candidates(file, network));
    }
    List<Recognition> good = all.stream().filter(r -> r.fit.isGood()).toList();
    if (!good.isEmpty()) {
      Recognition outermost =
          Collections.min(good, Comparator.comparingInt(r -> r.prefix.length()));
      if (good.stream().allMatch(r -> r.prefix.startsWith(outermost.prefix))) {
        return outermost; // the others are parts of it, or stand beside its layers
      }
      throw new ModelException(
          name
              + " holds several networks, with names that begin with "
              + String.join(" and ", good.stream().map(r -> quoted(r.prefix)).toList())
              + "; save one of them alone");
    }
    throw unknown(file, name, all);
  }

  /** A network under those prefixes, the shortest first, that leave most of its names. */
  private static List<Recognition> candidates(SafeTensors file, String network) {
    Architecture architecture = Architecture.of(network, UNKNOWN_CLASSES);
    List<String> names = Models.classifier(architecture, Device.meta()).stateNames();
    String head = names.stream().filter(n -> n.endsWith(".weight")).toList().getLast();
    Map<String, Integer> counts = prefixes(file.tensors().keySet(), new HashSet<>(names));
    int most = counts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    return counts.entrySet().stream()
        .filter(count -> count.getValue() == most)
        .map(Map.Entry::getKey)
        .sorted(Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder()))
        .map(prefix -> of(file.under(prefix), prefix, architecture, head))
        .toList();
  }

  private static Recognition of(
      SafeTensors inside, String prefix, Architecture network, String head) {
    long classes = rows(inside, head, 2);
    if (classes == 0) {
      classes = rows(inside, head.replace("weight", "bias"), 1);
    }
    Architecture architecture = classes == 0 ? network : network.withClasses((int) classes);
    Classifier classifier = Models.classifier(architecture, Device.meta());
    return new Recognition(
        architecture, prefix, Fit.of(inside, classifier, Models.stateDict(classifier)));
  }

  /** Returns the first extent of a tensor of a rank; 0 if there is none that classes can have. */
  private static long rows(SafeTensors file, String name, int rank) {
    SafeTensors.Entry entry = file.tensors().get(name);
    long[] shape = entry == null ? new long[0] : entry.shape();
    return shape.length == rank && shape[0] <= MOST_CLASSES ? shape[0] : 0;
  }

  /** Counts how many names are those of the network after each prefix that ends with a dot. */
  private static Map<String, Integer> prefixes(Set<String> names, Set<String> wanted) {
    Map<String, Integer> counts = new HashMap<>();
    int deepest = wanted.stream().mapToInt(Recognition::dots).max().orElse(0);
    for (String name : names) {
      int start = name.length();
      for (int part = 0; part <= deepest && start >= 0; part++) {
        start = name.lastIndexOf('.', start - 1);
        if (wanted.contains(name.substring(start + 1))) {
          counts.merge(name.substring(0, start + 1), 1, Integer::sum);
        }
      }
    }
    return counts;
  }

  private static int dots(String name) {
    return (int) name.chars().filter(c -> c == '.').count();
  }

  private static ModelException unknown(SafeTensors file, String name, List<Recognition> all) {
    String supported = " Known are " + String.join(", ", Architecture.NAMES) + ".";
    Recognition closest =
        all.stream().min(Comparator.comparingInt(r -> r.fit.problems())).orElse(null);
    for (Map.Entry<String, String> other : OTHERS.entrySet()) {
      if (file.tensors().keySet().stream().anyMatch(n -> n.contains(other.getKey()))) {
        return new ModelException(
            name + " seems to hold " + other.getValue() + ", which is not supported." + supported);
      }
    }
    if (closest == null || !closest.isAlike()) {
      return new ModelException(
          name
              + " holds none of torchvision's networks that are known here; its tensors are called "
              + Fit.shown(List.copyOf(file.tensors().keySet()))
              + "."
              + supported);
    }
    return new ModelException(
        name
            + " holds a network that is not known here. It is most like "
            + closest.architecture.name()
            + (closest.prefix.isEmpty()
                ? ""
                : " with names that begin with " + quoted(closest.prefix))
            + ", with these differences: "
            + closest.fit
            + "."
            + supported);
  }

  /** Tells whether at least half of the network is there. */
  private boolean isAlike() {
    int tensors = Models.classifier(architecture, Device.meta()).state().tensors().size();
    return 2 * fit.missing().size() <= tensors;
  }

  private static String quoted(String prefix) {
    return '"' + prefix + '"';
  }
}
