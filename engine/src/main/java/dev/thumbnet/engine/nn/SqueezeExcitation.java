package dev.thumbnet.engine.nn;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.op.Ops;
import org.jspecify.annotations.Nullable;

/**
 * Squeeze and excitation: x · gate(fc2(activation(fc1(mean of x over all pixels)))), which weighs
 * the channels of each picture by what the whole picture shows. From (n, h, w, channels) to the
 * same; parameters as torchvision names them, those of the 1x1 convolutions {@code fc1} and {@code
 * fc2}.
 */
public final class SqueezeExcitation extends Module {
  private final int channels;
  private final Conv2d fc1;
  private final Conv2d fc2;
  private final Module activation;
  private final Module gate;

  /**
   * Makes a layer.
   *
   * @param device where it lives
   * @param channels of the input
   * @param squeezed channels between the two convolutions
   * @param activation after the first, such as {@link ReLU} or {@link Activation#silu}
   * @param gate after the second, such as {@link Activation#hardSigmoid} or {@link
   *     Activation#sigmoid}
   * @param rng draws the initial values; none leaves zeros, for weights that are loaded next
   */
  public SqueezeExcitation(
      Device device,
      int channels,
      int squeezed,
      Module activation,
      Module gate,
      @Nullable Rng rng) {
    this.channels = channels;
    fc1 = child("fc1", new Conv2d(device, channels, squeezed, 1, 1, 0, true, rng));
    fc2 = child("fc2", new Conv2d(device, squeezed, channels, 1, 1, 0, true, rng));
    this.activation = child("activation", activation);
    this.gate = child("scale_activation", gate);
  }

  @Override
  public Tensor forward(Tensor x) {
    Tensor mean = Ops.reshape(Ops.globalAvgPool2d(x), x.dim(0), 1, 1, channels);
    Tensor squeezed = activation.forward(fc1.forward(mean));
    return Ops.mul(x, gate.forward(fc2.forward(squeezed)));
  }
}
