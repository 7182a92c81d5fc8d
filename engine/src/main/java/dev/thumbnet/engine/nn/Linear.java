package dev.thumbnet.engine.nn;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.Parameter.Kind;
import dev.thumbnet.engine.op.Ops;
import org.jspecify.annotations.Nullable;

/**
 * Fully connected layer: (n, in) to (n, out). Parameters {@code weight}, (in, out), and {@code
 * bias}, (out), with PyTorch's default initialisation. PyTorch's weight is the transpose.
 */
public final class Linear extends Module {
  private final Parameter weight;
  private final @Nullable Parameter bias;

  /**
   * Makes a layer.
   *
   * @param device where it lives
   * @param in input features
   * @param out output features
   * @param bias whether a bias is added
   * @param rng draws the initial values; none leaves zeros, for weights that are loaded next
   */
  public Linear(Device device, int in, int out, boolean bias, @Nullable Rng rng) {
    Tensor w = Tensor.zeros(device, in, out);
    Tensor b = bias ? Tensor.zeros(device, out) : null;
    if (rng != null) {
      Init.pytorchDefault(w, b, rng);
    }
    this.weight = parameter("weight", new Parameter(w, Kind.WEIGHT));
    this.bias = b == null ? null : parameter("bias", new Parameter(b, Kind.BIAS));
  }

  @Override
  public Tensor forward(Tensor x) {
    return Ops.linear(x, weight.tensor(), bias == null ? null : bias.tensor());
  }

  /** Returns the weight, (in, out). */
  public Parameter weight() {
    return weight;
  }

  /** Returns the bias, (out). */
  public @Nullable Parameter bias() {
    return bias;
  }
}
