package dev.thumbnet.model;

import dev.thumbnet.engine.Autograd;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.ResizeProblem.Filter;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.engine.nn.Init;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.op.Ops;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * ThumbNet's downscaler E: from pictures (n, h, w, 3) to thumbnails (n, h/f, w/f, 3) in the same
 * normalised colours. The paper's has a few strided convolutions with normalisation and ReLU
 * between them; the last one has a bias and no ReLU. Most others add what their layers make of the
 * picture to the thumbnail that antialiased bicubic resampling (as Pillow does it) makes; the
 * baseline is that thumbnail alone.
 *
 * <p>Values beyond black and white are cut off, in training, too, where they get no gradient. The
 * paper leaves this open. It makes every thumbnail a picture that can be stored with 8 bits for a
 * colour and classified later with the same answer; a student that has learnt to rely on colours
 * that no picture has would give others.
 */
public final class DownscalerNet extends Module {
  /** Taps around an even pixel of antialiased bicubic 2:1 shrinking, without its outermost ones. */
  private static final double[] BICUBIC = normalized(-0.03515625, 0.11328125, 0.43359375);

  private final DownscalerKind kind;
  private final Reduction reduction;
  private final Tensor low;
  private final Tensor high;
  private final @Nullable Module layers;

  /**
   * Makes a network; no rng leaves zeros.
   *
   * @throws IllegalArgumentException if there is none of this kind for the reduction
   */
  DownscalerNet(
      DownscalerKind kind,
      Reduction reduction,
      ColorRange colors,
      Device device,
      @Nullable Rng rng) {
    kind.check(reduction);
    this.kind = kind;
    this.reduction = reduction;
    this.low = colors.lowOn(device);
    this.high = colors.highOn(device);
    this.layers = DownscalerLayers.of(kind, reduction, device);
    if (layers != null) {
      child("layers", layers);
      if (rng != null) {
        initialise(rng);
      }
    }
  }

  private void initialise(Rng rng) {
    Models.initialise(this, rng);
    List<Conv2d> convolutions = convolutions();
    if (kind.addsBicubic() && !convolutions.isEmpty()) {
      Init.constant(convolutions.getLast().weight().tensor(), 0);
    } else if (kind == DownscalerKind.PLAIN_NEAR_BICUBIC) {
      startNearBicubic(convolutions.getFirst(), convolutions.getLast());
    }
  }

  private List<Conv2d> convolutions() {
    return modules().stream().filter(Conv2d.class::isInstance).map(Conv2d.class::cast).toList();
  }

  /**
   * Channels 2c and 2c + 1 of the first layer become colour c shrunk by a bicubic filter and its
   * negative, so that ReLU loses nothing; the last layer subtracts them, and shrinks again if it
   * has a stride. The other channels keep their random filters but count for nothing at first.
   * Because of the normalisation between, contrast is that of the batch: nearly bicubic.
   */
  private void startNearBicubic(Conv2d firstLayer, Conv2d lastLayer) {
    Tensor first = firstLayer.weight().tensor();
    Tensor last = lastLayer.weight().tensor();
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
        double again = reduction.side() == 2 ? centre : smooth;
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

  /**
   * Takes over the teacher's first layers, if this kind is made of them; otherwise does nothing.
   *
   * @param teacher its weights and statistics are copied
   * @throws IllegalArgumentException if it has no such layers; the message says what can be done
   */
  public void takeFrom(Classifier teacher) {
    if (!kind.usesTeacher()) {
      return;
    }
    kind.checkTeacher(teacher.architecture());
    for (Module m : modules()) {
      if (m instanceof FirstLayers first) {
        first.copyFrom(teacher);
      }
    }
  }

  /** Returns which kind this is. */
  public DownscalerKind kind() {
    return kind;
  }

  /** Returns how much smaller thumbnails are. */
  public Reduction reduction() {
    return reduction;
  }

  @Override
  public Tensor forward(Tensor x) {
    return Ops.clamp(unlimited(x), low, high);
  }

  /**
   * Makes the same thumbnails as {@link #forward}, but with the gradients of thumbnails that are
   * not cut off (a straight-through estimator, Bengio et al. 2013): what is beyond black and white
   * goes on learning.
   *
   * @param x (n, h, w, 3)
   */
  public Tensor forwardStraightThrough(Tensor x) {
    Tensor unlimited = unlimited(x);
    Tensor limited;
    try (Autograd.NoGrad _ = Autograd.noGrad()) {
      limited = Ops.clamp(unlimited, low, high);
    }
    // The difference is 0, with the gradient of the first of its operands.
    return Ops.add(limited, Ops.sub(unlimited, unlimited.detach()));
  }

  private Tensor unlimited(Tensor x) {
    Shape out = thumbnail(x.shape());
    if (layers != null && !kind.addsBicubic()) {
      return layers.forward(x);
    }
    Tensor ordinary =
        switch (kind) {
          case AREA -> Ops.avgPool2d(x, reduction.side(), reduction.side(), 0, false);
          case NEAREST -> Ops.resize(x, out.dim(1), out.dim(2), Filter.NEAREST);
          default -> Ops.resize(x, out.dim(1), out.dim(2), Filter.BICUBIC_ANTIALIAS);
        };
    return layers == null ? ordinary : Ops.add(ordinary, layers.forward(x));
  }

  private Shape thumbnail(Shape pictures) {
    if (pictures.rank() != 4
        || !reduction.divides(pictures.dim(1))
        || !reduction.divides(pictures.dim(2))) {
      throw new IllegalArgumentException(
          "pictures (n, h, w, c) whose height and width are multiples of "
              + reduction.from()
              + " are needed to make thumbnails, got "
              + pictures);
    }
    return pictures
        .with(1, reduction.reduce(pictures.dim(1)))
        .with(2, reduction.reduce(pictures.dim(2)));
  }
}
