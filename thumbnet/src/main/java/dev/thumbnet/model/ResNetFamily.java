package dev.thumbnet.model;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@link ResNet}s; their own settings are {@code smallInput}, a stem for small pictures, and {@code
 * factors}, see {@link Convolutions}.
 */
record ResNetFamily() implements Family {
  @Override
  public List<String> names() {
    return ResNet.names();
  }

  @Override
  public Map<String, Object> settings(String name) {
    return TorchvisionSettings.of(false, 0);
  }

  @Override
  public void check(Architecture architecture) {
    int hidden = TorchvisionSettings.hidden(architecture);
    if (hidden != 0) {
      throw new IllegalArgumentException(
          "only VGG has hidden layers in its head, and not fewer than 0 units: " + hidden);
    }
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

  /** Each of the five halvings, or three for small pictures, rounds up. */
  @Override
  public int normalisedSide(Architecture architecture, int side) {
    return Math.ceilDiv(side, TorchvisionSettings.smallInput(architecture) ? 8 : 32);
  }

  @Override
  public String describe(Architecture architecture) {
    return (TorchvisionSettings.smallInput(architecture) ? " for small pictures" : "")
        + Convolutions.describe(architecture);
  }
}
