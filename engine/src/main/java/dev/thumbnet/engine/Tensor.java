package dev.thumbnet.engine;

import dev.thumbnet.engine.backend.Storage;
import java.util.Arrays;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A dense, contiguous array of numbers on a {@link Device}, and a variable of the autograd graph.
 * Images have shape (n, h, w, c).
 *
 * <p>Tensors are values: no operation changes its operands; only optimisers and {@link #copyFrom}
 * write in place, into leaves. Reading a tensor from several threads is safe. Memory is reclaimed
 * by the garbage collector, or at once at the end of a {@link TensorScope}; a tensor used after
 * that throws an {@link IllegalStateException}.
 */
public final class Tensor {
  private final Device device;
  private final Shape shape;
  private final @Nullable Storage storage;
  private boolean requiresGrad;
  private @Nullable Tensor grad;
  private @Nullable Op creator;

  /**
   * @param storage none for a placeholder
   */
  private Tensor(Device device, Shape shape, @Nullable Storage storage) {
    this.device = device;
    this.shape = shape;
    this.storage = storage;
  }

  // ---------------------------------------------------------------- making

  /** Returns a tensor with undefined contents: for ops that overwrite all of it. */
  public static Tensor empty(Device device, Shape shape) {
    if (device.isMeta()) {
      return placeholder(device, shape);
    }
    Storage storage = device.backend().allocate(shape.size());
    TensorScope.track(device.backend(), storage);
    return new Tensor(device, shape, storage);
  }

  /** Returns a tensor of zeros. */
  public static Tensor zeros(Device device, int... dims) {
    return full(device, 0, dims);
  }

  /** Returns a tensor whose elements are all {@code value}. */
  public static Tensor full(Device device, double value, int... dims) {
    Tensor t = empty(device, Shape.of(dims));
    if (t.storage != null) {
      device.backend().fill(t.storage, t.size(), value);
    }
    return t;
  }

  /** Returns a scalar: a tensor of shape (). */
  public static Tensor scalar(Device device, double value) {
    return full(device, value);
  }

  /**
   * Returns a tensor with a copy of the values.
   *
   * @throws IllegalArgumentException if there are not as many values as the shape has elements
   */
  public static Tensor of(Device device, float[] values, int... dims) {
    Tensor t = empty(device, Shape.of(dims));
    t.copyFrom(values);
    return t;
  }

  /** As {@link #of(Device, float[], int...)}, for doubles. */
  public static Tensor of(Device device, double[] values, int... dims) {
    Tensor t = empty(device, Shape.of(dims));
    t.copyFrom(values);
    return t;
  }

  /**
   * Returns a tensor that has a shape but no numbers. Ops that can be traced take it and give
   * another; so the shapes and ops of a forward pass are found out without computing anything.
   * Asking for its numbers throws an {@link IllegalStateException}.
   */
  public static Tensor placeholder(Device device, Shape shape) {
    return new Tensor(device, shape, null);
  }

  // ---------------------------------------------------------------- looking

  /** Returns the device that holds the numbers. */
  public Device device() {
    return device;
  }

  /** Returns the shape. */
  public Shape shape() {
    return shape;
  }

  /** Returns the extent of an axis; negative numbers count from the end. */
  public int dim(int axis) {
    return shape.dim(axis);
  }

  /** Returns the number of elements. */
  public int size() {
    return shape.size();
  }

  /** Tells whether this is a {@link #placeholder}, without numbers. */
  public boolean isPlaceholder() {
    return storage == null;
  }

  /** Returns the opaque handle that backends work on: for ops, not for applications. */
  public Storage storage() {
    checkUsable();
    if (storage == null) {
      throw new IllegalStateException(
          "a placeholder of shape "
              + shape
              + " has no numbers; what depends on the numbers of an input cannot be traced");
    }
    return storage;
  }

  /** Returns a copy of the elements, rounded to float if the device computes in double. */
  public float[] toArray() {
    float[] values = new float[size()];
    device.backend().download(storage(), 0, values, 0, values.length);
    return values;
  }

  /** Returns a copy of the elements in double precision. */
  public double[] toDoubleArray() {
    double[] values = new double[size()];
    device.backend().download(storage(), 0, values, 0, values.length);
    return values;
  }

  /**
   * Returns the only element.
   *
   * @throws IllegalStateException if there are more
   */
  public double item() {
    if (size() != 1) {
      throw new IllegalStateException("item() needs one element, but the shape is " + shape);
    }
    return toDoubleArray()[0];
  }

  /** Copies values into this tensor. Only for leaves; the graph does not see it. */
  public void copyFrom(float[] values) {
    checkWritable(values.length);
    if (!device.isMeta()) {
      device.backend().upload(values, 0, storage(), 0, values.length);
    }
  }

  /** Copies values into this tensor. Only for leaves; the graph does not see it. */
  public void copyFrom(double[] values) {
    checkWritable(values.length);
    if (!device.isMeta()) {
      device.backend().upload(values, 0, storage(), 0, values.length);
    }
  }

  /** Copies another tensor of the same shape and device into this one. Only for leaves. */
  public void copyFrom(Tensor source) {
    if (source.device != device || !source.shape.equals(shape)) {
      throw new IllegalArgumentException("cannot copy " + source + " into " + this);
    }
    checkWritable(source.size());
    device.backend().copyRows(1, size(), source.storage(), 0, 0, storage(), 0, 0);
  }

  /**
   * Overwrites each element, in row-major order, with the next number of a source. Only for leaves;
   * the graph does not see it.
   */
  public void fill(DoubleSupplier source) {
    checkWritable(size());
    // In pieces, because a copy in double of a large layer's weights would take a gigabyte.
    double[] piece = new double[Math.min(size(), 1 << 16)];
    for (int from = 0; from < size(); from += piece.length) {
      int length = Math.min(piece.length, size() - from);
      for (int i = 0; i < length; i++) {
        piece[i] = source.getAsDouble();
      }
      device.backend().upload(piece, 0, storage(), from, length);
    }
  }

  private void checkWritable(int length) {
    if (length != size()) {
      throw new IllegalArgumentException(
          length + " values for a tensor of shape " + shape + " with " + size() + " elements");
    }
    if (creator != null) {
      throw new IllegalStateException(
          "the result of an op cannot be overwritten; detach() it first");
    }
  }

  /** Returns an independent copy without history. */
  public Tensor copy() {
    Tensor t = empty(device, shape);
    device.backend().copyRows(1, size(), storage(), 0, 0, t.storage(), 0, 0);
    return t;
  }

  /** Returns a copy without history on another device, or this tensor if it is there already. */
  public Tensor to(Device target) {
    return target == device ? this : of(target, toDoubleArray(), shape.toArray());
  }

  /** Returns the same numbers as a constant without history. */
  public Tensor detach() {
    return isPlaceholder() ? placeholder(device, shape) : new Tensor(device, shape, storage());
  }

  // ---------------------------------------------------------------- gradients

  /** Tells whether a gradient is wanted for this tensor: a leaf that asked, or a result of one. */
  public boolean requiresGrad() {
    return requiresGrad;
  }

  /** Asks, or stops asking, for a gradient of this leaf. */
  public Tensor requiresGrad(boolean wanted) {
    if (creator != null && !wanted) {
      throw new IllegalStateException("only leaves can stop wanting a gradient; use detach()");
    }
    requiresGrad = wanted;
    return this;
  }

  /** Returns the gradient of this leaf that backward passes added up. */
  public @Nullable Tensor grad() {
    return grad;
  }

  /** Drops the gradient; its memory goes back to the pool. */
  public void zeroGrad() {
    if (grad != null) {
      grad.release();
      grad = null;
    }
  }

  /**
   * Computes the gradient of this scalar for every leaf that wants one and adds it to the leaf's
   * {@link #grad}. The graph is freed on the way, so it works once per forward pass.
   *
   * @throws IllegalStateException if this is no scalar or has no history
   */
  public void backward() {
    if (size() != 1) {
      throw new IllegalStateException(
          "backward() needs a scalar, but the shape is "
              + shape
              + "; give the gradient to start from");
    }
    backwardFrom(full(device, 1, shape.toArray()));
  }

  /** As {@link #backward()}, for any shape, starting from a given gradient of this tensor. */
  public void backward(Tensor gradient) {
    if (!gradient.shape.equals(shape) || gradient.device != device) {
      throw new IllegalArgumentException("gradient " + gradient + " does not fit " + this);
    }
    backwardFrom(gradient.copy());
  }

  private void backwardFrom(Tensor seed) {
    if (!requiresGrad) {
      throw new IllegalStateException(
          "this tensor has no history: nothing it was computed from wants a gradient,"
              + " or it was computed under noGrad()");
    }
    Autograd.backward(this, seed);
  }

  @Nullable Op creator() {
    return creator;
  }

  void setCreator(Op op) {
    creator = op;
    requiresGrad = true;
  }

  void adoptGrad(Tensor gradient) {
    grad = gradient.keep();
  }

  void accumulateGrad(Tensor gradient) {
    if (grad == null) {
      grad = gradient.copy().keep();
    } else {
      device
          .backend()
          .linearCombination(size(), 1, grad.storage(), 1, gradient.storage(), grad.storage());
    }
  }

  Tensor plus(Tensor other) {
    Tensor sum = empty(device, shape);
    device.backend().linearCombination(size(), 1, storage(), 1, other.storage(), sum.storage());
    return sum;
  }

  // ---------------------------------------------------------------- memory

  /** Takes this tensor out of all scopes: from now on only the garbage collector reclaims it. */
  public Tensor keep() {
    checkUsable();
    if (storage != null) {
      TensorScope.untrack(storage);
    }
    return this;
  }

  /** Gives the memory back at once. Any later use of this tensor throws. */
  public void release() {
    if (storage != null) {
      device.backend().release(storage);
    }
  }

  void checkUsable() {
    if (storage != null && storage.released()) {
      throw new IllegalStateException(
          "tensor of shape "
              + shape
              + " was released: its TensorScope is closed; keep() what must outlive a scope");
    }
  }

  /** Returns shape, device and, for small tensors, the values. */
  @Override
  public String toString() {
    String text = "Tensor" + shape + " on " + device.name();
    if (storage == null) {
      return text + " (placeholder)";
    }
    if (storage.released()) {
      return text + " (released)";
    }
    return size() <= 16 ? text + " " + Arrays.toString(toDoubleArray()) : text;
  }
}
