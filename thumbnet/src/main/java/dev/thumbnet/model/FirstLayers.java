package dev.thumbnet.model;

import dev.thumbnet.engine.Autograd;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.TensorScope;
import dev.thumbnet.engine.backend.problem.ResizeProblem.Filter;
import dev.thumbnet.engine.nn.BatchNorm2d;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.op.Ops;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The first layers of a ResNet with their names, 16 channels wide: conv7x7 of stride 2,
 * normalisation, ReLU, and perhaps a max pool of stride 2 and {@code layer1}. From pictures (n, h,
 * w, 3) to features (n, h/s, w/s, 16), s = 2 or 4.
 *
 * <p>For s = 2 the convolution alone shrinks enough, so that there is no pool. But {@code layer1}
 * is used to what the pool leaves; behind it features are enlarged again, bilinearly.
 */
final class FirstLayers extends Module {
  static final int CHANNELS = 16;

  /** Has them, with {@code layer1} as wide as here. */
  private static final Architecture NETWORK =
      Architecture.of("resnet18", 1).withWidth(CHANNELS / 64.0);

  private final Conv2d conv1;
  private final BatchNorm2d bn1;
  private final @Nullable Module layer1;
  private final boolean pools;
  private final int side;

  /**
   * Makes layers whose weights are zero.
   *
   * @param hasLayer1 whether {@code layer1} is among them
   * @param side s, 2 or 4
   */
  FirstLayers(boolean hasLayer1, int side, Device device) {
    conv1 = child("conv1", new Conv2d(device, 3, CHANNELS, 7, 2, 3, false, null));
    bn1 = child("bn1", new BatchNorm2d(device, CHANNELS));
    layer1 = hasLayer1 ? child("layer1", layer1(device)) : null;
    pools = hasLayer1 || side == 4;
    this.side = side;
  }

  private static Module layer1(Device device) {
    Classifier network = Models.classifier(NETWORK, device);
    return Objects.requireNonNull(network.children().get("layer1"));
  }

  /** Tells whether such layers, but for {@code layer1}, can be cut out of a network. */
  static boolean inside(Architecture network) {
    return network.hasPlainStem()
        && !TorchvisionSettings.smallInput(network)
        && network.own(TorchvisionSettings.INNER_CHANNELS).equals(Architecture.UNSAID)
        && channels(network) >= CHANNELS;
  }

  /** Returns how many channels the first layers of a ResNet have. */
  static int channels(Architecture network) {
    return network.scaled(64);
  }

  /**
   * Takes over the weights and statistics of a network, of its first channels if it has more.
   *
   * @throws IllegalArgumentException if it has no such layers
   */
  void copyFrom(Classifier network) {
    Map<String, Tensor> source = network.state().tensors();
    try (Autograd.NoGrad _ = Autograd.noGrad();
        TensorScope _ = new TensorScope()) {
      state()
          .tensors()
          .forEach(
              (name, tensor) -> tensor.copyFrom(firstChannels(source.get(name), name, tensor)));
    }
  }

  private static Tensor firstChannels(@Nullable Tensor source, String name, Tensor target) {
    if (source == null
        || !source.shape().with(-1, target.dim(-1)).equals(target.shape())
        || source.dim(-1) < target.dim(-1)) {
      throw new IllegalArgumentException(
          "the teacher has no "
              + name
              + " of which "
              + target.shape()
              + " can be taken, but "
              + (source == null ? "none at all" : source.shape()));
    }
    return Ops.slice(source, -1, 0, target.dim(-1));
  }

  @Override
  public Tensor forward(Tensor x) {
    Tensor y = bn1.forwardRelu(conv1.forward(x));
    if (pools) {
      y = Ops.maxPool2d(y, 3, 2, 1);
    }
    if (layer1 != null) {
      y = layer1.forward(y);
    }
    int height = x.dim(1) / side;
    int width = x.dim(2) / side;
    boolean fits = y.dim(1) == height && y.dim(2) == width;
    return fits ? y : Ops.resize(y, height, width, Filter.BILINEAR);
  }
}
