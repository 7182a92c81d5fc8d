package dev.thumbnet.engine.plan;

import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.backend.Backend;
import dev.thumbnet.engine.backend.Passes;
import dev.thumbnet.engine.backend.Storage;
import dev.thumbnet.engine.backend.problem.AxisProblem;
import dev.thumbnet.engine.backend.problem.BatchNormProblem;
import dev.thumbnet.engine.backend.problem.GatherProblem;
import dev.thumbnet.engine.backend.problem.GemmProblem;
import dev.thumbnet.engine.backend.problem.PoolProblem;
import dev.thumbnet.engine.backend.problem.ResizeProblem;
import dev.thumbnet.engine.backend.problem.TransposeProblem;
import dev.thumbnet.engine.backend.problem.Unary;
import dev.thumbnet.engine.op.trace.Action;

/** Ties steps to the buffers of a workspace for a number of pictures. */
final class Binder {
  private final Backend backend;
  private final Storage[] slots;
  private final int n;

  Binder(Backend backend, Storage[] slots, int n) {
    this.backend = backend;
    this.slots = slots;
    this.n = n;
  }

  private Storage at(Value value) {
    return value.constant != null ? value.constant.storage() : slots[value.slot];
  }

  /** Returns what runs a step. */
  Runnable bind(Step step) {
    Storage x = at(step.inputs.getFirst());
    Storage y = at(step.output);
    return switch (step.action) {
      case Action.Conv2d _, Action.ConvTranspose2d _, Action.Linear _ ->
          step.prepared()
              .on(backend)
              .bind(n, x, step.addsResidual ? at(step.inputs.getLast()) : null, y);
      case Action.Reshape() -> () -> {};
      case Action.Concat(int axis) -> concat(step, axis);
      case Action.Slice slice -> slice(step, slice);
      case Action.BatchNorm _, Action.Elementwise _, Action.LeakyRelu _, Action.Clamp _ ->
          pass(step, x, y);
      case Action.Affine _, Action.Add _, Action.AddRelu _, Action.Multiply _, Action.Divide _ ->
          pass(step, x, y);
      case Action.BroadcastAdd _, Action.BroadcastMultiply _, Action.Expand _, Action.Sum _ ->
          pass(step, x, y);
      case Action.Softmax _, Action.LogSoftmax _ -> pass(step, x, y);
      case Action.MaxPool _, Action.AveragePool _, Action.Resize _ -> pass(step, x, y);
      case Action.Transpose _, Action.Gather _, Action.Elu _ -> pass(step, x, y);
      case Action.Maximum _, Action.Minimum _, Action.Max _ -> pass(step, x, y);
      case Action.MatMul(int batch, GemmProblem p) -> {
        int pairs = batch / step.output.shape.dim(0) * n;
        Storage right = second(step);
        yield () -> backend.matmul(pairs, p, x, right, y);
      }
    };
  }

  private Runnable pass(Step step, Storage x, Storage y) {
    return backend.bind(passes -> call(passes, step, x, y));
  }

