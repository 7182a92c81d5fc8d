package dev.thumbnet.method.information;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.ResizeProblem.Filter;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.engine.nn.Init;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.ReLU;
import dev.thumbnet.engine.nn.Sequential;
import dev.thumbnet.engine.op.Ops;
import dev.thumbnet.model.Models;

/**
 * A small network that guesses the picture of a thumbnail z whose sides are f times smaller: z
 * enlarged by bicubic interpolation, plus what three 3x3 convolutions of z say of the f × f pixels
 * of each of its pixels. The last of them starts at zero.
 */
final class Decoder extends Module {
  private static final int CHANNELS = 32;

  private final int factor;
  private final Sequential layers;

  Decoder(int factor, Device device, Rng rng) {
    this.factor = factor;
    Conv2d last = new Conv2d(device, CHANNELS, 3 * factor * factor, 3, 1, 1, true, null);
    layers =
        child(
            "layers",
            new Sequential(
                new Conv2d(device, 3, CHANNELS, 3, 1, 1, true, null),
                new ReLU(),
                new Conv2d(device, CHANNELS, CHANNELS, 3, 1, 1, true, null),
                new ReLU(),
                last));
    Models.initialise(this, rng);
    Init.constant(last.weight().tensor(), 0);
  }

  /**
   * Guesses.
   *
   * @param z (n, h, w, 3)
   * @return (n, f h, f w, 3)
   */
  @Override
  public Tensor forward(Tensor z) {
    int height = factor * z.dim(1);
    int width = factor * z.dim(2);
    Tensor enlarged = Ops.resize(z, height, width, Filter.BICUBIC_ANTIALIAS);
    return Ops.add(enlarged, spread(layers.forward(z)));
  }

  /** From (n, h, w, f f 3) to (n, f h, f w, 3): channels (a f + b) 3 + c are colour c at (a, b). */
  private Tensor spread(Tensor y) {
    int n = y.dim(0);
    int height = y.dim(1);
    int width = y.dim(2);
    int row = 3 * factor;
    Tensor[] rows = new Tensor[factor];
    for (int a = 0; a < factor; a++) {
      rows[a] = Ops.reshape(Ops.slice(y, 3, a * row, (a + 1) * row), n, height, 1, width * row);
    }
    return Ops.reshape(Ops.concat(2, rows), n, height * factor, width * factor, 3);
  }
}
