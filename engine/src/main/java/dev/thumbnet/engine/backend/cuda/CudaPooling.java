package dev.thumbnet.engine.backend.cuda;

import static dev.thumbnet.engine.backend.cuda.CudaQueue.flag;

import dev.thumbnet.engine.backend.problem.PoolProblem;

/**
 * Max and average pooling with sliding windows. Gradients are gathered by the elements that get
 * them, from their windows in order.
 */
final class CudaPooling {
  private final CudaQueue queue;

  CudaPooling(CudaQueue queue) {
    this.queue = queue;
  }

  void max(PoolProblem p, CudaStorage x, CudaStorage y) {
    ElementType type = x.element();
    long from = queue.read(x, p.inputSize(), type);
    launch("max_pool", type, p, p.outputSize(), from, queue.write(y, type));
  }

  void maxBackward(PoolProblem p, CudaStorage x, CudaStorage y, CudaStorage dy, CudaStorage dx) {
    ElementType type = x.element();
    long input = queue.read(x, p.inputSize(), type);
    long output = queue.read(y, p.outputSize(), type);
    long gradient = queue.read(dy, p.outputSize(), type);
    long to = queue.write(dx, type);
    launch("max_pool_backward", type, p, p.inputSize(), input, output, gradient, to);
  }

  void average(PoolProblem p, boolean countPad, CudaStorage x, CudaStorage y) {
    ElementType type = x.element();
    long from = queue.read(x, p.inputSize(), type);
    long to = queue.write(y, type);
    launch("average_pool", type, p, p.outputSize(), flag(countPad), from, to);
  }

  void averageBackward(PoolProblem p, boolean countPad, CudaStorage dy, CudaStorage dx) {
    ElementType type = dy.element();
    long gradient = queue.read(dy, p.outputSize(), type);
    long to = queue.write(dx, type);
    launch("average_pool_backward", type, p, p.inputSize(), flag(countPad), gradient, to);
  }

  /** Queues a kernel that computes {@code n} elements. */
  private void launch(String entry, ElementType type, PoolProblem p, int n, long... operands) {
    long[] geometry = {
      n,
      p.h(),
      p.w(),
      p.c(),
      p.outH(),
      p.outW(),
      p.kh(),
      p.kw(),
      p.strideH(),
      p.strideW(),
      p.pad().top(),
      p.pad().left(),
      p.pad().bottom(),
      p.pad().right(),
      p.dilationH(),
      p.dilationW()
    };
    long[] arguments = new long[geometry.length + operands.length];
    System.arraycopy(geometry, 0, arguments, 0, geometry.length);
    System.arraycopy(operands, 0, arguments, geometry.length, operands.length);
    queue.launch(entry + type.suffix(), n, arguments);
  }
}
