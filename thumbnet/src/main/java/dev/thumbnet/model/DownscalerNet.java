package dev.thumbnet.model;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.BatchNorm2d;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.engine.nn.CostCounter;
import dev.thumbnet.engine.nn.Init;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.ReLU;
import dev.thumbnet.engine.nn.Sequential;
import dev.thumbnet.engine.op.Ops;
import java.util.List;

/**
 * ThumbNet's downscaler E: from pictures (n, h, w, 3) to thumbnails (n, h/f, w/f, 3) in the same
 * normalised colours. A few strided convolutions with normalisation and ReLU between them; the last
 * one has a bias and nothing after it, so a thumbnail is not confined to any range. Residual kinds
 * add that to the bicubic thumbnail.
 */
public final class DownscalerNet extends Module {
  /** Taps around an even pixel of antialiased bicubic 2:1 shrinking, without its outermost ones. */
  private static final double[] BICUBIC = normalized(-0.03515625, 0.11328125, 0.43359375);

  private final int factor;
  private final BicubicDownscaler bicubic;
  private final Sequential layers;

  /**
   * Makes a network.
   *
   * @param kind any but {@link DownscalerKind#BICUBIC}
   * @param factor by which sides shrink: 2 (4:1 by area) or 4 (16:1)
   * @param rng draws the initial values; null leaves zeros, for weights that are loaded next
   */
  DownscalerNet(DownscalerKind kind, int factor, Device device, Rng rng) {
    this.factor = factor;
    boolean residual = kind == DownscalerKind.RESIDUAL || kind == DownscalerKind.RESIDUAL_LARGE;
    this.bicubic = residual ? new BicubicDownscaler(factor) : null;
    int second = factor / 2;
    this.layers =
        child(
            "layers",
            switch (kind) {
              case PLAIN, PLAIN_NEAR_BICUBIC, RESIDUAL -> twoLayers(5, 16, second, device);
              case PLAIN_WIDE -> twoLayers(7, 8, second, device);
              case RESIDUAL_LARGE -> threeLayers(second, device);
              case BICUBIC -> throw new IllegalArgumentException("bicubic is no network");
            });
    if (rng != null) {
      initialise(kind, rng);
    }
  }

  private void initialise(DownscalerKind kind, Rng rng) {
    Models.initialise(this, rng);
    if (bicubic != null) {
      startAtZero();
    } else if (kind == DownscalerKind.PLAIN_NEAR_BICUBIC) {
      startNearBicubic();
    }
  }

  private static Sequential twoLayers(int kernel, int channels, int second, Device device) {
    int padding = kernel / 2;
    return new Sequential(
        new Conv2d(device, 3, channels, kernel, 2, padding, false, null),
        new BatchNorm2d(device, channels),
        new ReLU(),
        new Conv2d(device, channels, 3, kernel, second, padding, true, null));
  }

  private static Sequential threeLayers(int second, Device device) {
    return new Sequential(
        new Conv2d(device, 3, 24, 7, 2, 3, false, null),
        new BatchNorm2d(device, 24),
        new ReLU(),
        new Conv2d(device, 24, 24, 5, second, 2, false, null),
        new BatchNorm2d(device, 24),
        new ReLU(),
        new Conv2d(device, 24, 3, 3, 1, 1, true, null));
  }

  private Conv2d convolution(int layer) {
    List<Module> all = layers.layers();
    return (Conv2d) all.get(layer < 0 ? all.size() + layer : layer);
  }

  private void startAtZero() {
    Init.constant(convolution(-1).weight().tensor(), 0);
  }

  /**
   * Channels 2c and 2c + 1 of the first layer become colour c shrunk by a bicubic filter and its
   * negative, so that ReLU loses nothing; the last layer subtracts them, and shrinks again if it
   * has a stride. The other channels keep their random filters but count for nothing at first.
   * Because of the normalisation between, contrast is that of the batch: nearly bicubic.
   */
  private void startNearBicubic() {
    Tensor first = convolution(0).weight().tensor();
    Tensor last = convolution(-1).weight().tensor();
    double[] weight = first.toDoubleArray();
    double[] out = new double[last.size()];
    int channels = first.dim(3);
    for (int tap = 0; tap < 25; tap++) {
      double smooth = BICUBIC[tap / 5] * BICUBIC[tap % 5];
      double centre = tap == 12 ? 1 : 0;
      for (int c = 0; c < 3; c++) {
        for (int in = 0; in < 3; in++) {
          weight[(tap * 3 + in) * channels + 2 * c] = in == c ? smooth : 0;
          weight[(tap * 3 + in) * channels + 2 * c + 1] = in == c ? -smooth : 0;
        }
        double again = factor == 2 ? centre : smooth;
        out[(tap * channels + 2 * c) * 3 + c] = again;
        out[(tap * channels + 2 * c + 1) * 3 + c] = -again;
      }
    }
    first.copyFrom(weight);
    last.copyFrom(out);
  }

  /** Five taps from the three on one side: the centre lies between the last two of the middle. */
  private static double[] normalized(double outer, double middle, double inner) {
    double sum = outer + 2 * middle + 2 * inner;
    return new double[] {outer / sum, middle / sum, inner / sum, inner / sum, middle / sum};
  }

  @Override
  public Tensor forward(Tensor x) {
    BicubicDownscaler.thumbnail(x.shape(), factor);
    Tensor y = layers.forward(x);
    return bicubic == null ? y : Ops.add(bicubic.forward(x), y);
  }

  @Override
  public Shape count(Shape input, CostCounter counter) {
    BicubicDownscaler.thumbnail(input, factor);
    return layers.count(input, counter);
  }
}
