package dev.thumbnet.engine.nn;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.Parameter.Kind;
import dev.thumbnet.engine.op.Conv2dOptions;
import dev.thumbnet.engine.op.Ops;
import org.jspecify.annotations.Nullable;

/**
 * Transposed convolution, which enlarges by its stride: (n, h, w, in) to (n, outH, outW, out), see
 * {@link Ops#convTranspose2d}. Parameters {@code weight}, (kh, kw, out / groups, in), and {@code
 * bias}, (out), with PyTorch's default initialisation.
 */
public final class ConvTranspose2d extends Module {
  private final Conv2dOptions options;
  private final int moreH;
  private final int moreW;
  private final Parameter weight;
  private final @Nullable Parameter bias;

  /**
   * Makes a layer.
   *
   * @param device where it lives
   * @param in input channels
   * @param out output channels
   * @param kernelH kernel rows
   * @param kernelW kernel columns
   * @param options stride, padding, dilation, groups
   * @param moreH rows that the result has more, below the stride; PyTorch's output padding
   * @param moreW columns that it has more, likewise
   * @param bias whether a bias is added; not needed before batch normalisation
   * @param rng draws the initial values; none leaves zeros, for weights that are loaded next
   */
  public ConvTranspose2d(
      Device device,
      int in,
      int out,
      int kernelH,
      int kernelW,
      Conv2dOptions options,
      int moreH,
      int moreW,
      boolean bias,
      @Nullable Rng rng) {
    if (in % options.groups() != 0 || out % options.groups() != 0) {
      throw new IllegalArgumentException(
          "ConvTranspose2d: channels "
              + in
              + " and "
              + out
              + " must be multiples of groups "
              + options.groups());
    }
    this.options = options;
    this.moreH = moreH;
    this.moreW = moreW;
    Tensor w = Tensor.zeros(device, kernelH, kernelW, out / options.groups(), in);
    Tensor b = bias ? Tensor.zeros(device, out) : null;
    if (rng != null) {
      Init.pytorchDefault(w, b, rng);
    }
    this.weight = parameter("weight", new Parameter(w, Kind.WEIGHT));
    this.bias = b == null ? null : parameter("bias", new Parameter(b, Kind.BIAS));
  }

  @Override
  public Tensor forward(Tensor x) {
    Tensor b = bias == null ? null : bias.tensor();
    return Ops.convTranspose2d(x, weight.tensor(), b, options, moreH, moreW);
  }
}
