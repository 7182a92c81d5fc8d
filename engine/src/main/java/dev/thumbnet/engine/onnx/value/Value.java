package dev.thumbnet.engine.onnx.value;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.onnx.file.ValueInfo;

/** What a node takes or gives. */
public sealed interface Value {
  /** Returns the extents as the file counts axes. */
  int[] dims();

  /**
   * Numbers that depend on the input, or on weights.
   *
   * @param tensor has the elements in the arrangement's order; each of its axes is an atom, several
   *     or none
   * @param arrangement where the axes are
   */
  record Live(Tensor tensor, Arrangement arrangement) implements Value {
    @Override
    public int[] dims() {
      return arrangement.dims();
    }
  }

  /**
   * A constant that becomes a tensor when somebody says in which order he needs it.
   *
   * @param literal the numbers
   * @param arrangement where the axes are in the file
   */
  record Weight(Literal literal, Arrangement arrangement) implements Value {
    /** A weight as it is in the file. */
    public Weight(Literal literal) {
      this(literal, Arrangement.rows(literal.dims()));
    }

    @Override
    public int[] dims() {
      return arrangement.dims();
    }
  }

  /**
   * A few numbers that are known while a graph is run, such as extents.
   *
   * @param whole whether they are whole numbers or truth values, 0 or 1
   * @param dims extents
   * @param values in row-major order
   */
  record Numbers(boolean whole, int[] dims, double[] values) implements Value {
    /** Most numbers that are worked out so; what is larger is no matter of shapes. */
    public static final int MOST = 1 << 13;

    /** Refuses more axes than any network has. */
    public Numbers {
      if (dims.length > ValueInfo.MOST_AXES) {
        throw new IllegalArgumentException("it wants " + dims.length + " axes");
      }
    }

    /** A list of whole numbers. */
    public static Numbers list(int... values) {
      double[] numbers = new double[values.length];
      for (int i = 0; i < values.length; i++) {
        numbers[i] = values[i];
      }
      return new Numbers(true, new int[] {values.length}, numbers);
    }

    /** A whole number. */
    public static Numbers scalar(int value) {
      return new Numbers(true, new int[0], new double[] {value});
    }
  }
}
