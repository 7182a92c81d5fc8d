package dev.thumbnet.model.layer;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.ResizeProblem.Filter;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.Parameter;
import dev.thumbnet.engine.nn.Parameter.Kind;
import dev.thumbnet.engine.op.Conv2dOptions;
import dev.thumbnet.engine.op.Ops;

/**
 * The details that MULLER (Tu, Milanfar and Talebi, "MULLER: Multilayer Laplacian Resizer for
 * Vision", ICCV 2023) adds to a thumbnail. From pictures (n, h, w, 3) to (n, h/s, w/s, 3):
 *
 * <pre>
 * x₀ = x,   xₖ = blur(xₖ₋₁)
 * y = Σ over k = 1, 2 of tanh(wₖ · resize(xₖ − xₖ₋₁) + bₖ)
 * </pre>
 *
 * with antialiased bicubic resizing and a separable Gaussian blur of 5 x 5 taps, σ = 1, zeros
 * around the picture, as in the authors' program. Only the four numbers w and b are learnt; they
 * start at 0, so that y does.
 */
public final class Muller extends Module {
  private final int side;
  private final Blur blur;
  private final Level first;
  private final Level second;

  /**
   * Makes the layer.
   *
   * @param side s
   */
  public Muller(int side, Device device) {
    this.side = side;
    this.blur = child("blur", new Blur(device));
    this.first = child("level1", new Level(device));
    this.second = child("level2", new Level(device));
    blur.freeze();
  }

  @Override
  public Tensor forward(Tensor x) {
    Tensor once = blur.forward(x);
    Tensor twice = blur.forward(once);
    return Ops.add(first.forward(details(once, x)), second.forward(details(twice, once)));
  }

  private Tensor details(Tensor blurred, Tensor sharp) {
    return Ops.resize(
        Ops.sub(blurred, sharp),
        sharp.dim(1) / side,
        sharp.dim(2) / side,
        Filter.BICUBIC_ANTIALIAS);
  }

  /** tanh(w · x + b). */
  private static final class Level extends Module {
    private final Parameter weight;
    private final Parameter bias;

    Level(Device device) {
      weight = parameter("weight", new Parameter(Tensor.zeros(device, 1), Kind.WEIGHT));
      bias = parameter("bias", new Parameter(Tensor.zeros(device, 1), Kind.BIAS));
    }

    @Override
    public Tensor forward(Tensor x) {
      return Ops.tanh(Ops.add(Ops.mul(x, weight.tensor()), bias.tensor()));
    }
  }

  /** exp(−d² / 2) at distances d of −2 to 2, normalised, along each axis; nothing is learnt. */
  private static final class Blur extends Module {
    private static final int RADIUS = 2;
    private static final int COLOURS = 3;
    private static final Conv2dOptions ALONG_ROWS =
        new Conv2dOptions(1, 1, 0, RADIUS, 1, 1, COLOURS);
    private static final Conv2dOptions ALONG_COLUMNS =
        new Conv2dOptions(1, 1, RADIUS, 0, 1, 1, COLOURS);

    private final Tensor rows;
    private final Tensor columns;

    Blur(Device device) {
      double[] taps = taps();
      rows = buffer("rows", Tensor.of(device, taps, 1, 2 * RADIUS + 1, 1, COLOURS));
      columns = buffer("columns", Tensor.of(device, taps, 2 * RADIUS + 1, 1, 1, COLOURS));
    }

    /** Returns the taps, each as often as there are colours. */
    private static double[] taps() {
      double[] taps = new double[(2 * RADIUS + 1) * COLOURS];
      double sum = 0;
      for (int d = -RADIUS; d <= RADIUS; d++) {
        sum += Math.exp(-d * d / 2.0);
      }
      for (int i = 0; i < taps.length; i++) {
        int d = i / COLOURS - RADIUS;
        taps[i] = Math.exp(-d * d / 2.0) / sum;
      }
      return taps;
    }

    @Override
    public Tensor forward(Tensor x) {
      return Ops.conv2d(Ops.conv2d(x, rows, null, ALONG_ROWS), columns, null, ALONG_COLUMNS);
    }
  }
}
