package dev.thumbnet.engine.backend.cuda;

import static dev.thumbnet.engine.backend.cuda.CudaQueue.real;
import static dev.thumbnet.engine.backend.cuda.ElementType.F32;

import dev.thumbnet.engine.backend.problem.AxisProblem;

/**
 * Broadcasts of a small array over a large one and reductions of the large one to the small. The
 * small one is always F32.
 */
final class CudaBroadcasts {
  /** Up to so many rows are added up by one thread. */
  private static final int FEW_ROWS = 32;

  private final CudaQueue queue;

  CudaBroadcasts(CudaQueue queue) {
    this.queue = queue;
  }

  private static int span(AxisProblem p) {
    return p.repeat() * p.inner();
  }

  void broadcastAdd(
      AxisProblem p, CudaStorage big, double scale, CudaStorage small, CudaStorage out) {
    ElementType type = big.element();
    int n = p.bigSize();
    long from = queue.read(big, n, type);
    long added = queue.read(small, p.smallSize(), F32);
    long to = queue.write(out, type);
    queue.launchPacks(
        "broadcast_add", type, n, n, span(p), p.inner(), from, real(scale), added, to);
  }

  void broadcastMultiply(AxisProblem p, CudaStorage big, CudaStorage small, CudaStorage out) {
    ElementType type = big.element();
    int n = p.bigSize();
    long from = queue.read(big, n, type);
    long factors = queue.read(small, p.smallSize(), F32);
    long to = queue.write(out, type);
    queue.launchPacks("broadcast_multiply", type, n, n, span(p), p.inner(), from, factors, to);
  }

  void clamp(AxisProblem p, CudaStorage x, CudaStorage low, CudaStorage high, CudaStorage y) {
    ElementType type = x.element();
    int n = p.bigSize();
    long from = queue.read(x, n, type);
    long least = queue.read(low, p.smallSize(), F32);
    long most = queue.read(high, p.smallSize(), F32);
    long to = queue.write(y, type);
    queue.launchPacks("clamp", type, n, n, span(p), p.inner(), from, least, most, to);
  }

  void clampBackward(
      AxisProblem p,
      CudaStorage x,
      CudaStorage low,
      CudaStorage high,
      CudaStorage dy,
      CudaStorage dx) {
    ElementType type = x.element();
    int n = p.bigSize();
    long from = queue.read(x, n, type);
    long least = queue.read(low, p.smallSize(), F32);
    long most = queue.read(high, p.smallSize(), F32);
    long gradient = queue.read(dy, n, type);
    long to = queue.write(dx, type);
    queue.launchPacks(
        "clamp_backward", type, n, n, span(p), p.inner(), from, least, most, gradient, to);
  }

  void broadcast(AxisProblem p, double scale, CudaStorage small, CudaStorage out) {
    int n = p.bigSize();
    long from = queue.read(small, p.smallSize(), F32);
    long to = queue.write(out, F32);
    queue.launch("broadcast", n, n, span(p), p.inner(), real(scale), from, to);
  }

  void sum(AxisProblem p, double scale, CudaStorage big, CudaStorage small) {
    ElementType type = big.element();
    long from = queue.read(big, p.bigSize(), type);
    reduce("sum", type, p, scale, queue.write(small, F32), from);
  }

  void sumOfProducts(AxisProblem p, double scale, CudaStorage a, CudaStorage b, CudaStorage small) {
    ElementType type = ElementType.common(a, b);
    long left = queue.read(a, p.bigSize(), type);
    long right = queue.read(b, p.bigSize(), type);
    reduce("sum_of_products", type, p, scale, queue.write(small, F32), left, right);
  }

  private void reduce(
      String entry, ElementType type, AxisProblem p, double scale, long out, long... operands) {
    Chunks chunks = Chunks.of(p);
    if (chunks.count() == 1) {
      reduceWhole(entry, type, p, scale, out, operands);
      return;
    }
    AxisProblem ofChunks = new AxisProblem(p.outer(), chunks.count(), p.inner());
    long partial = queue.scratchFloats(ofChunks.bigSize());
    reduce(entry, type, p, chunks, 1, partial, operands);
    sumOfChunks(ofChunks, scale, partial, out);
  }

  /** Adds up the partial sums of chunks. */
  void sumOfChunks(AxisProblem p, double scale, long partial, long out) {
    reduceWhole("sum", F32, p, scale, out, partial);
  }

  private void reduceWhole(
      String entry, ElementType type, AxisProblem p, double scale, long out, long... operands) {
    if (p.repeat() > FEW_ROWS) {
      reduce(entry, type, p, Chunks.whole(p), scale, out, operands);
      return;
    }
    long[] shape = {p.smallSize(), p.repeat(), p.inner(), real(scale)};
    queue.launch(
        entry + "_few_rows" + type.suffix(), p.smallSize(), arguments(shape, operands, out));
  }

  private void reduce(
      String entry,
      ElementType type,
      AxisProblem p,
      Chunks c,
      double scale,
      long out,
      long... operands) {
    long[] shape = {p.repeat(), p.inner(), c.lanes(), c.rows(), c.count(), real(scale)};
    queue.launchBlocks(
        entry + type.suffix(), c.blocks(), Chunks.THREADS, arguments(shape, operands, out));
  }

  private static long[] arguments(long[] shape, long[] operands, long out) {
    long[] all = new long[shape.length + operands.length + 1];
    System.arraycopy(shape, 0, all, 0, shape.length);
    System.arraycopy(operands, 0, all, shape.length, operands.length);
    all[all.length - 1] = out;
    return all;
  }
}
