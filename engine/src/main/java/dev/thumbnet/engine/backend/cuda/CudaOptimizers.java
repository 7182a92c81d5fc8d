package dev.thumbnet.engine.backend.cuda;

import static dev.thumbnet.engine.backend.cuda.CudaQueue.flag;
import static dev.thumbnet.engine.backend.cuda.CudaQueue.real;
import static dev.thumbnet.engine.backend.cuda.ElementType.F32;

import dev.thumbnet.engine.backend.problem.AdamStep;
import dev.thumbnet.engine.backend.problem.SgdStep;
import org.jspecify.annotations.Nullable;

/** Steps of optimisers, in F32 always. */
final class CudaOptimizers {
  private final CudaQueue queue;

  CudaOptimizers(CudaQueue queue) {
    this.queue = queue;
  }

  void sgd(
      SgdStep step,
      int length,
      CudaStorage weight,
      CudaStorage gradient,
      @Nullable CudaStorage velocity) {
    long g = queue.read(gradient, length, F32);
    queue.launch(
        "sgd",
        length,
        length,
        real(step.lr()),
        real(step.momentum()),
        real(step.weightDecay()),
        flag(step.nesterov()),
        queue.update(weight),
        g,
        velocity == null ? 0 : queue.update(velocity));
  }

  void adam(
      AdamStep step,
      int length,
      CudaStorage weight,
      CudaStorage gradient,
      CudaStorage m,
      CudaStorage v) {
    double correction1 = 1 - Math.pow(step.beta1(), step.step());
    double correction2 = 1 - Math.pow(step.beta2(), step.step());
    long g = queue.read(gradient, length, F32);
    queue.launch(
        "adam",
        length,
        length,
        real(step.decoupled() ? step.lr() * step.weightDecay() : 0),
        real(step.decoupled() ? 0 : step.weightDecay()),
        real(step.beta1()),
        real(1 - step.beta1()),
        real(step.beta2()),
        real(1 - step.beta2()),
        real(step.lr() / correction1),
        real(Math.sqrt(correction2)),
        real(step.eps()),
        queue.update(weight),
        g,
        queue.update(m),
        queue.update(v));
  }
}