  private void call(Passes<Storage> passes, Step step, Storage x, Storage y) {
    int length = n * step.output.perPicture();
    int columns = step.output.shape.dim(-1);
    switch (step.action) {
      case Action.BatchNorm norm -> normalise(passes, norm, step, length, x, y);
      case Action.Elementwise(Unary f) -> passes.unary(f, length, x, y);
      case Action.LeakyRelu(double slope) -> passes.leakyRelu(length, slope, x, y);
      case Action.Elu(double scale, double alpha, double rate) ->
          passes.elu(length, scale, alpha, rate, x, y);
      case Action.Clamp clamp -> clamp(passes, clamp, length, x, y);
      case Action.Affine(double scale, double shift) -> passes.affine(length, scale, x, shift, y);
      case Action.Add(double scale) ->
          passes.linearCombination(length, 1, x, scale, second(step), y);
      case Action.AddRelu() -> passes.addRelu(length, x, second(step), y);
      case Action.Multiply() -> passes.multiply(length, x, second(step), y);
      case Action.Divide() -> passes.divide(length, x, second(step), y);
      case Action.Maximum() -> passes.maximum(length, x, second(step), y);
      case Action.Minimum() -> passes.minimum(length, x, second(step), y);
      case Action.Max(AxisProblem p) ->
          passes.maxPool(PoolProblem.ofColumns(ofPictures(p, step)), x, y);
      case Action.BroadcastAdd(AxisProblem p, double scale) ->
          passes.broadcastAdd(ofPictures(p, step), x, scale, second(step), y);
      case Action.BroadcastMultiply(AxisProblem p) ->
          passes.broadcastMultiply(ofPictures(p, step), x, second(step), y);
      case Action.Expand(AxisProblem p) -> passes.broadcast(ofPictures(p, step), 1, x, y);
      case Action.Sum(AxisProblem p, double scale) -> passes.sum(ofPictures(p, step), scale, x, y);
      case Action.Softmax() -> passes.softmax(length / columns, columns, x, y);
      case Action.LogSoftmax() -> passes.logSoftmax(length / columns, columns, x, y);
      case Action.MaxPool(PoolProblem p) -> passes.maxPool(p.withBatch(n), x, y);
      case Action.AveragePool(PoolProblem p, boolean countPad) ->
          passes.averagePool(p.withBatch(n), countPad, x, y);
      case Action.Resize(ResizeProblem p) -> passes.resize(p.withBatch(n), x, y);
      case Action.Transpose(TransposeProblem p) -> passes.transpose(p.withBatch(n), x, y);
      case Action.Gather(int _, GatherProblem p, double value) ->
          passes.gather(p.withOuter(p.outer() / step.output.shape.dim(0) * n), value, x, y);
      case Action.Conv2d _, Action.ConvTranspose2d _, Action.Linear _, Action.MatMul _ ->
          throw new IllegalStateException(step.action + " is no pass");
      case Action.Reshape _, Action.Concat _, Action.Slice _ ->
          throw new IllegalStateException(step.action + " is no pass");
    }
  }

  private Storage second(Step step) {
    return at(step.inputs.get(1));
  }

  /**
   * Returns a problem that was for all pictures for {@code n} of them. They are along the outer
   * axis, or what is repeated is repeated for each of them; or nothing is.
   */
  private AxisProblem ofPictures(AxisProblem p, Step step) {
    int batch = step.output.shape.dim(0);
    if (p.repeat() == 1) {
      return new AxisProblem(1, 1, p.bigSize() / batch * n);
    }
    return p.outer() > 1
        ? new AxisProblem(p.outer() / batch * n, p.repeat(), p.inner())
        : new AxisProblem(1, p.repeat() / batch * n, p.inner());
  }

  /** Copies each operand to its place in the rows of the result; that allocates nothing. */
  private Runnable concat(Step step, int axis) {
    Shape all = step.output.shape;
    int rows = all.size(0, axis) / all.dim(0) * n;
    int stride = all.size(axis, all.rank());
    Runnable[] copies = new Runnable[step.inputs.size()];
    int offset = 0;
    for (int i = 0; i < copies.length; i++) {
      Value part = step.inputs.get(i);
      int length = part.shape.size(axis, all.rank());
      copies[i] = copy(rows, length, part, 0, length, step.output, offset, stride);
      offset += length;
    }
    return () -> {
      for (Runnable copy : copies) {
        copy.run();
      }
    };
  }

  private Runnable slice(Step step, Action.Slice slice) {
    Value x = step.inputs.getFirst();
    int axis = slice.axis();
    int rank = x.shape.rank();
    int rows = x.shape.size(0, axis) / x.shape.dim(0) * n;
    int inner = x.shape.size(axis + 1, rank);
    int length = (slice.to() - slice.from()) * inner;
    int stride = x.shape.size(axis, rank);
    return copy(rows, length, x, slice.from() * inner, stride, step.output, 0, length);
  }

  private Runnable copy(
      int rows, int length, Value x, int from, int stride, Value y, int to, int toStride) {
    Storage source = at(x);
    Storage target = at(y);
    return () -> backend.copyRows(rows, length, source, from, stride, target, to, toStride);
  }

  private static void normalise(
      Passes<Storage> passes, Action.BatchNorm norm, Step step, int length, Storage x, Storage y) {
    int channels = norm.mean().size();
    passes.batchNormEval(
        new BatchNormProblem(length / channels, channels, norm.eps(), norm.relu()),
        x,
        step.scale().storage(),
        step.shift().storage(),
        norm.mean().storage(),
        norm.variance().storage(),
        y);
  }

  private static void clamp(
      Passes<Storage> passes, Action.Clamp clamp, int length, Storage x, Storage y) {
    int channels = clamp.low().size();
    AxisProblem p = new AxisProblem(1, length / channels, channels);
    passes.clamp(p, x, clamp.low().storage(), clamp.high().storage(), y);
  }
}
