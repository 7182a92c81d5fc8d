package dev.thumbnet.engine.backend.cuda;

import dev.thumbnet.engine.backend.Passes;
import dev.thumbnet.engine.backend.problem.AxisProblem;
import dev.thumbnet.engine.backend.problem.BatchNormProblem;
import dev.thumbnet.engine.backend.problem.GatherProblem;
import dev.thumbnet.engine.backend.problem.PoolProblem;
import dev.thumbnet.engine.backend.problem.ResizeProblem;
import dev.thumbnet.engine.backend.problem.TransposeProblem;
import dev.thumbnet.engine.backend.problem.Unary;

/** Hands those primitives that inference needs to the class that queues the work. */
class CudaPasses implements Passes<CudaStorage> {
  final CudaQueue queue;
  final CudaCopies copies;
  final CudaElementwise elementwise;
  final CudaBroadcasts broadcasts;
  final CudaBatchNorm batchNorm;
  final CudaPooling pooling;
  final CudaResizing resizing;
  final CudaSoftmax softmax;

  CudaPasses(CudaQueue queue) {
    this.queue = queue;
    copies = new CudaCopies(queue);
    elementwise = new CudaElementwise(queue);
    broadcasts = new CudaBroadcasts(queue);
    batchNorm = new CudaBatchNorm(queue, broadcasts);
    pooling = new CudaPooling(queue);
    resizing = new CudaResizing(queue);
    softmax = new CudaSoftmax(queue);
  }

  @Override
  public void linearCombination(
      int length, double alpha, CudaStorage a, double beta, CudaStorage b, CudaStorage out) {
    queue.run(() -> elementwise.linearCombination(length, alpha, a, beta, b, out));
  }

  @Override
  public void affine(int length, double scale, CudaStorage x, double shift, CudaStorage out) {
    queue.run(() -> elementwise.affine(length, scale, x, shift, out));
  }

  @Override
  public void multiply(int length, CudaStorage a, CudaStorage b, CudaStorage out) {
    queue.run(() -> elementwise.multiply(length, a, b, out));
  }

  @Override
  public void divide(int length, CudaStorage a, CudaStorage b, CudaStorage out) {
    queue.run(() -> elementwise.divide(length, a, b, out));
  }

  @Override
  public void addRelu(int length, CudaStorage a, CudaStorage b, CudaStorage out) {
    queue.run(() -> elementwise.addRelu(length, a, b, out));
  }

  @Override
  public void maximum(int length, CudaStorage a, CudaStorage b, CudaStorage out) {
    queue.run(() -> elementwise.maximum(length, a, b, out));
  }

  @Override
  public void minimum(int length, CudaStorage a, CudaStorage b, CudaStorage out) {
    queue.run(() -> elementwise.minimum(length, a, b, out));
  }

  @Override
  public void unary(Unary f, int length, CudaStorage x, CudaStorage y) {
    queue.run(() -> elementwise.unary(f, length, x, y));
  }

  @Override
  public void leakyRelu(int length, double slope, CudaStorage x, CudaStorage y) {
    queue.run(() -> elementwise.leakyRelu(length, slope, x, y));
  }

  @Override
  public void elu(
      int length, double scale, double alpha, double rate, CudaStorage x, CudaStorage y) {
    queue.run(() -> elementwise.elu(length, scale, alpha, rate, x, y));
  }

  @Override
  public void broadcastAdd(
      AxisProblem p, CudaStorage big, double scale, CudaStorage small, CudaStorage out) {
    queue.run(() -> broadcasts.broadcastAdd(p, big, scale, small, out));
  }

  @Override
  public void broadcastMultiply(
      AxisProblem p, CudaStorage big, CudaStorage small, CudaStorage out) {
    queue.run(() -> broadcasts.broadcastMultiply(p, big, small, out));
  }

  @Override
  public void clamp(
      AxisProblem p, CudaStorage x, CudaStorage low, CudaStorage high, CudaStorage y) {
    queue.run(() -> broadcasts.clamp(p, x, low, high, y));
  }

  @Override
  public void broadcast(AxisProblem p, double scale, CudaStorage small, CudaStorage out) {
    queue.run(() -> broadcasts.broadcast(p, scale, small, out));
  }

  @Override
  public void sum(AxisProblem p, double scale, CudaStorage big, CudaStorage small) {
    queue.run(() -> broadcasts.sum(p, scale, big, small));
  }

  @Override
  public void batchNormEval(
      BatchNormProblem p,
      CudaStorage x,
      CudaStorage gamma,
      CudaStorage beta,
      CudaStorage mean,
      CudaStorage variance,
      CudaStorage y) {
    queue.run(() -> batchNorm.eval(p, x, gamma, beta, mean, variance, y));
  }

  @Override
  public void maxPool(PoolProblem p, CudaStorage x, CudaStorage y) {
    queue.run(() -> pooling.max(p, x, y));
  }

  @Override
  public void averagePool(PoolProblem p, boolean countPad, CudaStorage x, CudaStorage y) {
    queue.run(() -> pooling.average(p, countPad, x, y));
  }

  @Override
  public void resize(ResizeProblem p, CudaStorage x, CudaStorage y) {
    queue.run(() -> resizing.forward(p, x, y));
  }

  @Override
  public void softmax(int rows, int cols, CudaStorage x, CudaStorage y) {
    queue.run(() -> softmax.softmax(rows, cols, x, y));
  }

  @Override
  public void logSoftmax(int rows, int cols, CudaStorage x, CudaStorage y) {
    queue.run(() -> softmax.logSoftmax(rows, cols, x, y));
  }

  @Override
  public void transpose(TransposeProblem p, CudaStorage x, CudaStorage y) {
    queue.run(() -> copies.transpose(p, x, y));
  }

  @Override
  public void gather(GatherProblem p, double value, CudaStorage x, CudaStorage y) {
    queue.run(() -> resizing.gather(p, value, x, y));
  }
}
