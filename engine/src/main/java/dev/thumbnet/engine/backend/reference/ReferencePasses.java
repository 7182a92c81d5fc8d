package dev.thumbnet.engine.backend.reference;

import dev.thumbnet.engine.backend.Passes;
import dev.thumbnet.engine.backend.problem.AxisProblem;
import dev.thumbnet.engine.backend.problem.BatchNormProblem;
import dev.thumbnet.engine.backend.problem.GatherProblem;
import dev.thumbnet.engine.backend.problem.PoolProblem;
import dev.thumbnet.engine.backend.problem.ResizeProblem;
import dev.thumbnet.engine.backend.problem.TransposeProblem;
import dev.thumbnet.engine.backend.problem.Unary;

/** Those primitives that inference needs, as plain loops. */
class ReferencePasses implements Passes<ReferenceStorage> {
  @Override
  public void linearCombination(
      int length,
      double alpha,
      ReferenceStorage a,
      double beta,
      ReferenceStorage b,
      ReferenceStorage out) {
    Elementwise.linearCombination(length, alpha, a.data(), beta, b.data(), out.data());
  }

  @Override
  public void affine(
      int length, double scale, ReferenceStorage x, double shift, ReferenceStorage out) {
    Elementwise.affine(length, scale, x.data(), shift, out.data());
  }

  @Override
  public void multiply(int length, ReferenceStorage a, ReferenceStorage b, ReferenceStorage out) {
    Elementwise.multiply(length, a.data(), b.data(), out.data());
  }

  @Override
  public void divide(int length, ReferenceStorage a, ReferenceStorage b, ReferenceStorage out) {
    Elementwise.divide(length, a.data(), b.data(), out.data());
  }

  @Override
  public void addRelu(int length, ReferenceStorage a, ReferenceStorage b, ReferenceStorage out) {
    Elementwise.addRelu(length, a.data(), b.data(), out.data());
  }

  @Override
  public void maximum(int length, ReferenceStorage a, ReferenceStorage b, ReferenceStorage out) {
    Elementwise.maximum(length, a.data(), b.data(), out.data());
  }

  @Override
  public void minimum(int length, ReferenceStorage a, ReferenceStorage b, ReferenceStorage out) {
    Elementwise.minimum(length, a.data(), b.data(), out.data());
  }

  @Override
  public void unary(Unary f, int length, ReferenceStorage x, ReferenceStorage y) {
    Elementwise.unary(f, length, x.data(), y.data());
  }

  @Override
  public void leakyRelu(int length, double slope, ReferenceStorage x, ReferenceStorage y) {
    Elementwise.leakyRelu(length, slope, x.data(), y.data());
  }

  @Override
  public void elu(
      int length, double scale, double alpha, double rate, ReferenceStorage x, ReferenceStorage y) {
    Elementwise.elu(length, scale, alpha, rate, x.data(), y.data());
  }

  @Override
  public void broadcastAdd(
      AxisProblem p,
      ReferenceStorage big,
      double scale,
      ReferenceStorage small,
      ReferenceStorage out) {
    Broadcasts.broadcastAdd(p, big.data(), scale, small.data(), out.data());
  }

  @Override
  public void broadcastMultiply(
      AxisProblem p, ReferenceStorage big, ReferenceStorage small, ReferenceStorage out) {
    Broadcasts.broadcastMultiply(p, big.data(), small.data(), out.data());
  }

  @Override
  public void clamp(
      AxisProblem p,
      ReferenceStorage x,
      ReferenceStorage low,
      ReferenceStorage high,
      ReferenceStorage y) {
    Broadcasts.clamp(p, x.data(), low.data(), high.data(), y.data());
  }

  @Override
  public void broadcast(AxisProblem p, double scale, ReferenceStorage small, ReferenceStorage out) {
    Broadcasts.broadcast(p, scale, small.data(), out.data());
  }

  @Override
  public void sum(AxisProblem p, double scale, ReferenceStorage big, ReferenceStorage small) {
    Broadcasts.sum(p, scale, big.data(), small.data());
  }

  @Override
  public void batchNormEval(
      BatchNormProblem p,
      ReferenceStorage x,
      ReferenceStorage gamma,
      ReferenceStorage beta,
      ReferenceStorage mean,
      ReferenceStorage variance,
      ReferenceStorage y) {
    BatchNorm.normalize(
        p, x.data(), gamma.data(), beta.data(), mean.data(), variance.data(), y.data());
  }

  @Override
  public void maxPool(PoolProblem p, ReferenceStorage x, ReferenceStorage y) {
    Pooling.max(p, x.data(), y.data());
  }

  @Override
  public void averagePool(PoolProblem p, boolean countPad, ReferenceStorage x, ReferenceStorage y) {
    Pooling.average(p, countPad, x.data(), y.data());
  }

  @Override
  public void resize(ResizeProblem p, ReferenceStorage x, ReferenceStorage y) {
    Resizing.forward(p, x.data(), y.data());
  }

  @Override
  public void softmax(int rows, int cols, ReferenceStorage x, ReferenceStorage y) {
    Softmax.softmax(rows, cols, x.data(), y.data());
  }

  @Override
  public void logSoftmax(int rows, int cols, ReferenceStorage x, ReferenceStorage y) {
    Softmax.logSoftmax(rows, cols, x.data(), y.data());
  }

  @Override
  public void transpose(TransposeProblem p, ReferenceStorage x, ReferenceStorage y) {
    Rearrangement.transpose(p, x.data(), y.data());
  }

  @Override
  public void gather(GatherProblem p, double value, ReferenceStorage x, ReferenceStorage y) {
    Rearrangement.gather(p, value, x.data(), y.data());
  }
}
