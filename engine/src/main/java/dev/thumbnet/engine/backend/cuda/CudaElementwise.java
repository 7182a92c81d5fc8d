package dev.thumbnet.engine.backend.cuda;

import static dev.thumbnet.engine.backend.cuda.CudaQueue.real;
import static dev.thumbnet.engine.backend.cuda.ElementType.F32;

import dev.thumbnet.engine.backend.problem.Unary;

/**
 * Functions of one element of each operand. A function of one array, and a gradient, have the
 * element type of the array that the function is of; what combines two arrays is BF16 if both are.
 */
final class CudaElementwise {
  private final CudaQueue queue;

  CudaElementwise(CudaQueue queue) {
    this.queue = queue;
  }

  void linearCombination(
      int length, double alpha, CudaStorage a, double beta, CudaStorage b, CudaStorage out) {
    ElementType type = ElementType.common(a, b);
    long left = queue.read(a, length, type);
    long right = queue.read(b, length, type);
    long to = queue.write(out, type);
    queue.launchPacks(
        "linear_combination", type, length, length, real(alpha), left, real(beta), right, to);
  }

  void affine(int length, double scale, CudaStorage x, double shift, CudaStorage out) {
    ElementType type = x.element();
    long from = queue.read(x, length, type);
    long to = queue.write(out, type);
    queue.launchPacks("affine", type, length, length, real(scale), from, real(shift), to);
  }

  void multiply(int length, CudaStorage a, CudaStorage b, CudaStorage out) {
    combine("multiply", length, a, b, out);
  }

  void divide(int length, CudaStorage a, CudaStorage b, CudaStorage out) {
    combine("divide", length, a, b, out);
  }

  void maximum(int length, CudaStorage a, CudaStorage b, CudaStorage out) {
    combine("maximum", length, a, b, out);
  }

  void minimum(int length, CudaStorage a, CudaStorage b, CudaStorage out) {
    combine("minimum", length, a, b, out);
  }

  void maximumBackward(int length, CudaStorage a, CudaStorage b, CudaStorage dy, CudaStorage da) {
    ElementType type = ElementType.common(a, b);
    long left = queue.read(a, length, type);
    long right = queue.read(b, length, type);
    long gradient = queue.read(dy, length, type);
    long to = queue.write(da, type);
    queue.launch("maximum_backward" + type.suffix(), length, length, left, right, gradient, to);
  }

  void addRelu(int length, CudaStorage a, CudaStorage b, CudaStorage out) {
    combine("add_relu", length, a, b, out);
  }

  private void combine(String entry, int length, CudaStorage a, CudaStorage b, CudaStorage out) {
    ElementType type = ElementType.common(a, b);
    long left = queue.read(a, length, type);
    long right = queue.read(b, length, type);
    queue.launchPacks(entry, type, length, length, left, right, queue.write(out, type));
  }

  void unary(Unary f, int length, CudaStorage x, CudaStorage y) {
    ElementType type = x.element();
    long from = queue.read(x, length, type);
    queue.launchPacks("unary", type, length, f.ordinal(), length, from, queue.write(y, type));
  }

  /**
   * @param v x or y, whichever the derivative is told in
   */
  void unaryBackward(Unary f, int length, CudaStorage v, CudaStorage dy, CudaStorage dx) {
    ElementType type = v.element();
    long value = queue.read(v, length, type);
    long gradient = queue.read(dy, length, type);
    long to = queue.write(dx, type);
    queue.launchPacks("unary_backward", type, length, f.ordinal(), length, value, gradient, to);
  }

  void leakyRelu(int length, double slope, CudaStorage x, CudaStorage y) {
    ElementType type = x.element();
    long from = queue.read(x, length, type);
    queue.launchPacks("leaky_relu", type, length, length, real(slope), from, queue.write(y, type));
  }

  void leakyReluBackward(int length, double slope, CudaStorage x, CudaStorage dy, CudaStorage dx) {
    ElementType type = x.element();
    long value = queue.read(x, length, type);
    long gradient = queue.read(dy, length, type);
    long to = queue.write(dx, type);
    queue.launchPacks(
        "leaky_relu_backward", type, length, length, real(slope), value, gradient, to);
  }

  void elu(int length, double scale, double alpha, double rate, CudaStorage x, CudaStorage y) {
    ElementType type = x.element();
    long from = queue.read(x, length, type);
    long to = queue.write(y, type);
    queue.launchPacks("elu", type, length, length, real(scale), real(alpha), real(rate), from, to);
  }

  void eluBackward(
      int length,
      double scale,
      double alpha,
      double rate,
      CudaStorage x,
      CudaStorage dy,
      CudaStorage dx) {
    ElementType type = x.element();
    long value = queue.read(x, length, type);
    long gradient = queue.read(dy, length, type);
    long to = queue.write(dx, type);
    queue.launchPacks(
        "elu_backward",
        type,
        length,
        length,
        real(scale),
        real(alpha * rate),
        real(rate),
        value,
        gradient,
        to);
  }

  void dropoutMask(int length, long key, double keep, CudaStorage out) {
    long to = queue.write(out, F32);
    queue.launch(
        "dropout_mask", length, length, key, Double.doubleToRawLongBits(keep), real(1 / keep), to);
  }
}
