package dev.thumbnet.engine.plan;

import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What a step of a plan computes, or the plan's input; the first axis counts pictures. Or a
 * constant of the module that is an operand like these.
 */
final class Value {
  final Shape shape;

  /** The numbers of a constant, which belong to the plan. */
  final @Nullable Tensor constant;

  /** The step that computes it; none computes the input and constants. */
  @Nullable Step producer;

  /** The number of the buffer that holds it; −1 for a constant. */
  int slot = -1;

  Value(Shape shape) {
    this(shape, null);
  }

  private Value(Shape shape, @Nullable Tensor constant) {
    this.shape = shape;
    this.constant = constant;
  }

  static Value constant(Tensor numbers) {
    return new Value(numbers.shape(), numbers);
  }

  boolean isConstant() {
    return constant != null;
  }

  /** Tells whether another value has the same shape and the same place; constants are all alike. */
  boolean sameAs(Value other) {
    return shape.equals(other.shape) && slot == other.slot;
  }

  /** Returns the elements for one picture. */
  int perPicture() {
    return shape.size() / shape.dim(0);
  }
}
