package dev.thumbnet.method.pruning;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.plan.Cost;
import dev.thumbnet.method.GuidedTraining;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.Setting;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.Classifier.InnerConvolution;
import dev.thumbnet.model.Models;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How many channels stay, so that the whole network needs at least so many times fewer
 * multiply-adds. All inner convolutions keep the same share of their channels, the largest share in
 * thousandths that is cheap enough: of c channels ⌊share · c⌋ stay, but one at least. What stands
 * outside of blocks costs what it did, so no share is small enough for some ratios.
 *
 * @param times by how many times the network gets cheaper, at least
 * @param thousandths of the channels that stay
 * @param counts the channels of each inner convolution that stay
 */
record PruningPoint(double times, int thousandths, List<Integer> counts) {
  private static final List<Double> TIMES = List.of(2.0, 3.5, 12.0);
  private static final int ALL = 1000;

  /**
   * Returns the points that a setting's network can reach.
   *
   * @throws IllegalArgumentException if nothing can be pruned inside the network
   */
  static List<PruningPoint> of(Setting setting) {
    Architecture network = setting.network();
    List<Integer> channels = channels(network);
    List<PruningPoint> points = new ArrayList<>();
    for (double times : TIMES) {
      int thousandths = largestShare(network, channels, setting.size(), times);
      if (thousandths > 0) {
        points.add(new PruningPoint(times, thousandths, kept(channels, thousandths)));
      }
    }
    return points;
  }

  /**
   * Returns how many channels each inner convolution of a network has.
   *
   * @throws IllegalArgumentException if nothing can be pruned inside the network
   */
  static List<Integer> channels(Architecture network) {
    List<Integer> channels =
        Models.classifier(network, Device.meta()).innerConvolutions().stream()
            .map(InnerConvolution::channels)
            .toList();
    if (channels.isEmpty()) {
      throw new IllegalArgumentException(
          network.name()
              + " has no convolutions inside that can lose channels; take a ResNet of basic"
              + " blocks, resnet18 or resnet34, or a VGG");
    }
    return channels;
  }

  /** Returns the largest share that is cheap enough, in thousandths; 0 if none is. */
  private static int largestShare(
      Architecture network, List<Integer> channels, int size, double times) {
    double most = macs(network, size) / times;
    int cheap = 0;
    int dear = ALL;
    while (dear - cheap > 1) {
      int middle = (cheap + dear) / 2;
      if (macs(network.withInnerChannels(kept(channels, middle)), size) <= most) {
        cheap = middle;
      } else {
        dear = middle;
      }
    }
    return cheap;
  }

  /** Returns how many of each convolution's channels a share in thousandths is. */
  static List<Integer> kept(List<Integer> channels, int thousandths) {
    return channels.stream().map(c -> Math.max(1, c * thousandths / ALL)).toList();
  }

  private static long macs(Architecture network, int size) {
    Classifier classifier = Models.classifier(network, Device.meta());
    classifier.eval();
    return Cost.of(classifier, Shape.of(1, size, size, 3)).macs();
  }

  /** Returns the name for files and people: {@code 2x}, {@code 3.5x}. */
  String key() {
    return (times == Math.rint(times) ? Long.toString((long) times) : Double.toString(times)) + "x";
  }

  /** Returns what it is, by the names that files have, which never change. */
  Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("times", times);
    settings.put("keep", thousandths / (double) ALL);
    settings.put(
        "innerChannels", counts.stream().map(String::valueOf).collect(Collectors.joining(",")));
    return settings;
  }

  /**
   * Returns the operating point of a method.
   *
   * @param size side of the pictures
   * @param more what the method adds to the settings
   */
  OperatingPoint operatingPoint(int size, Map<String, Object> more) {
    Map<String, Object> settings = settings();
    settings.putAll(GuidedTraining.settings());
    settings.putAll(more);
    return new OperatingPoint(key(), key(), size, settings);
  }
}
