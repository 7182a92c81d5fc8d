package dev.thumbnet.engine.onnx.file;

/** The value of an attribute of a node. */
public sealed interface Attribute {
  /** A whole number. */
  record Whole(long value) implements Attribute {}

  /** A number. */
  record Real(double value) implements Attribute {}

  /** Text. */
  record Text(String value) implements Attribute {}

  /** Whole numbers. */
  record Wholes(long[] values) implements Attribute {}

  /** Numbers. */
  record Reals(double[] values) implements Attribute {}

  /** A tensor. */
  record Numbers(TensorData value) implements Attribute {}

  /**
   * What is not read.
   *
   * @param what its kind
   */
  record Other(String what) implements Attribute {}
}
