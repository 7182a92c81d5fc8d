package dev.thumbnet.engine.nn;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.Parameter.Kind;
import dev.thumbnet.engine.op.Conv2dOptions;
import dev.thumbnet.engine.op.Ops;
import org.jspecify.annotations.Nullable;

/**
 * Convolution: (n, h, w, in) to (n, outH, outW, out). Parameters {@code weight}, (kh, kw, in /
 * groups, out), and {@code bias}, (out), with PyTorch's default initialisation.
 */
public final class Conv2d extends Module {
  private final Conv2dOptions options;
  private final Parameter weight;
  private final @Nullable Parameter bias;

  /** Makes a layer with a square kernel, no dilation and one group. */
  public Conv2d(
      Device device,
      int in,
      int out,
      int kernel,
      int stride,
      int padding,
      boolean bias,
      @Nullable Rng rng) {
    this(device, in, out, kernel, kernel, Conv2dOptions.of(stride, padding), bias, rng);
  }

  /**
   * Makes a layer.
   *
   * @param device where it lives
   * @param in input channels
   * @param out output channels
   * @param kernelH kernel rows
   * @param kernelW kernel columns
   * @param options stride, padding, dilation, groups
   * @param bias whether a bias is added; not needed before batch normalisation
   * @param rng draws the initial values; none leaves zeros, for weights that are loaded next
   */
  public Conv2d(
      Device device,
      int in,
      int out,
      int kernelH,
      int kernelW,
      Conv2dOptions options,
      boolean bias,
      @Nullable Rng rng) {
    if (in % options.groups() != 0 || out % options.groups() != 0) {
      throw new IllegalArgumentException(
          "Conv2d: channels "
              + in
              + " and "
              + out
              + " must be multiples of groups "
              + options.groups());
    }
    this.options = options;
    Tensor w = Tensor.zeros(device, kernelH, kernelW, in / options.groups(), out);
    Tensor b = bias ? Tensor.zeros(device, out) : null;
    if (rng != null) {
      Init.pytorchDefault(w, b, rng);
    }
    this.weight = parameter("weight", new Parameter(w, Kind.WEIGHT));
    this.bias = b == null ? null : parameter("bias", new Parameter(b, Kind.BIAS));
  }

  @Override
  public Tensor forward(Tensor x) {
    return Ops.conv2d(x, weight.tensor(), bias == null ? null : bias.tensor(), options);
  }

  /** Returns the weight, (kh, kw, in / groups, out). */
  public Parameter weight() {
    return weight;
  }

  /** Returns the bias, (out). */
  public @Nullable Parameter bias() {
    return bias;
  }

  /** Returns stride, padding, dilation and groups. */
  public Conv2dOptions options() {
    return options;
  }
}
