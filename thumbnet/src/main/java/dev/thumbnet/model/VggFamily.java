package dev.thumbnet.model;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.nn.Init;
import dev.thumbnet.engine.nn.Linear;
import dev.thumbnet.engine.nn.Module;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@link Vgg}s; their own settings are {@code hidden}, the units of the two hidden layers of the
 * head, before the width is applied, or 0 for a head of a global average and one linear layer, and
 * {@code innerChannels}, the channels of each convolution but the last, and {@code factors}, see
 * {@link Convolutions}.
 */
record VggFamily() implements Family {
  private static final int USUAL = 4096;

  /** Deviation of the weights of linear layers. */
  private static final double LINEAR = 0.01;

  @Override
  public List<String> names() {
    return Vgg.names();
  }

  @Override
  public Map<String, Object> settings(String name) {
    return TorchvisionSettings.of(false, USUAL);
  }

  @Override
  public void check(Architecture architecture) {
    if (TorchvisionSettings.smallInput(architecture)) {
      throw new IllegalArgumentException("VGG has no stem for small pictures, it needs none");
    }
    int hidden = TorchvisionSettings.hidden(architecture);
    if (hidden < 0) {
      throw new IllegalArgumentException(
          "only VGG has hidden layers in its head, and not fewer than 0 units: " + hidden);
    }
    Vgg.innerChannels(architecture);
    Convolutions.check(architecture);
  }

  /** Convolutions as torchvision draws them, by He's distribution; linear layers N(0, 0.01). */
  @Override
  public Classifier build(Architecture architecture, Device device, @Nullable Rng rng) {
    Vgg network = new Vgg(architecture, device, rng == null ? new Rng(0) : rng);
    if (rng != null) {
      Models.initialise(network, rng);
      for (Module m : network.modules()) {
        if (m instanceof Linear linear) {
          Init.normal(linear.weight().tensor(), LINEAR, rng);
        }
      }
    }
    return network;
  }

  /** Each of the five pools halves, rounding down. */
  @Override
  public int smallestSide(Architecture architecture) {
    return 32;
  }

  /** The last normalisation stands before the last pool. */
  @Override
  public int normalisedSide(Architecture architecture, int side) {
    return architecture.name().endsWith("_bn") ? side / 16 : side;
  }

  @Override
  public String describe(Architecture architecture) {
    return describeHead(TorchvisionSettings.hidden(architecture))
        + TorchvisionSettings.describeInnerChannels(architecture)
        + Convolutions.describe(architecture);
  }

  private static String describeHead(int hidden) {
    if (hidden == USUAL) {
      return "";
    }
    return hidden == 0 ? " with global average" : " with " + hidden + " hidden units";
  }
}
