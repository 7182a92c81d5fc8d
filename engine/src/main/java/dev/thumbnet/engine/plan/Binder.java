package dev.thumbnet.engine.plan;

import dev.thumbnet.engine.backend.AxisProblem;
import dev.thumbnet.engine.backend.Backend;
import dev.thumbnet.engine.backend.BatchNormProblem;
import dev.thumbnet.engine.backend.Passes;
import dev.thumbnet.engine.backend.PoolProblem;
import dev.thumbnet.engine.backend.ResizeProblem;
import dev.thumbnet.engine.backend.Storage;
import dev.thumbnet.engine.backend.Unary;
import dev.thumbnet.engine.op.Action;

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
    return slots[value.slot];
  }

  /** Returns what runs a step. */
  Runnable bind(Step step) {
    Storage x = at(step.inputs.getFirst());
    Storage y = at(step.output);
    return switch (step.action) {
      case Action.Conv2d _, Action.Linear _ ->
          step.prepared
              .on(backend)
              .bind(n, x, step.addsResidual ? at(step.inputs.getLast()) : null, y);
      case Action.Reshape() -> () -> {};
      default -> backend.bind(passes -> call(passes, step, x, y));
    };
  }

  private void call(Passes passes, Step step, Storage x, Storage y) {
    int length = n * step.output.perPicture();
    switch (step.action) {
      case Action.BatchNorm norm -> normalise(passes, norm, step, length, x, y);
      case Action.Elementwise(Unary f) -> passes.unary(f, length, x, y);
      case Action.LeakyRelu(double slope) -> passes.leakyRelu(length, slope, x, y);
      case Action.Clamp clamp -> clamp(passes, clamp, length, x, y);
      case Action.Add(double scale) ->
          passes.linearCombination(length, 1, x, scale, at(step.inputs.get(1)), y);
      case Action.AddRelu() -> passes.addRelu(length, x, at(step.inputs.get(1)), y);
      case Action.MaxPool(PoolProblem p) -> passes.maxPool(p.withBatch(n), x, y);
      case Action.AveragePool(PoolProblem p, boolean countPad) ->
          passes.averagePool(p.withBatch(n), countPad, x, y);
      case Action.Resize(ResizeProblem p) -> passes.resize(p.withBatch(n), x, y);
      case Action.Conv2d _, Action.Linear _, Action.Reshape _ ->
          throw new IllegalStateException(step.action + " is no pass");
    }
  }

  private static void normalise(
      Passes passes, Action.BatchNorm norm, Step step, int length, Storage x, Storage y) {
    int channels = norm.mean().size();
    passes.batchNormEval(
        new BatchNormProblem(length / channels, channels, norm.eps(), norm.relu()),
        x,
        step.scale.storage(),
        step.shift.storage(),
        norm.mean().storage(),
        norm.variance().storage(),
        y);
  }

  private static void clamp(Passes passes, Action.Clamp clamp, int length, Storage x, Storage y) {
    int channels = clamp.low().size();
    AxisProblem p = new AxisProblem(1, length / channels, channels);
    passes.clamp(p, x, clamp.low().storage(), clamp.high().storage(), y);
  }
}
