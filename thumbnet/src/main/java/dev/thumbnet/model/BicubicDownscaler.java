package dev.thumbnet.model;

import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.ResizeProblem.Filter;
import dev.thumbnet.engine.nn.CostCounter;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.op.Ops;

/** Shrinks by antialiased bicubic resampling, as Pillow does: (n, h, w, c) to (n, h/f, w/f, c). */
final class BicubicDownscaler extends Module {
  private final int factor;

  BicubicDownscaler(int factor) {
    this.factor = factor;
  }

  @Override
  public Tensor forward(Tensor x) {
    Shape out = thumbnail(x.shape(), factor);
    return Ops.resize(x, out.dim(1), out.dim(2), Filter.BICUBIC_ANTIALIAS);
  }

  @Override
  public Shape count(Shape input, CostCounter counter) {
    return counter.layer(0, thumbnail(input, factor));
  }

  /** Returns the shape of thumbnails. */
  static Shape thumbnail(Shape pictures, int factor) {
    if (pictures.rank() != 4 || pictures.dim(1) % factor != 0 || pictures.dim(2) % factor != 0) {
      throw new IllegalArgumentException(
          "pictures (n, h, w, c) whose height and width are multiples of "
              + factor
              + " are needed to make thumbnails, got "
              + pictures);
    }
    return pictures.with(1, pictures.dim(1) / factor).with(2, pictures.dim(2) / factor);
  }
}
