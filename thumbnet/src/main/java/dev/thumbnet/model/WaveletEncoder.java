package dev.thumbnet.model;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.BatchNorm2d;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.ReLU;
import dev.thumbnet.engine.nn.Sequential;
import dev.thumbnet.engine.op.Ops;
import org.jspecify.annotations.Nullable;

/**
 * The encoder of the wavelet-like auto-encoder (Chen et al., AAAI 2018): splits a picture into two
 * of half its side, as one level of a wavelet transform splits a signal. Three convolutions 3x3 of
 * 16 channels with ReLU keep the full size; two convolutions 3x3 of stride 2 make of them CA, the
 * low frequencies, and CH, the high ones, three channels each. All have biases. Each of the two is
 * then normalised without scale and shift, so that what sees it need not care how large the encoder
 * made it.
 *
 * <p>In evaluation mode several threads may use it at once.
 */
public final class WaveletEncoder extends Module {
  private static final int COLORS = 3;
  private static final int CHANNELS = 16;
  private static final double EPS = 1e-5;
  private static final double MOMENTUM = 0.1;

  private final Sequential layers;
  private final Conv2d low;
  private final Conv2d high;
  private final BatchNorm2d lowNorm;
  private final BatchNorm2d highNorm;

  /**
   * The two halves of a picture.
   *
   * @param low CA, (n, ⌈h/2⌉, ⌈w/2⌉, 3)
   * @param high CH, the same shape
   */
  public record Subbands(Tensor low, Tensor high) {}

  /** Makes an encoder; no rng leaves zeros. */
  WaveletEncoder(Device device, @Nullable Rng rng) {
    layers =
        child(
            "layers",
            new Sequential(
                convolution(device, COLORS, CHANNELS, 1),
                new ReLU(),
                convolution(device, CHANNELS, CHANNELS, 1),
                new ReLU(),
                convolution(device, CHANNELS, CHANNELS, 1),
                new ReLU()));
    low = child("low", convolution(device, CHANNELS, COLORS, 2));
    lowNorm = child("low_norm", new BatchNorm2d(device, COLORS, EPS, MOMENTUM, false));
    high = child("high", convolution(device, CHANNELS, COLORS, 2));
    highNorm = child("high_norm", new BatchNorm2d(device, COLORS, EPS, MOMENTUM, false));
    if (rng != null) {
      Models.initialise(this, rng);
    }
  }

  private static Conv2d convolution(Device device, int in, int out, int stride) {
    return new Conv2d(device, in, out, 3, stride, 1, true, null);
  }

  /**
   * Splits pictures; what a decoder rebuilds them from.
   *
   * @param x (n, h, w, 3)
   * @return before normalisation
   */
  public Subbands split(Tensor x) {
    Tensor features = layers.forward(x);
    return new Subbands(low.forward(features), high.forward(features));
  }

  /** Normalises what {@link #split} returned: what classifiers see. */
  public Subbands normalise(Subbands raw) {
    return new Subbands(lowNorm.forward(raw.low()), highNorm.forward(raw.high()));
  }

  /** Returns CA and CH of pictures (n, h, w, 3), normalised: (n, ⌈h/2⌉, ⌈w/2⌉, 3 + 3). */
  @Override
  public Tensor forward(Tensor x) {
    Subbands subbands = normalise(split(x));
    return Ops.concat(3, subbands.low(), subbands.high());
  }
}
