package dev.thumbnet.engine.nn;

import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.backend.PoolProblem;

/** Shapes of the results of layers that change the size of images. */
final class Shapes {
  private Shapes() {}

  static Shape pooled(Shape x, int kernel, int stride, int padding) {
    checkImages(x);
    PoolProblem p = PoolProblem.of(x.dim(0), x.dim(1), x.dim(2), x.dim(3), kernel, stride, padding);
    return resized(x, p.outH(), p.outW());
  }

  static Shape resized(Shape x, int h, int w) {
    checkImages(x);
    return x.with(1, h).with(2, w);
  }

  private static void checkImages(Shape x) {
    if (x.rank() != 4) {
      throw new IllegalArgumentException("images are (n, h, w, c), but the shape is " + x);
    }
  }
}
