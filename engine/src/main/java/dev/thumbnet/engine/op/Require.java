package dev.thumbnet.engine.op;

import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;

/** Checks of shapes, whose messages name the operation, the numbers and what was expected. */
final class Require {
  private Require() {}

  static void rank(String op, String what, Shape shape, String layout, int rank) {
    if (shape.rank() != rank) {
      throw new IllegalArgumentException(
          op + ": " + what + " must be " + layout + ", but has shape " + shape);
    }
  }

  static void shape(String op, String what, Tensor t, int... dims) {
    if (!t.shape().equals(Shape.of(dims))) {
      throw new IllegalArgumentException(
          op + ": " + what + " must have shape " + Shape.of(dims) + ", but has " + t.shape());
    }
  }

  static void sameShape(String op, Tensor a, Tensor b) {
    if (!a.shape().equals(b.shape())) {
      throw new IllegalArgumentException(
          op + ": shapes must be equal, but are " + a.shape() + " and " + b.shape());
    }
  }

  static void lastAxis(String op, Tensor x) {
    if (x.shape().rank() == 0 || x.size() == 0) {
      throw new IllegalArgumentException(
          op + ": x must have a last axis to work along, but has shape " + x.shape());
    }
  }
}
