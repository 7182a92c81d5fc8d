package dev.thumbnet.engine.onnx.value;

import dev.thumbnet.engine.onnx.file.TensorData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A constant of a file, or one that is made of a single number. Its numbers are read when they are
 * asked for; after {@link #forget}, only if they are few and somebody had asked before.
 */
public final class Literal {
  private final String name;
  private final int[] dims;
  private final boolean learnt;
  private final double fill;
  private final boolean filled;
  private @Nullable TensorData data;
  private double @Nullable [] kept;

  private Literal(
      String name,
      int[] dims,
      boolean learnt,
      boolean filled,
      double fill,
      @Nullable TensorData data) {
    this.name = name;
    this.dims = dims;
    this.learnt = learnt;
    this.filled = filled;
    this.fill = fill;
    this.data = data;
  }

  /**
   * A tensor of a file.
   *
   * @param name of the value
   * @param learnt whether it is a weight and not a constant for ever
   */
  public static Literal of(String name, TensorData data, boolean learnt) {
    return new Literal(name, data.dims(), learnt && data.type().isFloat(), false, 0, data);
  }

  /** The same number everywhere. */
  public static Literal filled(String name, int[] dims, double number) {
    return new Literal(name, dims, false, true, number, null);
  }

  /** Returns the name. */
  public String name() {
    return name;
  }

  /** Returns a copy of the extents. */
  public int[] dims() {
    return dims.clone();
  }

  /** Tells whether it is learnt. */
  public boolean learnt() {
    return learnt;
  }

  /** Tells whether all numbers are the same, {@link #fill}, and take no memory. */
  boolean filled() {
    return filled;
  }

  /** Returns the number that is everywhere. */
  double fill() {
    return fill;
  }

  private int size() {
    return Arrays.stream(dims).reduce(1, Math::multiplyExact);
  }

  /** Returns the numbers, which are few, in the file's order. */
  public double[] numbers() {
    double[] known = kept;
    if (known == null) {
      if (size() > Value.Numbers.MOST) {
        throw new IllegalArgumentException(
            "constant '" + name + "' has too many numbers where a few are expected");
      }
      known = filled ? new double[size()] : read();
      if (filled) {
        Arrays.fill(known, fill);
      }
      kept = known;
    }
    return known.clone();
  }

  private double[] read() {
    try {
      return data().doubles();
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /** Returns the numbers in the file's order. */
  float[] floats() {
    try {
      return data().floats();
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private TensorData data() {
    if (data == null) {
      throw new IllegalArgumentException(
          "constant '"
              + name
              + "' is needed otherwise than for the shape with which the model was read; read it"
              + " with this shape");
    }
    return data;
  }

  /** Lets go of the file. */
  public void forget() {
    data = null;
  }
}
