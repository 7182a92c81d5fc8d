package dev.thumbnet.model;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.model.layer.DctFront;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What may stand before the first convolution of a ResNet and makes of pictures (n, h, w, 3) what
 * that convolution takes, (n, h/s, w/s, channels): more of each patch of s x s pixels than the
 * three colours of a thumbnail. A network behind it sees the full picture and costs what one on
 * thumbnails does, so that it tells what three colours lose.
 */
enum Front {
  /** The picture itself. */
  NONE(Architecture.UNSAID, 1, 3),
  /** A learned convolution of patches of 2 x 2 pixels. */
  PATCH2("patch2", 2, 24),
  /** A learned convolution of patches of 4 x 4 pixels. */
  PATCH4("patch4", 4, 24),
  /** All coefficients of the DCT of patches of 2 x 2 pixels. */
  DCT2("dct2", 2, DctFront.channels(2)),
  /** The 8 lowest of 16 coefficients of the DCT of patches of 4 x 4 pixels, for each colour. */
  DCT4("dct4", 4, DctFront.channels(4));

  /** The name of the setting, and of the layer in files; neither ever changes. */
  static final String NAME = "front";

  private final String key;
  private final int side;
  private final int channels;

  Front(String key, int side, int channels) {
    this.key = key;
    this.side = side;
    this.channels = channels;
  }

  /**
   * Returns the front of a network, {@link #NONE} if its family has no such setting.
   *
   * @throws IllegalArgumentException if there is none of this name
   */
  static Front of(Architecture network) {
    Object wanted = network.own().getOrDefault(NAME, NONE.key);
    return Arrays.stream(values())
        .filter(front -> front.key.equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no front '"
                        + wanted
                        + "', only "
                        + Arrays.stream(values())
                            .filter(front -> front != NONE)
                            .map(front -> front.key)
                            .collect(Collectors.joining(", "))));
  }

  /** Returns s, the side of patches. */
  int side() {
    return side;
  }

  /** Returns the number of channels. */
  int channels() {
    return channels;
  }

  /** Makes the layer; what is learnt of it is zero. */
  Module build(Device device) {
    return switch (this) {
      case NONE -> throw new IllegalStateException("there is nothing to build before " + this);
      case PATCH2, PATCH4 -> new Conv2d(device, 3, channels, side, side, 0, false, null);
      case DCT2, DCT4 -> new DctFront(side, device);
    };
  }

  /** Returns what people want to know of it, beginning with a space; empty if there is none. */
  String describe() {
    return this == NONE ? "" : " behind " + key;
  }

  /**
   * Makes a network start as the one without a front on pictures that are shrunk by the mean of
   * each patch: one channel for each colour is that mean, and the first convolution gives weights
   * to no others. They come to learn all the same: a weight of 0 has a gradient.
   *
   * @param network has this front
   * @param plain weights of the first convolution for colours, (kh, kw, 3, k)
   */
  void startAsMean(Classifier network, Tensor plain) {
    Module layer = Objects.requireNonNull(network.children().get(NAME));
    double share = 1;
    int step = 1;
    if (layer instanceof Conv2d patches) {
      average(patches.weight().tensor());
    } else {
      share = 1.0 / side;
      step = DctFront.coefficients(side);
    }
    Tensor first = Objects.requireNonNull(network.state().tensors().get("conv1.weight"));
    int out = plain.dim(3);
    double[] colours = plain.toDoubleArray();
    double[] weights = new double[first.size()];
    for (int i = 0; i < colours.length; i++) {
      int tap = i / (3 * out);
      int colour = i / out % 3;
      weights[(tap * channels + colour * step) * out + i % out] = share * colours[i];
    }
    first.copyFrom(weights);
  }

  /** Lets the first three channels be the means of the three colours; others keep their weights. */
  private void average(Tensor patches) {
    double[] weights = patches.toDoubleArray();
    for (int i = 0; i < weights.length; i++) {
      int channel = i % channels;
      int colour = i / channels % 3;
      if (channel < 3) {
        weights[i] = channel == colour ? 1.0 / (side * side) : 0;
      }
    }
    patches.copyFrom(weights);
  }
}
