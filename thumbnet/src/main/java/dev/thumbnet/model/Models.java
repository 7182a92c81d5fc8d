package dev.thumbnet.model;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.io.StateDict;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.engine.nn.Init;
import dev.thumbnet.engine.nn.Module;
import org.jspecify.annotations.Nullable;

/** Makes the networks of ThumbNet. */
public final class Models {
  private Models() {}

  /** Makes a classifier with random weights, as its family draws them. */
  public static Classifier classifier(Architecture architecture, Device device, Rng rng) {
    return architecture.family().build(architecture, device, rng);
  }

  /** Makes a classifier whose weights are zero and will be loaded. */
  public static Classifier classifier(Architecture architecture, Device device) {
    return architecture.family().build(architecture, device, null);
  }

  /**
   * Makes the network of a wavelet-like auto-encoder with random weights.
   *
   * @param whole the network that sees its low frequencies, a ResNet or VGG
   * @throws IllegalArgumentException if it is another network
   */
  public static Lwae lwae(Architecture whole, Device device, Rng rng) {
    return (Lwae) classifier(Lwae.around(whole), device, rng);
  }

  /**
   * Returns the exchange of a classifier's weights with files in PyTorch's layout under
   * torchvision's names.
   */
  public static StateDict stateDict(Classifier network) {
    return stateDict("", network, network);
  }

  /**
   * Returns the exchange of a module's weights with files in PyTorch's layout.
   *
   * @param prefix of the names of the classifier's weights within the module, such as {@code
   *     "student."}
   * @param network the classifier
   * @param whole the module that contains it
   */
  public static StateDict stateDict(String prefix, Classifier network, Module whole) {
    StateDict stateDict = StateDict.of(whole);
    network.arrange(stateDict, prefix);
    return stateDict;
  }

  /**
   * Makes a downscaler, from pictures (n, h, w, 3) to thumbnails (n, h/f, w/f, 3). One that uses
   * its teacher's layers draws their weights, too, until it is given them.
   *
   * @param reduction how much smaller thumbnails are; sides shrink by f
   * @param colors what thumbnails are confined to
   * @param rng draws the initial values; none leaves zeros, for weights that are loaded next
   * @throws IllegalArgumentException if there is no downscaler of this kind for the reduction
   * @see DownscalerNet#takeFrom
   */
  public static DownscalerNet downscaler(
      DownscalerKind kind,
      Reduction reduction,
      ColorRange colors,
      Device device,
      @Nullable Rng rng) {
    return new DownscalerNet(kind, reduction, colors, device, rng);
  }

  /**
   * Gives a student the weights and statistics of a teacher that it differs from in its width, or
   * by a front. A narrower student takes the first channels of each layer, which is a better start
   * than chance. Behind a front it starts as the teacher on pictures that are shrunk by the mean of
   * each patch; what a front learns besides, and all that a teacher does not have, is left as it
   * is.
   *
   * @param student changes; no wider than the teacher in any layer, on the same device
   * @throws IllegalArgumentException if the teacher lacks a layer, or the first channels of one
   *     make no sense; the message says which
   */
  public static void inherit(Classifier student, Classifier teacher) {
    Inheritance.inherit(student, teacher);
  }

  /** Tells whether {@link #checkNarrower} finds nothing wrong. */
  public static boolean canNarrow(Architecture teacher) {
    try {
      checkNarrower(teacher);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * Checks that narrower students can {@link #inherit} from a network.
   *
   * @throws IllegalArgumentException if not; the message says why, and what to take instead
   */
  public static void checkNarrower(Architecture teacher) {
    Inheritance.checkNarrower(teacher);
  }

  /** Draws the convolutions of a network by He's distribution of fan-out; biases stay zero. */
  public static void initialise(Module network, Rng rng) {
    for (Module m : network.modules()) {
      if (m instanceof Conv2d conv) {
        Init.kaimingNormal(conv.weight().tensor(), Init.Fan.OUT, rng);
      }
    }
  }
}
