package dev.thumbnet.model;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@link ResNet}s; their own settings are {@code smallInput}, a stem for small pictures, and {@code
 * front}, what stands before the first convolution, {@code innerChannels}, the channels between the
 * two convolutions of each basic block, and {@code factors}, see {@link Convolutions}.
 */
record ResNetFamily() implements Family {
  @Override
  public List<String> names() {
    return ResNet.names();
  }

  @Override
  public Map<String, Object> settings(String name) {
    Map<String, Object> settings = TorchvisionSettings.of(false, 0);
    settings.put(Front.NAME, Architecture.UNSAID);
    return settings;
  }

  @Override
  public void check(Architecture architecture) {
    int hidden = TorchvisionSettings.hidden(architecture);
    if (hidden != 0) {
      throw new IllegalArgumentException(
          "only VGG has hidden layers in its head, and not fewer than 0 units: " + hidden);
    }
    Front.of(architecture); // is one that there is
    ResNet.innerChannels(architecture);
    Convolutions.check(architecture);
  }

  /** Convolutions as torchvision draws them, by He's distribution; the linear layer uniform. */
  @Override
  public Classifier build(Architecture architecture, Device device, @Nullable Rng rng) {
    ResNet network = new ResNet(architecture, device, rng);
    if (rng != null) {
      Models.initialise(network, rng);
    }
    return network;
  }

  @Override
  public int smallestSide(Architecture architecture) {
    return Front.of(architecture).side();
  }

  /** Each of the five halvings, or three for small pictures, rounds up; patches are whole. */
  @Override
  public int normalisedSide(Architecture architecture, int side) {
    int seen = side / Front.of(architecture).side();
    return Math.ceilDiv(seen, TorchvisionSettings.smallInput(architecture) ? 8 : 32);
  }

  @Override
  public String describe(Architecture architecture) {
    return (TorchvisionSettings.smallInput(architecture) ? " for small pictures" : "")
        + Front.of(architecture).describe()
        + TorchvisionSettings.describeInnerChannels(architecture)
        + Convolutions.describe(architecture);
  }
}
