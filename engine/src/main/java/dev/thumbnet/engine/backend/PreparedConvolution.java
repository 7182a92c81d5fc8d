package dev.thumbnet.engine.backend;

import org.jspecify.annotations.Nullable;

/**
 * A convolution whose weights no longer change, made ready by {@link Compilation#prepare} or {@link
 * Compilation#prepareTransposed}: they are packed or transformed once, in a copy of its own.
 * Immutable; any number of threads may use it.
 *
 * @param <S> the storages, see {@link Primitives}
 */
public interface PreparedConvolution<S extends Storage> {
  /**
   * Ties the convolution to its operands, with everything that depends on them worked out. What is
   * returned computes y = conv(x) + bias, plus the residual if there is one, and then max(·, 0) if
   * the convolution was prepared so; it allocates nothing, and runs as often as wanted, in one
   * thread at a time.
   *
   * @param n pictures, at most as many as the convolution was prepared for
   * @param x (n, h, w, c); of a transposed convolution (n, outH, outW, k)
   * @param residual of the shape of y
   * @param y (n, outH, outW, k) or, of a transposed convolution, (n, h, w, c); not x, but may be
   *     the residual
   */
  Runnable bind(int n, S x, @Nullable S residual, S y);

  /**
   * Returns the same convolution, with the same weights, for the kernels of another backend.
   *
   * @param other the backend that prepared it, or that one's {@link Backend#cold}
   */
  default PreparedConvolution<S> on(Compilation<S> other) {
    return this;
  }

  /** Returns the name of the algorithm. */
  String algorithm();

  /** Returns the bytes that the prepared weights take. */
  long weightBytes();
}
