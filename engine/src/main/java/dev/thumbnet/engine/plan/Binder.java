package dev.thumbnet.engine.plan;

import dev.thumbnet.engine.backend.AxisProblem;
import dev.thumbnet.engine.backend.Backend;
import dev.thumbnet.engine.backend.BatchNormProblem;
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
    int length = n * step.output.perPicture();
    return switch (step.action) {
      case Action.Conv2d _, Action.Linear _ ->
          step.prepared.bind(n, x, step.addsResidual ? at(step.inputs.getLast()) : null, y);
      case Action.BatchNorm norm -> normalisation(norm, step, length, x, y);
      case Action.Elementwise(Unary f) -> () -> backend.unary(f, length, x, y);
      case Action.LeakyRelu(double slope) -> () -> backend.leakyRelu(length, slope, x, y);
      case Action.Clamp clamp -> clamp(clamp, length, x, y);
      case Action.Add(double scale) -> {
        Storage other = at(step.inputs.get(1));
        yield () -> backend.linearCombination(length, 1, x, scale, other, y);
      }
      case Action.AddRelu() -> {
        Storage other = at(step.inputs.get(1));
        yield () -> backend.addRelu(length, x, other, y);
      }
      case Action.MaxPool(PoolProblem p) -> {
        PoolProblem problem = p.withBatch(n);
        yield () -> backend.maxPool(problem, x, y);
      }
      case Action.AveragePool(PoolProblem p, boolean countPad) -> {
        PoolProblem problem = p.withBatch(n);
        yield () -> backend.averagePool(problem, countPad, x, y);
      }
      case Action.Resize(ResizeProblem p) -> {
        ResizeProblem problem = p.withBatch(n);
        yield () -> backend.resize(problem, x, y);
      }
      case Action.Reshape() -> () -> {};
    };
  }

  private Runnable normalisation(
      Action.BatchNorm norm, Step step, int length, Storage x, Storage y) {
    int channels = norm.mean().size();
    BatchNormProblem p = new BatchNormProblem(length / channels, channels, norm.eps(), norm.relu());
    Storage scale = step.scale.storage();
    Storage shift = step.shift.storage();
    Storage mean = norm.mean().storage();
    Storage variance = norm.variance().storage();
    return () -> backend.batchNormEval(p, x, scale, shift, mean, variance, y);
  }

  private Runnable clamp(Action.Clamp clamp, int length, Storage x, Storage y) {
    int channels = clamp.low().size();
    AxisProblem p = new AxisProblem(1, length / channels, channels);
    Storage low = clamp.low().storage();
    Storage high = clamp.high().storage();
    return () -> backend.clamp(p, x, low, high, y);
  }
}
