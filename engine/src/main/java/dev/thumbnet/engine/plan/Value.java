package dev.thumbnet.engine.plan;

import dev.thumbnet.engine.Shape;

/** What a step of a plan computes, or the plan's input; the first axis counts pictures. */
final class Value {
  final Shape shape;

  /** The step that computes it; null for the input. */
  Step producer;

  /** The number of the buffer that holds it. */
  int slot = -1;

  Value(Shape shape) {
    this.shape = shape;
  }

  /** Returns the elements for one picture. */
  int perPicture() {
    return shape.size() / shape.dim(0);
  }
}
