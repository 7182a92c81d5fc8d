package dev.thumbnet.method.wavelet;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.ResizeProblem.Filter;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.engine.nn.Init;
import dev.thumbnet.engine.nn.Init.Fan;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.ReLU;
import dev.thumbnet.engine.nn.Sequential;
import dev.thumbnet.engine.op.Ops;
import dev.thumbnet.model.Lwae.Subbands;

/**
 * The decoder of the wavelet-like auto-encoder, used in training only: rebuilds the pictures from
 * CA and CH, both enlarged to their size, as the encoder backwards,
 *
 * <pre>x̂ = ↑CA + d([↑CA, ↑CH]),</pre>
 *
 * where ↑ is bilinear and d has three convolutions 3x3 of 16 channels with ReLU and one to three
 * channels, which starts at zero.
 *
 * <p>What is known of the paper leaves the decoder open. With the sum CA has the colours and the
 * scale of a picture from the first step on, which a network needs that was trained on pictures.
 */
final class WaveletDecoder extends Module {
  private static final int COLORS = 3;
  private static final int CHANNELS = 16;

  private final Sequential layers;

  /**
   * Makes a network.
   *
   * @param rng draws the convolutions but the last by He's distribution of fan-out
   */
  WaveletDecoder(Device device, Rng rng) {
    layers =
        child(
            "layers",
            new Sequential(
                convolution(device, 2 * COLORS, CHANNELS, rng),
                new ReLU(),
                convolution(device, CHANNELS, CHANNELS, rng),
                new ReLU(),
                convolution(device, CHANNELS, CHANNELS, rng),
                new ReLU(),
                new Conv2d(device, CHANNELS, COLORS, 3, 1, 1, true, null)));
  }

  private static Conv2d convolution(Device device, int in, int out, Rng rng) {
    Conv2d convolution = new Conv2d(device, in, out, 3, 1, 1, true, null);
    Init.kaimingNormal(convolution.weight().tensor(), Fan.OUT, rng);
    return convolution;
  }

  /** Rebuilds pictures of even sides from CA and CH, one beside the other: (n, h, w, 3 + 3). */
  @Override
  public Tensor forward(Tensor x) {
    Subbands subbands =
        new Subbands(Ops.slice(x, 3, 0, COLORS), Ops.slice(x, 3, COLORS, 2 * COLORS));
    return rebuild(subbands, 2 * x.dim(1), 2 * x.dim(2));
  }

  /**
   * Rebuilds pictures.
   *
   * @param raw what the encoder made of them, before normalisation
   * @return (n, height, width, 3)
   */
  Tensor rebuild(Subbands raw, int height, int width) {
    Tensor low = Ops.resize(raw.low(), height, width, Filter.BILINEAR);
    Tensor high = Ops.resize(raw.high(), height, width, Filter.BILINEAR);
    return Ops.add(low, layers.forward(Ops.concat(3, low, high)));
  }
}
